import { memory } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Batch } from '../../../../../../src-main/engine/types.ts'
import type { LoaderOptions } from '../../../../../../src-main/engine/data/loaders/create-loader.ts'
import {
  createLoader,
  groupRepeats,
  labelledExamples,
  trialExamples,
} from '../../../../../../src-main/engine/data/loaders/create-loader.ts'
import type {
  InputRequest,
  InputSource,
} from '../../../../../../src-main/engine/data/loaders/input-source.ts'
import { createRng } from '../../../../../../src-shared/util/rng.ts'
import { useBackend } from '../../../../../support/backend.ts'

beforeAll(() => useBackend('cpu'))

/** Inputs of one pixel: position, draw and stream can be read back from the requests. */
function recorder(ahead = 0): { source: InputSource; requests: InputRequest[] } {
  const requests: InputRequest[] = []
  const prepare = (request: InputRequest): Float32Array => {
    requests.push(request)
    return Float32Array.from(request.positions)
  }
  return { requests, source: { shape: { height: 1, width: 1, channels: 1 }, views: 1, ahead, prepare } }
}

const clock = { now: () => 0, add: () => undefined }
const options = (more: Partial<LoaderOptions> = {}): LoaderOptions => ({
  key: 'a',
  batchSize: 4,
  shuffle: true,
  noise: { kind: 'each-pass', seed: 1 },
  clock,
  ...more,
})

async function drain(
  batches: AsyncIterable<Batch>,
): Promise<{ index: number[]; inputs: number[]; targets: number[]; sizes: number[] }> {
  const out = {
    index: [] as number[],
    inputs: [] as number[],
    targets: [] as number[],
    sizes: [] as number[],
  }
  for await (const batch of batches) {
    out.index.push(...batch.index)
    out.inputs.push(...batch.inputs.dataSync())
    out.targets.push(...batch.targets.dataSync())
    out.sizes.push(batch.index.length)
    batch.inputs.dispose()
    batch.targets.dispose()
  }
  return out
}

const positions = Int32Array.from([5, 2, 9, 0, 7, 3, 1, 8, 4, 6])
const labels = Int32Array.from({ length: 10 }, (_, i) => i * 10)

describe('createLoader', () => {
  it('shows every example once a pass, with its own label, and keeps the last short batch', async () => {
    const loader = createLoader(labelledExamples(positions, labels), recorder().source, options())
    const pass = await drain(loader.epoch(createRng(1)))
    expect(pass.sizes).toEqual([4, 4, 2])
    expect([loader.batches, loader.size]).toEqual([3, 10])
    expect([...pass.inputs].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    pass.inputs.forEach((position, i) =>
      expect([pass.targets[i], pass.index[i]]).toEqual([position * 10, position]),
    )
  })

  it('repeats order and streams for the same generator and changes both for another', async () => {
    const { source, requests } = recorder()
    const loader = createLoader(labelledExamples(positions, labels), source, options())
    const [first, again, other] = [
      await drain(loader.epoch(createRng(1))),
      await drain(loader.epoch(createRng(1))),
      await drain(loader.epoch(createRng(2))),
    ]
    expect(again).toEqual(first)
    expect(other.inputs).not.toEqual(first.inputs)
    expect(requests[0]?.stream).toBe(requests[3]?.stream)
    expect(requests[0]?.stream).not.toBe(requests[6]?.stream)
  })

  it('keeps order and noise fixed for evaluation', async () => {
    const { source, requests } = recorder()
    const loader = createLoader(
      labelledExamples(positions, labels),
      source,
      options({ shuffle: false, noise: { kind: 'fixed', seed: 77 } }),
    )
    const pass = await drain(loader.epoch(createRng(1)))
    expect(pass.inputs).toEqual(Array.from(positions))
    await drain(loader.epoch(createRng(2)))
    expect(new Set(requests.map((r) => r.stream))).toEqual(new Set([77]))
  })

  it('repeats each drawn example in a row with draws of its own', async () => {
    const { source, requests } = recorder()
    const loader = createLoader(labelledExamples(positions, labels), source, options({ repeats: 2 }))
    const pass = await drain(loader.epoch(createRng(3)))
    expect([loader.size, loader.batches]).toEqual([20, 5])
    for (let i = 0; i < 20; i += 2) expect(pass.inputs[i]).toBe(pass.inputs[i + 1])
    expect(Array.from(requests[0]?.draws ?? [])).toEqual([0, 1, 0, 1])
  })

  it('asks ahead without changing what is shown', async () => {
    const [here, ahead] = [recorder(0), recorder(2)]
    const pass = async (source: InputSource) =>
      drain(createLoader(labelledExamples(positions, labels), source, options()).epoch(createRng(4)))
    expect(await pass(ahead.source)).toEqual(await pass(here.source))
    const loader = createLoader(
      labelledExamples(positions, labels),
      recorderInto(ahead.requests, 2),
      options(),
    )
    ahead.requests.length = 0
    for await (const batch of loader.epoch(createRng(4))) {
      expect(ahead.requests).toHaveLength(3)
      batch.inputs.dispose()
      batch.targets.dispose()
      break
    }
  })

  it('leaves no tensor behind', async () => {
    const before = memory().numTensors
    await drain(
      createLoader(labelledExamples(positions, labels), recorder().source, options()).epoch(createRng(5)),
    )
    expect(memory().numTensors).toBe(before)
  })

  it('adds up the time that its consumer waits', async () => {
    let time = 0
    let waited = 0
    const slow: InputSource = {
      ...recorder().source,
      prepare: async (request) => {
        time += 5
        return Float32Array.from(request.positions)
      },
    }
    const clock = { now: () => time, add: (ms: number) => (waited += ms) }
    await drain(
      createLoader(labelledExamples(positions, labels), slow, options({ clock })).epoch(createRng(6)),
    )
    expect(waited).toBe(15)
  })
})

const recorderInto = (requests: InputRequest[], ahead: number): InputSource => ({
  shape: { height: 1, width: 1, channels: 1 },
  views: 1,
  ahead,
  prepare: (request) => {
    requests.push(request)
    return Float32Array.from(request.positions)
  },
})

describe('trialExamples', () => {
  it('pairs each trial with its image and the responses of all units', async () => {
    const imageIndex = Int32Array.from([3, 1, 2])
    const responses = Float32Array.from([0, 1, 10, 11, 20, 21])
    const loader = createLoader(
      trialExamples(Int32Array.from([2, 0]), { imageIndex, responses, units: 2 }),
      recorder().source,
      options({ shuffle: false }),
    )
    const pass = await drain(loader.epoch(createRng(1)))
    expect(pass).toEqual({ index: [2, 3], inputs: [2, 3], targets: [20, 21, 0, 1], sizes: [2] })
  })
})

describe('groupRepeats', () => {
  it('sorts trials by image and never splits the repeats of one', () => {
    const imageIndex = Int32Array.from([4, 2, 4, 2, 4, 1, 2])
    const grouped = groupRepeats(Int32Array.from([0, 1, 2, 3, 4, 5, 6]), imageIndex, 4)
    expect(Array.from(grouped.trials)).toEqual([5, 1, 3, 6, 0, 2, 4])
    expect(Array.from(grouped.starts)).toEqual([0, 4])
    const tight = groupRepeats(Int32Array.from([0, 1, 2, 3, 4, 5, 6]), imageIndex, 2)
    expect(Array.from(tight.starts)).toEqual([0, 1, 4])
  })
})
