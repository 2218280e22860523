import { describe, expect, it } from 'vitest'
import { compareRuns } from '../../../../../src-main/runs/compare/compare-runs.ts'
import { bestEpoch, curveScores } from '../../../../../src-main/runs/compare/taken-scores.ts'
import { openEventWriter } from '../../../../../src-main/store/history/event-writer.ts'
import type { RunEvent } from '../../../../../src-shared/contract/run.ts'
import { labs } from '../../../../support/lab.ts'

const lab = labs()
const ACCURACY = 'Validation/img_classification/eval'
const LOSS = 'Training/img_classification/loss'

async function trained() {
  const here = lab()
  const id = await here.add(1)
  const writer = openEventWriter(here.store.files(id).events)
  const add = (event: object): void => writer.add({ segment: 1, at: 1, ...event } as RunEvent)
  const values = (step: number, accuracy: number | null, loss: number | null) =>
    add({
      kind: 'metrics',
      step,
      epoch: step / 10,
      images: step,
      values: { [ACCURACY]: accuracy, [LOSS]: loss, 'Odd/unknown': 1 },
    })
  values(10, 60, 0.9)
  values(20, 90, 0.5)
  add({ kind: 'mark', mark: 'best', step: 20, epoch: 2, text: '' })
  values(30, 95, null)
  values(40, 80, 0.4)
  writer.close()
  return { ...here, id }
}

describe('scores from curves', () => {
  it('are the last, the best of each curve, or those at the best validation score', async () => {
    const { store, id } = await trained()
    expect(curveScores(store, id, 'last')).toEqual({ [ACCURACY]: 80, [LOSS]: 0.4 })
    expect(curveScores(store, id, 'best')).toEqual({ [ACCURACY]: 95, [LOSS]: 0.4 })
    expect(curveScores(store, id, 'at-best')).toEqual({ [ACCURACY]: 90, [LOSS]: 0.5 })
    expect(bestEpoch(store, id)).toBe(2)
  })

  it('are what the comparison shows when they are chosen', async () => {
    const { store, id } = await trained()
    const compared = compareRuns(store, { ids: [id], baseline: null, source: 'at-best' })
    expect(compared.source).toBe('at-best')
    expect(compared.metrics.find((m) => m.key === ACCURACY)?.values).toEqual([90])
    expect(compared.bestEpochs).toEqual([2])
  })

  it('are missing where training marked no best epoch, and a last value that was not finite is none', async () => {
    const here = lab()
    const id = await here.add(2)
    const writer = openEventWriter(here.store.files(id).events)
    const event = { kind: 'metrics', segment: 1, at: 1, step: 1, epoch: 1, images: 1 }
    writer.add({ ...event, values: { [LOSS]: 3 } } as RunEvent)
    writer.add({ ...event, step: 2, values: { [LOSS]: null } } as RunEvent)
    writer.close()
    expect(curveScores(here.store, id, 'at-best')).toEqual({ [LOSS]: null })
    expect(curveScores(here.store, id, 'last')).toEqual({ [LOSS]: null })
    expect(curveScores(here.store, id, 'best')).toEqual({ [LOSS]: 3 })
  })
})
