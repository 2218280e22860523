import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import { concat, maximum, tensor, tidy } from '@tensorflow/tfjs-core'
import { beforeAll, describe, it } from 'vitest'
import { buildLoss, buildWeighedLoss } from '../../../../../src-main/engine/loss/index.ts'
import type { ParamMap } from '../../../../../src-main/engine/types.ts'
import { fromRecipe, recipeHash } from '../../../../golden/golden-tensors.ts'
import { published, publishedNames } from '../../../../support/published/fixture.ts'
import type { TraceFixture } from '../../../../support/published/trace.ts'
import { expectTrace } from '../../../../support/published/trace.ts'
import { useBackend } from '../../../../support/backend.ts'

interface LossFixture extends TraceFixture {
  readonly loss: string
  readonly average: boolean
  /** With a learned weight, `log_w`. */
  readonly weighed: boolean
  readonly target: {
    readonly shape: readonly [number, number]
    readonly seed: number
    readonly classes: number
  }
}

beforeAll(() => useBackend())

function targetOf({ loss, target: { shape, seed, classes } }: LossFixture): Tensor {
  if (loss === 'CrossEntropyLoss')
    return tensor(
      Int32Array.from({ length: shape[0] }, (_, i) => recipeHash(i, seed) % classes),
      [shape[0]],
    )
  const { data } = fromRecipe({ shape, seed, scale: 2, offset: 1 })
  return tidy(() => maximum(tensor(data, [...shape]), 0))
}

/** The parameters of a distribution lie side by side here. */
const outputOf = (params: ParamMap): Tensor2D => {
  const parts = [...params].filter(([name]) => name !== 'log_w').map(([, value]) => value as Tensor2D)
  return parts.length === 1 ? (parts[0] as Tensor2D) : concat(parts, 1)
}

function lossOf(fixture: LossFixture, target: Tensor): (params: ParamMap) => Scalar {
  const options = { lossSum: !fixture.average, avgLoss: fixture.average }
  if (!fixture.weighed) {
    const loss = buildLoss(fixture.loss, options)
    return (params) => loss(outputOf(params), target)
  }
  const loss = buildWeighedLoss(fixture.loss, options)
  return (params) => loss(outputOf(params), target, params.get('log_w') as Tensor)
}

describe('values, gradients and three steps of the published losses', () => {
  for (const name of publishedNames('losses')) {
    const fixture = published<LossFixture>('losses', name)
    it(`${name}: ${fixture.called}`, async () => {
      const target = targetOf(fixture)
      await expectTrace(fixture, lossOf(fixture, target))
      target.dispose()
    })
  }
})
