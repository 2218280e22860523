import type { Tensor } from '@tensorflow/tfjs-core'
import {
  add,
  fill,
  matMul,
  memory,
  mul,
  relu,
  reshape,
  scalar,
  sum,
  tensor,
  tile,
} from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { attr, nativeHandleCount } from '../../../../../../src-main/engine/tensor/base/native-ops.ts'
import { createReplayer, drawn, valueAndGrads } from '../../../../../../src-main/engine/tensor/index.ts'
import type { Made, Replayer } from '../../../../../../src-main/engine/tensor/index.ts'
import { createRng } from '../../../../../../src-shared/util/rng.ts'
import { nativeAvailable, useBackend } from '../../../../../support/backend.ts'
import { countIssued } from '../../../../../support/counted-binding.ts'
import { withOtherBinding } from '../../../../../support/other-binding.ts'
import type { SmallRun } from '../../../../../support/small-training.ts'
import { curves, differing, smallData, smallModel, train } from '../../../../../support/small-training.ts'

const isNative = await nativeAvailable()
const WEIGHTS = Float32Array.from({ length: 12 }, (_, i) => Math.sin(i))
const uniforms = (rng: ReturnType<typeof createRng>, count: number): Float32Array =>
  Float32Array.from({ length: count }, () => rng.uniform())

interface Given {
  readonly step: number
  readonly era?: number
  /** A number of the program. */
  readonly factor?: number
  /** Changes what the program does. */
  readonly compute?: (weights: Tensor, images: Tensor) => Tensor
}

/** Value and gradient of a small network with a random mask, from a replayer or (null) by the program. */
function resultOf(replayer: Replayer | null, { step, era = 0, factor = 1, compute }: Given): number[] {
  const rng = createRng(7).fork(step)
  const images = tensor(uniforms(createRng(step), 8), [2, 4])
  const weights = tensor(WEIGHTS, [4, 3])
  const program = (): Made<string> => {
    const { value, grads } = valueAndGrads(
      (params) => {
        const own = params.get('w') as Tensor
        const answer = compute?.(own, images) ?? relu(matMul(images, own))
        const mask = drawn(rng, { purpose: 'mask', shape: [2, 3], fill: uniforms })
        return sum(mul(mul(answer, mask), factor))
      },
      new Map([['w', weights]]),
      ['w'],
    )
    return { tensors: [value, ...grads.values()], beside: 'w' }
  }
  const given = [images, weights].map((one) => ({ value: () => one }))
  const { tensors, beside } = replayer?.run({ name: 'small', key: 'small', era, given, rng, compute: program }) ?? program() // prettier-ignore
  expect(beside).toBe('w')
  const values = tensors.flatMap((one) => [...one.dataSync()])
  for (const one of [...tensors, images, weights]) one.dispose()
  return values
}

/** A tensor that no step is given. */
let earlier: Tensor

beforeAll(async () => {
  await useBackend()
  earlier = add(scalar(1), 1)
})

describe.skipIf(!isNative)('a step that came twice', () => {
  it('may hold many equal numbers, as the gradient of a sum does, and many different ones', () => {
    const replayer = createReplayer()
    const compute = (w: Tensor, x: Tensor): Tensor => {
      const large = mul(tile(matMul(x, w), [400, 1]), fill([800, 3], 0.5))
      const ramp = tensor(
        Float32Array.from({ length: 2400 }, (_, i) => i / 2400),
        [800, 3],
      )
      return sum(reshape(mul(large, ramp), [400, 2, 3]), 0)
    }
    for (const step of [0, 1, 2, 3])
      expect(resultOf(replayer, { step, compute })).toEqual(resultOf(null, { step, compute }))
    expect(replayer.takeReasons()).toEqual([])
    replayer.dispose()
  })

  it('is one operation, with the numbers of its program on other images and with other random numbers', () => {
    const replayer = createReplayer()
    const operations: number[] = []
    for (let step = 0; step < 5; step++) {
      const { issued, stop } = countIssued()
      const found = resultOf(replayer, { step })
      stop()
      operations.push(issued.operations)
      expect(found).toEqual(resultOf(null, { step }))
    }
    expect(operations[0]).toBeGreaterThan(5)
    expect(operations.slice(2)).toEqual([1, 1, 1])
    expect(replayer.takeReasons()).toEqual([])
    replayer.dispose()
  })

  it('takes numbers of the program that change with the era', () => {
    const replayer = createReplayer()
    for (const era of [1, 2, 3])
      for (const step of [0, 1, 2, 3]) {
        const given = { step: 10 * era + step, era, factor: era < 3 ? 0.5 : 0.25 }
        expect(resultOf(replayer, given)).toEqual(resultOf(null, given))
      }
    replayer.dispose()
  })

  it('leaves no tensors and no functions behind', () => {
    resultOf(null, { step: 0 })
    const before = { tensors: memory().numTensors, handles: nativeHandleCount() }
    const replayer = createReplayer()
    for (const step of [0, 1, 2, 3]) resultOf(replayer, { step })
    replayer.dispose()
    expect({ tensors: memory().numTensors, handles: nativeHandleCount() }).toEqual(before)
  })

  it.each([
    ['whose numbers change from step to step', 'no two of them do the same', ({ step }: Given) => ({ step, factor: step + 1 })], // prettier-ignore
    ['that reads a value', 'it reads a value', ({ step }: Given) => ({ step, compute: (w: Tensor, x: Tensor) => mul(matMul(x, w), w.dataSync()[0]!) })], // prettier-ignore
    ['that works on what was not given', 'works on a tensor that was there before', ({ step }: Given) => ({ step, compute: (w: Tensor, x: Tensor) => add(matMul(x, w), earlier) })], // prettier-ignore
  ])('is done by its program and said: one %s', (_, reason, of) => {
    const replayer = createReplayer()
    for (const step of [0, 1, 2, 3])
      expect(resultOf(replayer, of({ step }))).toEqual(resultOf(null, of({ step })))
    const reasons = replayer.takeReasons()
    expect(reasons).toHaveLength(1)
    expect(reasons[0]).toContain(`steps of "small" are not replayed`)
    expect(reasons[0]).toContain(reason)
    replayer.dispose()
  })

  it('is done by its program where one operation of it does not compute the same', () => {
    const { stop } = withOtherBinding((library) => ({
      executeOp: (name, ...rest) => {
        const made = library.executeOp(name, ...rest)
        if (!name.startsWith('cotrain_step')) return made
        return made.flatMap(({ id }) => library.executeOp('Neg', [attr.type('T')], [id], 1))
      },
    }))
    const replayer = createReplayer()
    for (const step of [0, 1, 2, 3]) expect(resultOf(replayer, { step })).toEqual(resultOf(null, { step }))
    expect(replayer.takeReasons()).toEqual([expect.stringContaining('result 1 of 2 differs')])
    replayer.dispose()
    stop()
  })

  it('is done by its program where the library refuses its graph', () => {
    const { stop } = withOtherBinding(() => ({
      addFunction: () => {
        throw new Error('no such graph')
      },
    }))
    const replayer = createReplayer()
    for (const step of [0, 1, 2]) expect(resultOf(replayer, { step })).toEqual(resultOf(null, { step }))
    expect(replayer.takeReasons()).toEqual([expect.stringContaining('no such graph')])
    stop()
  })
})

const RUNS: readonly (readonly [string, SmallRun])[] = [
  ['a plain co-trained run', { config: { max_iter: 3 } as NonNullable<SmallRun['config']> }],
  [
    'a run whose batches are not all of one size, with dropout, clipping and noise',
    {
      data: smallData({ images: { count: 26, batch: 4 } }),
      model: smallModel({ dropout: { shared: 0.2, unshared: 0.2 } }),
      config: {
        optimizer: 'Adam',
        optimizer_options: { lr: 1e-3, amsgrad: true },
        grad_clip: 1,
        loss_weighing: true,
        avg_loss: undefined,
        noise_augmentation: { noise_std: { 0.1: 1 } },
      } as NonNullable<SmallRun['config']>,
    },
  ],
]

describe.skipIf(!isNative)('a run whose steps are replayed', () => {
  it.each(RUNS)('%s makes the same curves, weights and checkpoint as one whose are not', async (_, run) => {
    const counted = countIssued()
    const replayed = await train(run)
    counted.stop()
    const { stop } = withOtherBinding(() => ({ addFunction: undefined as never })) // as a binding without our part of it
    const plain = countIssued()
    const without = await train(run)
    plain.stop()
    stop()
    expect(counted.issued.operations).toBeLessThan(plain.issued.operations)
    expect(curves(replayed.events)).toEqual(curves(without.events))
    expect(differing(replayed.last.arrays, without.last.arrays)).toEqual([])
    expect(replayed.last.state).toEqual(without.last.state)
  })
})
