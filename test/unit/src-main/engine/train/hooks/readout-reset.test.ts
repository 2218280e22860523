import { beforeAll, describe, expect, it } from 'vitest'
import type { NamedArrays } from '../../../../../../src-main/engine/types.ts'
import { useBackend } from '../../../../../support/backend.ts'
import { eventsOf, train } from '../../../../../support/small-training.ts'

/** A rate so small that only the module moves weights. */
const still = { optimizer_options: { lr: 1e-12, momentum: 0, weight_decay: 0 } }

function largestMove(a: NamedArrays, b: NamedArrays, isReadout: boolean): number {
  let move = 0
  for (const [name, { data }] of a) {
    if (name.includes('readout') !== isReadout || /running|moving/.test(name)) continue
    data.forEach((v, i) => (move = Math.max(move, Math.abs(v - (b.get(name)?.data[i] as number)))))
  }
  return move
}

describe('reset of the readout', () => {
  beforeAll(() => useBackend())

  it.each([[{ epoch: 1 }], [{ batch: 3 }]])(
    'draws the readout anew and leaves the core, %o',
    async (frequency) => {
      const initial = (await train({ config: { ...still, max_iter: 0 } })).result.weights
      const off = (await train({ config: { ...still, restore_best: false } })).result.weights
      const on = (
        await train({ config: { ...still, restore_best: false, reset_linear_frequency: frequency } })
      ).result.weights
      expect(largestMove(off, initial, true)).toBeLessThan(1e-6)
      expect(largestMove(on, initial, true)).toBeGreaterThan(0.01)
      expect(largestMove(on, initial, false)).toBeLessThan(1e-6)
    },
  )

  it('happens before every n-th epoch, the first included, and is marked', async () => {
    const { events } = await train({ config: { max_iter: 5, reset_linear_frequency: { epoch: 2 } } })
    expect(
      eventsOf(events, 'mark')
        .filter((m) => m.mark === 'reset')
        .map((m) => m.epoch),
    ).toEqual([0, 2, 4])
  })

  it('is refused where nothing has the name of a readout', async () => {
    const run = train({ config: { readout_name: 'fovea', reset_linear_frequency: { epoch: 1 } } })
    await expect(run).rejects.toThrow(/no parameter of the model has "fovea"/)
  })
})
