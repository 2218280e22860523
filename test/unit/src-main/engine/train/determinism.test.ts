import { beforeAll, describe, expect, it } from 'vitest'
import { cotrain } from '../../../../../src-main/engine/train/cotrain.ts'
import { rulesOf } from '../../../../../src-main/engine/train/index.ts'
import type { Hook } from '../../../../../src-main/engine/train/hooks/hook.ts'
import type { NamedArrays } from '../../../../../src-main/engine/types.ts'
import { useBackend } from '../../../../support/backend.ts'
import {
  curves,
  differing,
  resolvedTrainer,
  SMALL_CONFIG,
  smallData,
  smallModel,
  train,
} from '../../../../support/small-training.ts'

async function weightsWith(hooks: readonly Hook[], validationBatch = 8): Promise<NamedArrays> {
  const trainer = resolvedTrainer('cotrainer', SMALL_CONFIG)
  const setup = {
    data: smallData({ validationBatch }),
    model: smallModel(),
    trainer,
    seed: 1,
    start: null,
    checkpoint: null,
    now: () => 0,
    stopRequest: () => 'no' as const,
  }
  const run = cotrain(setup, rulesOf(trainer, []), { hooks: () => hooks, keep: null })
  for (;;) {
    const { done, value } = await run.next()
    if (done === true) return value.weights
  }
}

/** Draws from its stream at every chance and changes nothing. */
const drawing: Hook = {
  name: 'drawing',
  beforeEpoch: ({ rng }) => (rng.normal(), null),
  beforeBatch: ({ rng }) => (rng.permutation(7), null),
  inputs: (inputs, { rng }) => (rng.uniform(), inputs.clone()),
}

describe('random streams of training', () => {
  beforeAll(() => useBackend())

  it('give the same run for the same seed, bit for bit', async () => {
    const [a, b] = [await train({ seed: 3 }), await train({ seed: 3 })]
    expect(differing(a.result.weights, b.result.weights)).toEqual([])
    expect(differing(a.last.arrays, b.last.arrays)).toEqual([])
    expect(curves(b.events)).toEqual(curves(a.events))
    expect(b.result.scores).toEqual(a.result.scores)
  })

  it('give another run for another seed', async () => {
    const [a, b] = [await train({ seed: 3 }), await train({ seed: 4 })]
    expect(differing(a.result.weights, b.result.weights).length).toBeGreaterThan(10)
  })

  it('are not moved by a module that draws numbers', async () => {
    expect(differing(await weightsWith([]), await weightsWith([drawing]))).toEqual([])
  })

  it('are not moved by the batch size of validation', async () => {
    expect(differing(await weightsWith([], 8), await weightsWith([], 5))).toEqual([])
  })

  it('are not moved by the final suite or by checkpoints', async () => {
    const quiet = {
      add_final_train_eval: false,
      add_final_test_eval: false,
      chkpt_options: { save_every_n: 2 },
    }
    const [a, b] = [await train(), await train({ config: quiet })]
    expect(differing(a.result.weights, b.result.weights)).toEqual([])
  })

  it('give one session the same batches whether or not another task is trained', async () => {
    const seen = async (tasks: readonly ('v1' | 'img_classification')[]): Promise<number[][]> => {
      const data = smallData({ tasks })
      const rows: number[][] = []
      const loaders = data.train['img_classification']
      for (const [key, loader] of loaders ?? []) {
        const spy = {
          ...loader,
          async *epoch(rng: Parameters<typeof loader.epoch>[0]) {
            for await (const batch of loader.epoch(rng)) {
              rows.push([...batch.index])
              yield batch
            }
          },
        }
        const train_ = { ...data.train, img_classification: new Map([[key, spy]]) }
        const losses = Object.fromEntries(
          tasks.map((t) => [t, t === 'v1' ? 'PoissonLoss' : 'CrossEntropyLoss']),
        )
        const config = { loss_functions: losses, add_final_train_eval: false, avg_loss: undefined }
        await train({ data: { ...data, train: train_ }, config })
      }
      return rows
    }
    expect(await seen(['img_classification'])).toEqual(await seen(['v1', 'img_classification']))
  })
})
