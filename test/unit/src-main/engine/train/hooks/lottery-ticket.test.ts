import { beforeAll, describe, expect, it } from 'vitest'
import {
  percentile,
  pruneMasks,
  roundPercentile,
} from '../../../../../../src-main/engine/train/hooks/lottery-ticket.ts'
import type { NamedArrays } from '../../../../../../src-main/engine/types.ts'
import { useBackend } from '../../../../../support/backend.ts'
import { eventsOf, smallModel, train } from '../../../../../support/small-training.ts'

const weightNames = (part: 'core' | 'readout'): readonly string[] =>
  smallModel()
    .specs.filter((s) => s.role === 'weight' && s.name.includes('readout') === (part === 'readout'))
    .map((s) => s.name)

function zeroShare(weights: NamedArrays, names: readonly string[]): number {
  const all = names.flatMap((name) => [...(weights.get(name)?.data ?? [])])
  return all.filter((w) => w === 0).length / all.length
}

const still = { optimizer_options: { lr: 1e-12, momentum: 0, weight_decay: 0 } }

describe('lottery ticket pruning', () => {
  beforeAll(() => useBackend())

  it('leaves the asked share of core weights at zero to the end, and the readout whole', async () => {
    const config = {
      max_iter: undefined,
      lottery_ticket: { rounds: 3, round_length: 1, percent_to_prune: 60 },
    }
    const { result, events } = await train({ config })
    const without = await train({ config: { max_iter: 3 } })
    expect(zeroShare(result.weights, weightNames('core'))).toBeCloseTo(0.6, 1)
    expect(zeroShare(result.weights, weightNames('readout'))).toBe(0)
    expect(zeroShare(without.result.weights, weightNames('core'))).toBe(0)
    expect(
      eventsOf(events, 'mark')
        .filter((m) => m.mark === 'prune')
        .map((m) => m.epoch),
    ).toEqual([0, 1, 2])
  })

  it('takes survivors and biases back to where they started', async () => {
    const start = (await train({ config: { max_iter: 1 } })).result.weights
    // The rate falls to nothing after the first epoch, so that what the second pruning gives stays.
    const config = {
      max_iter: 2,
      restore_best: false,
      scheduler: 'manual',
      scheduler_options: { milestones: [1] },
      lr_decay: 1e-12,
      optimizer_options: { lr: 0.05, momentum: 0, weight_decay: 0 },
      lottery_ticket: { rounds: 2, round_length: 1, percent_to_prune: 50 },
    }
    const { result } = await train({ config, start })
    for (const name of weightNames('core')) {
      const [before, after] = [start.get(name)?.data ?? [], result.weights.get(name)?.data ?? []]
      const kept = [...after].map((w, i) => [w, before[i] as number] as const).filter(([w]) => w !== 0)
      expect(kept.length).toBeGreaterThan(0)
      for (const [w, w0] of kept) expect(w).toBeCloseTo(w0, 6)
    }
  })

  it('draws new values instead, where asked', async () => {
    const start = (await train({ config: { max_iter: 1 } })).result.weights
    const options = { rounds: 1, round_length: 1, percent_to_prune: 0, reinit: true }
    const { result } = await train({ config: { ...still, lottery_ticket: options }, start })
    const [name = ''] = weightNames('core')
    expect([...(result.weights.get(name)?.data ?? [])]).not.toEqual([...(start.get(name)?.data ?? [])])
    expect(zeroShare(result.weights, weightNames('core'))).toBe(0)
  })
})

describe('what is pruned', () => {
  it('removes the same share of survivors each round', () => {
    expect(roundPercentile(80, 1)).toBeCloseTo(80, 10)
    expect(100 * (1 - (1 - roundPercentile(80, 3) / 100) ** 3)).toBeCloseTo(80, 10)
  })

  it('takes percentiles with linear interpolation, as numpy', () => {
    expect(percentile(Float32Array.of(4, 1, 3, 2), 50)).toBeCloseTo(2.5, 6)
    expect(percentile(Float32Array.of(1, 2, 3), 25)).toBeCloseTo(1.5, 6)
  })

  it('compares within each tensor, or over all of them', () => {
    const weights = new Map([
      ['small', Float32Array.of(0.1, -0.2, 0.3, 0.4)],
      ['large', Float32Array.of(1, -2, 3, 0)],
    ])
    const masks = (global: boolean) => [...pruneMasks(weights, 50, global).values()].map((m) => [...m])
    expect(masks(false)).toEqual([
      [0, 0, 1, 1],
      [0, 1, 1, 0],
    ])
    expect(masks(true)).toEqual([
      [0, 0, 0, 1],
      [1, 1, 1, 0],
    ])
  })
})
