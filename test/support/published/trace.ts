import type { Scalar } from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import type { OptimizerName } from '../../../src-main/engine/optim/index.ts'
import { createOptimizer } from '../../../src-main/engine/optim/index.ts'
import { createParamStore, valueAndGrads } from '../../../src-main/engine/tensor/index.ts'
import { disposeAll } from '../../../src-main/engine/train/epoch/gradients.ts'
import type { NamedArray, ParamMap } from '../../../src-main/engine/types.ts'
import { fromRecipe } from '../../golden/golden-tensors.ts'
import { largest } from './checksum.ts'
import type { ShortRecipe } from './fixture.ts'
import { asRecipe } from './fixture.ts'

/** Three steps of an optimizer on bare tensors: test/golden/make/traces.py says how the numbers come about. */
export interface TraceFixture {
  readonly called: string
  readonly optimizer: { readonly name: OptimizerName; readonly options: Readonly<Record<string, unknown>> }
  readonly tensors: Readonly<Record<string, ShortRecipe>>
  readonly losses: readonly number[]
  readonly gradients: Readonly<Record<string, readonly number[]>>
  readonly after: readonly Readonly<Record<string, readonly number[]>>[]
}

/** Rounding of float32, whose unit is 6e-8, relative to the largest number of a tensor. */
const TOLERANCE = { losses: 1e-5, gradients: 1e-4, after: 1e-5 }

/** How a tensor lies here and there; the same unless said. */
export interface Layout {
  readonly ours: (published: NamedArray) => NamedArray
  readonly published: (ours: ArrayLike<number>) => ArrayLike<number>
}

const SAME: Layout = { ours: (array) => array, published: (values) => values }

/** Minimises a loss of ours as the published one was, and expects the same numbers at every step. */
export async function expectTrace(
  fixture: TraceFixture,
  loss: (params: ParamMap) => Scalar,
  layout: Layout = SAME,
): Promise<void> {
  const names = Object.keys(fixture.tensors)
  const store = createParamStore(
    new Map(Object.entries(fixture.tensors).map(([n, r]) => [n, layout.ours(fromRecipe(asRecipe(r)))])),
  )
  const optimizer = createOptimizer(fixture.optimizer, store, names)
  for (const [step, expectedLoss] of fixture.losses.entries()) {
    const { value, grads } = valueAndGrads(loss, store.tensors, names)
    expectClose(`loss ${step}`, value.dataSync(), [expectedLoss], TOLERANCE.losses)
    if (step === 0) {
      for (const [name, expected] of Object.entries(fixture.gradients)) {
        const found = layout.published(grads.get(name)?.dataSync() ?? [])
        expectClose(`gradient of ${name}`, found, expected, TOLERANCE.gradients)
      }
    }
    optimizer.update(grads)
    value.dispose()
    disposeAll(grads)
    const stored = await store.read()
    for (const [name, expected] of Object.entries(fixture.after[step] ?? {}))
      expectClose(
        `${name} after step ${step}`,
        layout.published(stored.get(name)?.data ?? []),
        expected,
        TOLERANCE.after,
      )
  }
  optimizer.dispose()
  store.dispose()
}

/** Each value within the tolerance, relative to the largest expected one. */
export function expectClose(
  what: string,
  found: ArrayLike<number>,
  expected: readonly number[],
  tolerance: number,
): void {
  expect(found.length, what).toBe(expected.length)
  const limit = tolerance * largest(expected)
  expected.forEach((e, i) => {
    const message = `${what}[${i}]: ${found[i]}, published ${e}`
    expect(Math.abs((found[i] as number) - e), message).toBeLessThanOrEqual(limit)
  })
}
