import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createCurveReader } from '../../../../../src-main/runs/curves/curve-reader.ts'
import type { CurveRequest } from '../../../../../src-main/runs/curves/thin-curve.ts'
import { hasSeries } from '../../../../../src-main/store/history/series-file.ts'
import { labs } from '../../../../support/lab.ts'
import { makeFinishedRun } from '../../../../support/made-runs.ts'
import { shippedConfig } from '../../../../support/shipped-config.ts'
import { statSync } from 'node:fs'

const lab = labs()
const request: CurveRequest = {
  points: 100,
  along: 'step',
  places: ['step'],
  smoothing: 0,
  reduce: 'extremes',
}
const LOSS = 'Training/v1/loss'
const config = (seed: number) => shippedConfig('demo-cotrained', { name: 'read', seed })

describe('reading curves', () => {
  it('gives of long and short logs the wanted curves, in the order of the runs', async () => {
    const { store } = lab()
    const long = await makeFinishedRun(store, { config: config(1), skill: 0.5, points: 3000 })
    const short = await makeFinishedRun(store, { config: config(2), skill: 0.5, points: 120 })
    const reader = createCurveReader(store)
    const curves = await reader.read([long, short], [LOSS, 'no/such/key'], request)
    expect(curves.map(({ id, key, total }) => [id, key, total])).toEqual([
      [long, LOSS, 3000],
      [short, LOSS, 120],
    ])
    const again = await reader.read([long], [LOSS], request)
    expect(again[0]).toEqual(curves[0])
    await reader.close()
  })

  it('stores the columns of a long log when it prepares, and again when they are gone', async () => {
    const { store } = lab()
    const id = await makeFinishedRun(store, { config: config(3), skill: 0.5, points: 3000 })
    const stored = join(store.layout.series, `${id}.bin`)
    const bytes = statSync(store.files(id).events).size
    const reader = createCurveReader(store)
    await reader.prepare(id)
    expect(hasSeries(stored, bytes)).toBe(true)
    rmSync(stored)
    await reader.prepare(id)
    expect(hasSeries(stored, bytes)).toBe(true)
    await reader.close()
  })

  it('answers no more once it is closed', async () => {
    const { store } = lab()
    const id = await makeFinishedRun(store, { config: config(4), skill: 0.5, points: 3000 })
    const reader = createCurveReader(store)
    await reader.close()
    await expect(reader.read([id], [LOSS], request)).rejects.toThrow(/closed/)
  })
})
