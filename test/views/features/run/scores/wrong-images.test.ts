import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import WrongImages from '../../../../../src-renderer/features/run/scores/WrongImages.vue'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import type { WorstImages } from '../../../../../src-shared/contract/run-answers.ts'
import type { Answers } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'

const id = 'a'.repeat(64)
const classNames = ['cat', 'dog', 'fox']
const image = (index: number, more: Partial<WorstImages['images'][number]> = {}) => ({
  index,
  truth: 0,
  answer: 2,
  probability: 0.034,
  confidence: 0.912,
  png: 'data:image/png;base64,AA==',
  ...more,
})
const worst = (more: Partial<WorstImages> = {}): WorstImages => ({
  classNames,
  tested: 10_000,
  found: 2,
  order: 'confidence',
  images: [image(7), image(9, { truth: 1, answer: 0, confidence: 0.99951, png: null })],
  problems: [],
  ...more,
})
const wrong = (
  answer: WorstImages | null,
  answers: Answers = {},
  cell: object = { truth: null, answer: null },
) =>
  show(WrongImages, {
    props: { id, classNames, ...cell },
    answers: { 'runs.worstImages': () => answer, ...answers },
  })
const items = (): string[] => screen.getAllByRole('listitem').map((li) => li.textContent ?? '')

describe('the worst-classified images', () => {
  it('shows each image with its true class, what it was taken for and how sure', async () => {
    const { text } = await wrong(worst())
    expect(text()).toContain('2 images, surest mistake first; 10 000 were tested.')
    expect(screen.getByRole('img').getAttribute('alt')).toBe('Test image 7: cat, taken for fox')
    expect(items()).toEqual(['cat→ fox91.2 %', '9dog→ cat99.95 %'])
    expect(screen.getByTitle(/^Probability of the answer 91.2 %, of the true class 3.4 %$/).textContent).toBe(
      '91.2 %',
    )
  })

  it('says the probability of the true class where that of the answer was not kept', async () => {
    const { text } = await wrong(worst({ order: 'probability', images: [image(7, { confidence: null })] }))
    expect(text()).toContain('1 of 2 shown, least probability of the true class first')
    expect(items()).toEqual(['cat→ foxtrue 3.4 %'])
  })

  it('speaks of one image in the singular', async () => {
    const { text } = await wrong(worst({ images: [image(7)], found: 1 }))
    expect(text()).toContain('1 image, surest mistake first')
  })

  it('asks for one cell of the confusion, and for all mistakes again', async () => {
    const { user, paramsOf, emitted } = await wrong(worst())
    expect(screen.queryByRole('button', { name: 'All mistakes' })).toBeNull()
    await user.selectOptions(byRole('combobox', 'True class'), 'dog')
    await user.selectOptions(byRole('combobox', 'Taken for'), 'fox')
    await settled()
    expect(paramsOf('runs.worstImages').at(-1)).toEqual({ id, limit: 60, truth: 1, answer: 2 })
    await user.click(byRole('button', 'All mistakes'))
    await settled()
    expect(paramsOf('runs.worstImages').at(-1)).toEqual({ id, limit: 60, truth: null, answer: null })
    expect(emitted.map(({ name, values }) => [name, values[0]])).toEqual([
      ['update:truth', 1],
      ['update:answer', 2],
      ['update:truth', null],
      ['update:answer', null],
    ])
  })

  it('shows more on request, up to two hundred, and begins anew for another class', async () => {
    const many = ({ limit }: { limit: number }) =>
      worst({ found: 1500, images: Array.from({ length: limit }, (_, i) => image(i)) })
    const { user, paramsOf, text } = await wrong(null, { 'runs.worstImages': many })
    expect(text()).toContain('60 of 1500 shown')
    for (const limit of [120, 180, 200]) {
      await user.click(byRole('button', 'Show more'))
      await settled()
      expect(paramsOf('runs.worstImages').at(-1)?.limit).toBe(limit)
    }
    expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull()
    await user.selectOptions(byRole('combobox', 'True class'), 'cat')
    await settled()
    expect(paramsOf('runs.worstImages').at(-1)).toEqual({ id, limit: 60, truth: 0, answer: null })
  })

  it('says that no image is wrong, at all or in this cell', async () => {
    const none = worst({ found: 0, images: [] })
    expect((await wrong(none)).text()).toContain('No test image is wrong.')
    const cell = await wrong(none, {}, { truth: 0, answer: 1 })
    expect(cell.text()).toContain('No test image of this class was taken for that one.')
  })

  it('says that no answers were kept', async () => {
    expect((await wrong(null)).text()).toContain('No answers were kept')
  })

  it('says why images cannot be shown, and still lists the answers', async () => {
    const problem = { code: 'data-missing', message: 'The set is gone.', hint: 'Find it again.' }
    const { text } = await wrong(worst({ problems: [problem], images: [image(7, { png: null })] }))
    expect(text()).toContain('The answers are here, the images are notThe set is gone.Find it again.')
    expect(items()).toContain('7cat→ fox91.2 %')
  })

  it('says why it cannot ask', async () => {
    await wrong(null, {
      'runs.worstImages': () => {
        throw new CotrainError({ code: 'internal', message: 'Damaged.', hint: 'Score it again.' })
      },
    })
    expect(screen.getByRole('alert').textContent).toBe('The images cannot be shownDamaged.Score it again.')
  })
})
