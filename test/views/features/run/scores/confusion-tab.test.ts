import { screen, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import ConfusionTab from '../../../../../src-renderer/features/run/scores/ConfusionTab.vue'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import type { Answers } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'

const id = 'a'.repeat(64)
const CATS = {
  classNames: ['cat', 'dog', 'fox'],
  counts: [
    [8, 2, 0],
    [1, 19, 5],
    [0, 0, 0],
  ],
}
const tab = (confusion: typeof CATS | null = CATS, answers: Answers = {}) =>
  show(ConfusionTab, { props: { id }, answers: { 'runs.confusion': () => confusion, ...answers } })
const pairs = (): string[] =>
  within(byRole('region', 'Most frequent confusions'))
    .getAllByRole('row')
    .slice(1)
    .map((row) => [...row.children].map((cell) => cell.textContent?.trim()).join(' '))
const matrix = (): HTMLElement => byRole('group', /^Test images by true and predicted class/)
const TABLE = 'Test images by true and predicted class'

describe('the confusion of a run', () => {
  it('lists the mistakes, most frequent first, with their share of the class', async () => {
    const { paramsOf } = await tab()
    expect(paramsOf('runs.confusion')).toEqual([{ id }])
    expect(pairs()).toEqual(['dog fox 5 20.0 %', 'cat dog 2 20.0 %', 'dog cat 1 4.0 %'])
  })

  it('shows the images of a mistake that is clicked', async () => {
    const { user, paramsOf } = await tab()
    await user.click(screen.getByTitle('Show the images of dog taken for fox'))
    await settled()
    expect(paramsOf('runs.worstImages').at(-1)).toMatchObject({ truth: 1, answer: 2 })
    expect((byRole('combobox', 'True class') as HTMLSelectElement).selectedOptions[0]?.text).toBe('dog')
  })

  it('shows the images of a cell that is reached by keyboard', async () => {
    const { user, paramsOf } = await tab()
    matrix().focus()
    await user.keyboard('{ArrowRight}{ArrowDown}{ArrowRight}{ArrowRight}{ArrowRight}{Enter}')
    await settled()
    expect(paramsOf('runs.worstImages').at(-1)).toMatchObject({ truth: 1, answer: 2 })
  })

  it('gives the numbers as images or as share of the class', async () => {
    const { user } = await tab()
    await user.click(byRole('button', `${TABLE}: table and export`))
    await user.click(byRole('menuitemcheckbox', 'Show as table'))
    const rows = (): string[] =>
      within(byRole('region', `${TABLE} as a table`))
        .getAllByRole('row')
        .map((row) => [...row.children].map((cell) => cell.textContent).join('|'))
    expect(rows()).toEqual([
      'True class|Predicted class cat|Predicted class dog|Predicted class fox',
      'cat|8|2|0',
      'dog|1|19|5',
      'fox|0|0|0',
    ])
    await user.click(byRole('radio', 'Share of class'))
    expect(rows().slice(1)).toEqual(['cat|80|20|0', 'dog|4|76|20', 'fox|||'])
  })

  it('counts the kinds of mistakes beyond thirty', async () => {
    const classNames = Array.from({ length: 7 }, (_, i) => `c${i}`)
    const { text } = await tab({ classNames, counts: classNames.map(() => classNames.map(() => 1)) })
    expect(pairs()).toHaveLength(30)
    expect(text()).toContain('30 of 42 kinds of mistakes; the CSV file of the matrix has all.')
  })

  it('says that no image was taken for another class', async () => {
    const { text } = await tab({
      ...CATS,
      counts: [
        [8, 0, 0],
        [0, 9, 0],
        [0, 0, 7],
      ],
    })
    expect(text()).toContain('No image was taken for another class.')
  })

  it('says that there is no matrix, that it loads, or why it cannot be read', async () => {
    expect((await tab(null)).text()).toContain('No confusion matrix')
    await tab(CATS, { 'runs.confusion': () => new Promise(() => undefined) })
    expect(screen.getByRole('status').textContent).toBe('Loading the confusion matrix')
    await tab(CATS, {
      'runs.confusion': () => {
        throw new CotrainError({ code: 'internal', message: 'Damaged.', hint: 'Score it again.' })
      },
    })
    expect(screen.getByRole('alert').textContent).toBe('Damaged.Score it again.')
  })
})
