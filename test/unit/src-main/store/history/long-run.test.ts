import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { curvesOfRun } from '../../../../../src-main/runs/curves/curves-of-run.ts'
import { runDetails } from '../../../../../src-main/runs/read/run-details.ts'
import { openRunStore } from '../../../../../src-main/store/run-store.ts'
import { openEventWriter } from '../../../../../src-main/store/history/event-writer.ts'
import { disk, labs } from '../../../../support/lab.ts'

const EPOCHS = 100_000
const POINTS = 800
const lab = labs()

describe('a run of 100,000 epochs', () => {
  it('is listed, opened and drawn whole: first, last, least and greatest values stay, answers stay small', async () => {
    const { store, add, home } = lab()
    const id = await add(1)
    const { events } = store.files(id)
    const writer = openEventWriter(events)
    for (let epoch = 1; epoch <= EPOCHS; epoch++) {
      const place = { segment: 1, at: epoch, step: epoch, epoch }
      const loss = epoch === 77_777 ? -5 : 1 + 1 / epoch
      writer.add({ kind: 'metrics', ...place, images: epoch, values: { 'Training/v1/loss': loss } })
      writer.add({ kind: 'mark', mark: 'checkpoint', ...place, text: '' })
    }
    writer.close()
    await store.write({ ...store.read(id), status: 'finished', segment: 1, epoch: EPOCHS, epochs: EPOCHS })
    const again = openRunStore({ home, disk })
    expect(again.list().runs.map(({ epoch }) => epoch)).toEqual([EPOCHS])
    const places = ['step'] as const
    const request = { points: POINTS, along: 'step', places, smoothing: 0, reduce: 'extremes' } as const
    const keys = ['Training/v1/loss']
    for (const history of [again.history(id), openRunStore({ home, disk }).history(id)]) {
      const [curve] = curvesOfRun(history, { id, keys, request })
      expect(curve).toMatchObject({ total: EPOCHS, min: -5, max: 2, start: 1, last: 1 + 1 / EPOCHS })
      expect(curve?.step[0]).toBe(1)
      expect(curve?.step.at(-1)).toBe(EPOCHS)
      expect(curve?.value).toContain(-5)
      expect(curve!.step.length).toBeLessThanOrEqual(2 * POINTS + 2)
    }
    expect(JSON.stringify(runDetails(again, id)).length).toBeLessThan(20_000)
    // What is kept to read it faster is smaller than the log.
    expect(statSync(join(again.layout.series, `${id}.bin`)).size).toBeLessThan(statSync(events).size / 2)
  })
})
