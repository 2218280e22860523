import { screen, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import RobustnessTab from '../../../../../src-renderer/features/run/scores/RobustnessTab.vue'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import type { Result } from '../../../../../src-shared/contract/contract.ts'
import { demoRuns } from '../../../../support/fake-renderer/made-up-runs.ts'
import type { Answers } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { inApp } from '../../in-app.ts'

const [run, other] = demoRuns().map(({ summary }) => summary)
if (run === undefined || other === undefined) throw new Error('no demo runs')
const ACCURACY = 'Accuracy under corruption, percent'
const DIFFERENCE = 'Accuracy under corruption, difference in points'
const table = (more: Partial<Result<'runs.robustness'>> = {}): Result<'runs.robustness'> => ({
  id: run.id,
  baseline: null,
  clean: 95.34,
  corruptions: ['gaussian_noise', 'fog'],
  severities: [1, 2],
  accuracy: [
    [90, 80],
    [85, null],
  ],
  baselineAccuracy: null,
  atChance: [
    [false, false],
    [false, false],
  ],
  leftOut: 0,
  scores: { 'Robustness/mCE': 88.04, 'Robustness/mean_corrupted_accuracy': 85 },
  ...more,
})
const tab = (answer: Result<'runs.robustness'> = table(), answers: Answers = {}, props: object = {}) =>
  show(inApp(RobustnessTab), {
    props: { id: run.id, initialBaseline: '', ...props },
    answers: { 'runs.robustness': () => answer, ...answers },
  })
async function cells({ user }: Awaited<ReturnType<typeof tab>>, title: string): Promise<string[]> {
  await user.click(byRole('button', `${title}: table and export`))
  await user.click(byRole('menuitemcheckbox', 'Show as table'))
  return within(byRole('region', `${title} as a table`))
    .getAllByRole('row')
    .map((row) => [...row.children].map((cell) => cell.textContent).join('|'))
}
const facts = (): string[] => screen.getAllByRole('term').map((dt) => dt.parentElement?.textContent ?? '')

describe('the robustness of a run', () => {
  it('shows clean accuracy, the scores, and accuracy by corruption and severity', async () => {
    const shown = await tab()
    expect(facts()).toEqual([
      'Clean accuracy95.3 %',
      'Mean corruption error88.0% of baseline',
      'Mean corrupted accuracy85.0 %',
    ])
    expect(await cells(shown, ACCURACY)).toEqual([
      'Corruption|Severity 1|Severity 2',
      'Gaussian noise|90|80',
      'fog|85|',
    ])
  })

  it('shows the difference to another finished run', async () => {
    const shown = await tab(table(), {
      'runs.robustness': ({ baseline }) =>
        baseline === null
          ? table()
          : table({
              baseline,
              baselineAccuracy: [
                [88, 82],
                [85, 40],
              ],
            }),
    })
    const choice = byRole('combobox', 'Difference to') as HTMLSelectElement
    expect([...choice.options].map((option) => option.text.trim())).toEqual([
      'nothing, show accuracy',
      'demo shuffled control, seed 1000',
      'demo co-trained, seed 1000',
    ])
    await shown.user.selectOptions(choice, other.id)
    await settled()
    expect(shown.paramsOf('runs.robustness').at(-1)).toEqual({ id: run.id, baseline: other.id })
    expect(shown.text()).toContain('Blue: better than the baseline, brown: worse.')
    expect((await cells(shown, DIFFERENCE)).slice(1)).toEqual(['Gaussian noise|2|-2', 'fog|0|'])
  })

  it('begins with the baseline that it is given', async () => {
    const { paramsOf } = await tab(table(), {}, { initialBaseline: other.id })
    expect(paramsOf('runs.robustness')).toEqual([{ id: run.id, baseline: other.id }])
  })

  it('says how many cells are no better than guessing, and what that means for the scores', async () => {
    const atChance = [
      [false, true],
      [false, true],
    ]
    const one = await tab(
      table({
        atChance: [
          [false, true],
          [false, false],
        ],
      }),
    )
    expect(one.text()).toContain('Striped: 1 cell no better than guessing. A click')
    const two = await tab(table({ atChance, leftOut: 1 }))
    expect(two.text()).toContain(
      'Striped: 2 cells no better than guessing, 1 of them not in the scores against the baseline, which',
    )
    expect((await tab()).text()).not.toContain('Striped')
  })

  it('shows images with the corruption of a cell that is chosen, beside what it costs', async () => {
    const images = [{ index: 3, label: 'cat', clean: 'data:,a', corrupted: 'data:,b' }]
    const { user, paramsOf, text } = await tab(table(), {
      'runs.corruptionExamples': ({ corruption, severity }) => ({ corruption, severity, images }),
    })
    byRole('group', new RegExp(`^${ACCURACY}`)).focus()
    await user.keyboard('{Home}{End}{Enter}')
    await settled()
    expect(paramsOf('runs.corruptionExamples')).toEqual([
      { id: run.id, corruption: 'gaussian_noise', severity: 2, count: 8 },
    ])
    expect(text()).toContain('accuracy 80.0 %, 95.3 % on clean images')
    const list = within(byRole('list', 'Examples of Gaussian noise, severity 2'))
    expect(list.getAllByRole('img').map((img) => img.getAttribute('alt'))).toEqual([
      'Test image 3, cat, clean',
      'Test image 3 with Gaussian noise, severity 2',
    ])
  })

  it('says why there are no example images, and of a cell that was not measured no cost', async () => {
    const { user, text } = await tab(table(), {
      'runs.corruptionExamples': () => {
        throw new CotrainError({ code: 'data-missing', message: 'The images are gone.', hint: 'Find them.' })
      },
    })
    byRole('group', new RegExp(`^${ACCURACY}`)).focus()
    await user.keyboard('{Home}{End}{ArrowDown}{Enter}')
    await settled()
    expect(screen.getByRole('alert').textContent).toBe('No example imagesThe images are gone.Find them.')
    expect(byRole('heading', 'fog, severity 2').tagName).toBe('H2')
    expect(text()).not.toContain('on clean images')
  })

  it('says that there are no scores, that they load, or why they cannot be read', async () => {
    expect((await tab(table({ corruptions: [], accuracy: [] }))).text()).toContain('No robustness scores')
    await tab(table(), { 'runs.robustness': () => new Promise(() => undefined) })
    expect(screen.getAllByRole('status').map((s) => s.textContent)).toContain('Loading robustness')
    await tab(table(), {
      'runs.robustness': () => {
        throw new CotrainError({ code: 'internal', message: 'Damaged.', hint: 'Score it again.' })
      },
    })
    expect(screen.getByRole('alert').textContent).toBe('Damaged.Score it again.')
  })

  it('keeps the choice of the baseline when the difference to it cannot be shown', async () => {
    const { user } = await tab(table(), {
      'runs.robustness': ({ baseline }) => {
        if (baseline === null) return table()
        throw new CotrainError({ code: 'internal', message: 'That run has no scores.', hint: 'Score it.' })
      },
    })
    await user.selectOptions(byRole('combobox', 'Difference to'), other.id)
    await settled()
    expect((byRole('combobox', 'Difference to') as HTMLSelectElement).value).toBe(other.id)
  })
})
