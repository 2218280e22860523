import { describe, expect, it } from 'vitest'
import { compareRuns } from '../../../../../src-main/runs/compare/compare-runs.ts'
import { bestEpoch, curveScores, loggedEpoch } from '../../../../../src-main/runs/compare/taken-scores.ts'
import { openEventWriter } from '../../../../../src-main/store/history/event-writer.ts'
import { epochNotes } from '../../../../../src-shared/contract/compared-epochs.ts'
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

  it('are those at the end of an epoch, or of the last validation before it', async () => {
    const { store, id } = await trained()
    expect(curveScores(store, id, 'epoch-2')).toEqual({ [ACCURACY]: 90, [LOSS]: 0.5 })
    expect(curveScores(store, id, 'epoch-4')).toEqual({ [ACCURACY]: 80, [LOSS]: 0.4 })
    expect(curveScores(store, id, 'epoch-0')).toEqual({ [ACCURACY]: null, [LOSS]: null })
    expect([0, 1, 2, 4].map((epoch) => loggedEpoch(store, id, epoch))).toEqual([null, 1, 2, 4])
  })

  it('leave out runs that never got to the epoch, and say which', async () => {
    const { store, id, add } = await trained()
    const never = await add(9)
    const compared = compareRuns(store, { ids: [id, never], baseline: null, source: 'epoch-4' })
    expect(compared.loggedEpochs).toEqual([4, null])
    expect(compared.metrics.find((m) => m.key === ACCURACY)?.values).toEqual([80, null])
    expect(epochNotes(compared)).toEqual([
      'Left out, for no values were logged as far as epoch 4: seed 9 (seed 9).',
    ])
    const late = compareRuns(store, { ids: [id], baseline: null, source: 'epoch-5' })
    expect(late.metrics.find((m) => m.key === ACCURACY)?.values).toEqual([null])
    expect(epochNotes({ ...late, loggedEpochs: [3] })).toEqual([
      'Epoch 3 in place of 5, the last with a validation up to there: seed 1 (seed 1).',
    ])
    expect(epochNotes(compareRuns(store, { ids: [id], baseline: null, source: 'best' }))).toEqual([])
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
