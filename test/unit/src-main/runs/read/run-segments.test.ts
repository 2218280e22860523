import { describe, expect, it } from 'vitest'
import type { EngineProof } from '../../../../../src-shared/contract/engine-proof.ts'
import { compareRuns } from '../../../../../src-main/runs/compare/compare-runs.ts'
import type { BackendFacts } from '../../../../../src-main/runs/workers/engine-parts.ts'
import { executeRun } from '../../../../../src-main/runs/work/execute-run.ts'
import { runDetails } from '../../../../../src-main/runs/read/run-details.ts'
import { segmentsOf } from '../../../../../src-main/store/files/run-record.ts'
import { fakeEngine } from '../../../../support/fake-engine.ts'
import { type Lab, labs } from '../../../../support/lab.ts'

const lab = labs()

const backend = (changes: Partial<BackendFacts>): BackendFacts => ({
  name: 'native',
  reason: 'counts',
  tfVersion: '2.15.0',
  gpu: false,
  threads: 1,
  ...changes,
})

/** Works on the run with this engine until it is done, or until it has finished an epoch. */
async function work({ store }: Lab, id: string, facts: BackendFacts, untilEpochEnds = false): Promise<void> {
  await executeRun({
    store,
    id,
    parts: { ...fakeEngine, loadBackend: () => Promise.resolve(facts) },
    appVersion: '1.0.0',
    news: () => undefined,
    asked: () => (untilEpochEnds ? 'epoch' : 'no'),
  })
}

const PROVED: EngineProof = {
  key: { library: 'l', processor: 'p', driver: '', threads: 1, asked: {}, cases: 'c' },
  ...{ checked: 412, right: 412, repeatable: true, usable: true },
  setting: { env: {}, ownRoutes: [], bfloat16Sums: 'library' },
  ...{ off: [], faults: [], tried: [], ms: 1, at: 0 },
}

async function resumedOnMoreThreads(here: Lab, seed: number): Promise<string> {
  const id = await here.add(seed)
  await work(here, id, backend({ proof: PROVED }), true)
  expect(here.store.read(id).status).toBe('stopped')
  await here.store.write({ ...here.store.read(id), status: 'queued' })
  await work(here, id, backend({ threads: 2 }))
  return id
}

describe('the environment of a run', () => {
  it('is kept for every segment', async () => {
    const here = lab()
    const id = await resumedOnMoreThreads(here, 1)
    const { segments, environment } = runDetails(here.store, id)
    expect(segments.map((s) => [s.segment, s.environment.threads, s.environment.proof])).toEqual([
      [1, 1, '412 of 412 operations right, repeats bit-equal'],
      [2, 2, undefined],
    ])
    expect(environment?.threads).toBe(2)
  })

  it('keeps the names of cards that were there and computed nothing', async () => {
    const here = lab()
    const [without, beside] = [await here.add(8), await here.add(9)]
    const card = { uuid: 'GPU-a', name: 'H100' }
    const seen = { ...card, computeCapability: '9.0' }
    // Of several that a process sees nobody knows which one computes.
    const several = [seen, { ...seen, uuid: 'GPU-b' }]
    await work(here, without, backend({ gpu: true, unusedCards: [], cards: several }))
    await work(here, beside, backend({ gpu: true, unusedCards: ['NVIDIA A100'], cards: [seen] }))
    expect(runDetails(here.store, without).environment).not.toHaveProperty('unusedCards')
    expect(runDetails(here.store, without).environment).not.toHaveProperty('card')
    expect(runDetails(here.store, beside).environment?.unusedCards).toEqual(['NVIDIA A100'])
    expect(runDetails(here.store, beside).environment?.card).toEqual(card)
  })

  it('of a record of an earlier version is the last one that it kept', async () => {
    const here = lab()
    const id = await here.add(1)
    await work(here, id, backend({}))
    const { segments: _none, ...before } = here.store.read(id)
    await here.store.write({ ...before, segment: 3 })
    expect(segmentsOf(here.store.read(id))).toMatchObject([{ segment: 3, environment: { threads: 1 } }])
    const waiting = await here.add(2)
    expect(runDetails(here.store, waiting).segments).toEqual([])
  })

  it('marks resumed runs and mixed seeds in a comparison', async () => {
    const here = lab()
    const resumed = await resumedOnMoreThreads(here, 1)
    const other = await here.add(2)
    await work(here, other, backend({ name: 'wasm', tfVersion: '' }))
    const { continued, groups } = compareRuns(here.store, { ids: [resumed, other], baseline: null })
    expect(continued).toEqual({ [resumed]: '2 threads instead of 1 thread' })
    expect(groups.map(({ mixed }) => mixed?.map((text) => text.split(' on ')[0]))).toEqual([
      ['TensorFlow 2.15.0', 'embedded engine'],
    ])
  })

  it('leaves a comparison of runs of one machine without marks', async () => {
    const here = lab()
    const ids = [await here.add(1), await here.add(2)]
    for (const id of ids) await work(here, id, backend({}))
    const { continued, groups } = compareRuns(here.store, { ids, baseline: null })
    expect([continued, groups[0]?.mixed]).toEqual([undefined, undefined])
  })
})
