import { screen, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import ImagesTab from '../../../../../src-renderer/features/data/set/ImagesTab.vue'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import type { Params, Result } from '../../../../../src-shared/contract/contract.ts'
import { DATA_SETS } from '../../../../support/fake-renderer/made-up-data.ts'
import type { Answers } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'

const [images, neural] = DATA_SETS
type Preview = Result<'data.preview'>
const image = (index: number) => ({ index, label: 'cat', png: 'AAAA' })
const preview = (more: Partial<Preview> = {}): Preview => ({
  images: Array.from({ length: 48 }, (_, i) => image(i)),
  total: 1000,
  parts: ['train', 'test'],
  part: 'train',
  classCounts: [
    { name: 'cat', count: 600 },
    { name: 'dog', count: 400 },
  ],
  responseHistogram: [],
  ...more,
})
const tab = (answer: Preview = preview(), answers: Answers = {}, props: object = {}) =>
  show(ImagesTab, {
    props: { set: images, ...props },
    answers: { 'data.preview': () => answer, ...answers },
  })
const choice = (name: string): HTMLSelectElement => byRole('combobox', name) as HTMLSelectElement
const range = (): string | null => screen.getByRole('status').textContent
const last = (calls: Params<'data.preview'>[]): object | undefined => calls.at(-1)

describe('the images of a set', () => {
  it('are a sample over all at first, with the classes beside them', async () => {
    const { paramsOf, text } = await tab()
    expect(paramsOf('data.preview')).toEqual([{ id: 'mnist', images: 48, order: 'spread', from: 0 }])
    expect(within(byRole('list', 'Images')).getAllByRole('img')).toHaveLength(48)
    expect(range()).toBe('48 of 1,000 images')
    expect(text()).toContain('Images per class, train')
    expect(text()).toContain('1,000 images in 2 classes; the largest class has 1.5 times the smallest')
    expect(screen.queryByRole('button', { name: 'Later images' })).toBeNull()
  })

  it('can be chosen by part and class', async () => {
    const { user, paramsOf } = await tab()
    await user.selectOptions(choice('Part'), 'test')
    await user.selectOptions(choice('Class'), 'dog (400)')
    await settled()
    expect(last(paramsOf('data.preview'))).toMatchObject({ part: 'test', label: 'dog' })
    await user.selectOptions(choice('Class'), 'all')
    await settled()
    expect(last(paramsOf('data.preview'))).not.toHaveProperty('label')
  })

  it('come page by page in the order of the file', async () => {
    const { user, paramsOf } = await tab(preview({ total: 130 }), {
      'data.preview': ({ from }) =>
        preview({ total: 130, images: preview().images.slice(0, Math.min(48, 130 - from)) }),
    })
    await user.selectOptions(choice('Show'), 'In the order of the file')
    await settled()
    expect(range()).toBe('1 to 48 of 130 images')
    expect(byRole('button', 'Earlier images').title).toBe('This is the first page')
    await user.click(byRole('button', 'Later images'))
    await settled()
    await user.click(byRole('button', 'Later images'))
    await settled()
    expect(last(paramsOf('data.preview'))).toMatchObject({ order: 'file', from: 96 })
    expect(range()).toBe('97 to 130 of 130 images')
    expect(byRole('button', 'Later images').title).toBe('This is the last page')
    await user.click(byRole('button', 'Earlier images'))
    await settled()
    expect(last(paramsOf('data.preview'))).toMatchObject({ from: 48 })
  })

  it('need no pages where all of them fit on one', async () => {
    const { user } = await tab(preview({ total: 48 }))
    await user.selectOptions(choice('Show'), 'In the order of the file')
    await settled()
    expect(range()).toBe('1 to 48 of 48 images')
    expect(screen.queryByRole('button', { name: 'Later images' })).toBeNull()
  })

  it('begin anew on the first page with another class', async () => {
    const { user, paramsOf } = await tab()
    await user.selectOptions(choice('Show'), 'In the order of the file')
    await settled()
    await user.click(byRole('button', 'Later images'))
    await settled()
    await user.selectOptions(choice('Class'), 'cat (600)')
    await settled()
    expect(last(paramsOf('data.preview'))).toMatchObject({ label: 'cat', from: 0 })
  })

  it('of a recording can be ordered by response, and show how all responses are spread', async () => {
    const answer = preview({
      ...{ classCounts: [], parts: ['s1', 's2'], part: 's1', responsesBeyond: { below: 0, above: 1200 } },
      responseHistogram: [{ low: 0, high: 1, count: 7 }],
    })
    const { user, paramsOf, text } = await tab(answer, {}, { set: neural })
    expect([...choice('Show').options].map((option) => option.text.trim())).toEqual([
      'A sample over all',
      'In the order of the file',
      'Strongest mean response first',
      'Weakest mean response first',
    ])
    expect(text()).toContain('Responses, s1')
    expect(text()).toContain('Single trials of all units; 1,200 above the bars are not shown')
    await user.selectOptions(choice('Session'), 's2')
    await user.selectOptions(choice('Show'), 'Strongest mean response first')
    await settled()
    expect(last(paramsOf('data.preview'))).toMatchObject({ part: 's2', order: 'strongest' })
  })

  it('of a finding are shown alone', async () => {
    const answer = preview({ images: [image(3), image(7)] })
    const { user, paramsOf, emitted, change } = await tab(answer, {}, { at: [3, 7], place: 'test' })
    expect(last(paramsOf('data.preview'))).toMatchObject({ part: 'test', at: [3, 7] })
    expect(range()).toBe('2 images of a finding')
    expect(screen.queryByRole('combobox', { name: 'Show' })).toBeNull()
    await user.click(byRole('button', 'Show all images'))
    expect(emitted).toEqual([{ name: 'all', values: [] }])
    await change({ at: [], place: '' })
    expect(last(paramsOf('data.preview'))).toEqual({ id: 'mnist', images: 48, order: 'spread', from: 0 })
  })

  it('say that none fits, or that all classes are equal', async () => {
    const even = [
      { name: 'cat', count: 5 },
      { name: 'dog', count: 5 },
    ]
    const { text } = await tab(preview({ images: [], total: 0, classCounts: even }))
    expect(text()).toContain('No image fits this choice')
    expect(text()).toContain('10 images, all classes equal')
  })

  it('say why they cannot be shown, and try again', async () => {
    let isBroken = true
    const { user } = await tab(preview(), {
      'data.preview': () => {
        if (isBroken) throw new CotrainError({ code: 'data-missing', message: 'Gone.', hint: 'Find them.' })
        return preview()
      },
    })
    expect(screen.getByRole('alert').textContent).toContain('Gone.Find them.')
    isBroken = false
    await user.click(byRole('button', 'Try again'))
    await settled()
    expect(range()).toBe('48 of 1,000 images')
  })
})
