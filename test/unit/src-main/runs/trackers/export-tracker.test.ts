import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { exportTracker } from '../../../../../src-main/runs/trackers/export-tracker.ts'
import { trackedRunOf } from '../../../../../src-main/runs/trackers/tracked-run-of.ts'
import { labs } from '../../../../support/lab.ts'
import { makeFinishedRun } from '../../../../support/made-runs.ts'
import { shippedConfig } from '../../../../support/shipped-config.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const lab = labs()

/** As long as those of laboratories: longer than a name of a file. */
const LONG = 'Reizwiederholungsmittelung mit Augenbewegungsartefaktkorrektur '.repeat(3)

async function finished() {
  const { store } = lab()
  const config = shippedConfig('demo-cotrained', { seed: 1, name: LONG, tags: ['paper'] })
  return { store, id: await makeFinishedRun(store, { config, skill: 0.5, points: 40 }) }
}

it('shows a tracker every point of every curve, all options and final scores', async () => {
  const { store, id } = await finished()
  const run = trackedRunOf(store, id)
  const { series } = store.history(id).read()
  expect(run.curves.map(({ key, points }) => [key, points.length])).toEqual(
    [...series.keys].map(([key, { value }]) => [key, value.length]),
  )
  expect(run.options.get('model.fn')).toBe('mtl_builder')
  expect(run.options.get('seed')).toBe(1)
  expect([...run.scores]).toEqual(Object.entries(store.read(id).scores))
  expect(run).toMatchObject({ status: 'finished', tags: ['paper'], name: expect.stringMatching(/, seed 1$/) })
  expect(run.units[0]?.values).toHaveLength(60)
})

it.each(['tensorboard', 'mlflow'] as const)(
  'puts runs beside each other in a folder for %s',
  async (tracker) => {
    const { store, id } = await finished()
    const other = await makeFinishedRun(store, {
      config: shippedConfig('demo-cotrained', { seed: 2, name: LONG }),
      skill: 0.5,
    })
    const to = join(temporaryFolder(), 'runs')
    const first = await exportTracker(store, { id, to, tracker })
    await exportTracker(store, { id: other, to, tracker })
    const runs = tracker === 'mlflow' ? join(to, readdirSync(to)[0] ?? '') : to
    expect(readdirSync(runs).filter((name) => name !== 'meta.yaml')).toHaveLength(2)
    if (tracker === 'mlflow') {
      expect(existsSync(join(runs, 'meta.yaml'))).toBe(true)
      expect(readFileSync(join(first, 'params/model.fn'), 'utf8')).toBe('mtl_builder')
    } else expect(readdirSync(first)).toEqual([expect.stringMatching(/^events\.out\.tfevents\./)])
  },
)

it('overwrites nothing and leaves nothing half written', async () => {
  const { store, id } = await finished()
  const to = temporaryFolder()
  await exportTracker(store, { id, to, tracker: 'tensorboard' })
  await expect(exportTracker(store, { id, to, tracker: 'tensorboard' })).rejects.toThrow(/exists already/)
  expect(readdirSync(to)).toHaveLength(1)
})
