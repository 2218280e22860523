import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import DifferencePanel from '../../../../src-renderer/features/editor/DifferencePanel.vue'
import { useEditor } from '../../../../src-renderer/stores/editor.ts'
import { BASELINE_YAML, COTRAINED_YAML, configOf } from '../../../support/fake-renderer/made-up-configs.ts'
import { demoRuns, detailOf } from '../../../support/fake-renderer/made-up-runs.ts'
import type { Answers, Shown } from '../../../support/show.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { words } from '../compare/small-comparison.ts'
import { inApp } from '../in-app.ts'

const rows = (): string[] => screen.queryAllByRole('listitem').map(words)
const PATIENCE = ['trainer', 'config', 'patience']

/** The config of the demo, with changes, beside the panel. */
async function opened(
  changes: readonly [readonly string[], unknown][],
  answers: Answers = {},
): Promise<Shown> {
  const page = await show(inApp(DifferencePanel), { answers })
  const editor = useEditor()
  await editor.loadPresets()
  editor.open(COTRAINED_YAML, 'the demo')
  for (const [path, value] of changes) editor.set(path, value)
  await settled()
  return page
}
async function compareWith({ user }: Shown, name: RegExp): Promise<void> {
  await user.click(byRole('button', 'Compare with another'))
  await user.click(byRole('option', name))
  await settled()
}

describe('the differences of the config', () => {
  it('are none as long as nothing was changed', async () => {
    const { text } = await opened([])
    expect(text()).toContain('Against the demo')
    expect(text()).toContain('Every option is the same.')
  })

  it('are listed with both values, lead to their field and are taken back one by one', async () => {
    const { user, emitted, text } = await opened([
      [PATIENCE, 9],
      [['seed'], 7],
    ])
    expect(rows()).toEqual(
      expect.arrayContaining(['Patiencethere 5 → , here 9', 'Seedthere 1000 → , here 7']),
    )
    await user.click(byRole('link', 'Patience'))
    expect(emitted).toEqual([{ name: 'go', values: ['trainer.config.patience'] }])
    await user.click(byRole('button', 'Take back Patience'))
    expect(rows()).toEqual(['Seedthere 1000 → , here 7'])
    expect(useEditor().config?.trainer.config).toMatchObject({ patience: 5 })
    await user.click(byRole('button', 'Take it back'))
    expect(useEditor().config).toEqual(configOf(COTRAINED_YAML))
    expect(text()).toContain('Every option is the same.')
  })

  it('are taken back all at once, as one step', async () => {
    const { user, text } = await opened([
      [PATIENCE, 9],
      [['seed'], 7],
    ])
    await user.click(byRole('button', 'Take back all 2'))
    expect(text()).toContain('Every option is the same.')
    useEditor().undo()
    await settled()
    expect(rows()).toHaveLength(2)
  })

  it('are told against a preset as well, and against what the config was made from again', async () => {
    const page = await opened([[PATIENCE, 9]])
    await compareWith(page, /^Demo: classification only/)
    expect(page.text()).toContain('Against Demo: classification only')
    expect(rows().find((r) => r.startsWith('Data set'))).toContain('Images → , here Images and responses')
    await compareWith(page, /^the demo/)
    expect(rows()).toEqual(['Patiencethere 5 → , here 9'])
  })

  it('are told against a run, whose config is asked of the service', async () => {
    const page = await opened([[PATIENCE, 9]])
    await compareWith(page, /^demo baseline, seed 1000/)
    const [baseline] = demoRuns()
    expect(page.paramsOf('runs.get')).toEqual([{ id: baseline?.summary.id }])
    expect(page.text()).toContain('Against demo baseline, seed 1000')
    expect(rows().find((r) => r.startsWith('Patience'))).toContain('there 10 → , here 9')
    await page.user.click(byRole('button', 'Take back Patience'))
    expect(useEditor().config?.trainer.config).toMatchObject({ patience: 10 })
  })

  it('wait for a config without problems', async () => {
    const { text } = await opened([[PATIENCE, -3]])
    expect(text()).toContain('Mend the problems of the config first.')
    expect(rows()).toEqual([])
  })

  it('start from the new experiment as it began', async () => {
    const { text } = await show(inApp(DifferencePanel))
    const editor = useEditor()
    editor.startAnew()
    await settled()
    expect(text()).toContain('Against the new experiment as it began')
    editor.change(BASELINE_YAML, 'yaml')
    await settled()
    expect(rows().length).toBeGreaterThan(3)
  })

  const refuse = (): never => {
    throw new CotrainError({ code: 'run-missing', message: 'There is no such run.', hint: 'It was removed.' })
  }

  it('say why a run could not be read', async () => {
    const page = await opened([[PATIENCE, 9]], { 'runs.get': refuse })
    await compareWith(page, /^demo baseline, seed 1000/)
    expect(page.text()).toContain('There is no such run.')
    await compareWith(page, /^Demo: classification only/)
    expect(page.text()).not.toContain('There is no such run.')
    expect(rows()).not.toEqual([])
  })

  it('cannot be told from a config that has problems itself, which is said', async () => {
    const page = await opened([])
    const editor = useEditor()
    editor.open(COTRAINED_YAML.replace('max_iter: 12', 'max_iter: -1'), 'a broken file')
    editor.change(COTRAINED_YAML, 'yaml')
    await settled()
    expect(page.text()).toContain(
      'The config of a broken file has problems: choose another one to compare with.',
    )
  })

  it('are never those against another run than the one that is named', async () => {
    const [baseline] = demoRuns()
    if (baseline === undefined) throw new Error('there is a demo run')
    const page = await opened([[PATIENCE, 9]], {
      'runs.get': ({ id }) => (id === baseline.summary.id ? detailOf(baseline, []) : refuse()),
    })
    await compareWith(page, /^demo baseline, seed 1000/)
    await compareWith(page, /^demo shuffled control, seed 1000/)
    expect(page.text()).toContain('Against demo shuffled control, seed 1000')
    expect(rows().filter((r) => r.startsWith('Data set'))).toEqual([])
    expect(page.text()).toContain('There is no such run.')
  })
})
