import type { Tensor } from '@tensorflow/tfjs-core'
import { dispose, grad, mean, mul, sum, tensor } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { testedBackends, useBackend } from '../../../../../support/backend.ts'
import { countIssued } from '../../../../../support/counted-binding.ts'

const SHAPE = [2, 3, 4]
const AXES: readonly (readonly number[])[] = [[0], [1, 2], [-1], [0, 1, 2]]

/** dy of each place is its number among the sums, from 1: the gradient at a place is that of the sum which it goes into. */
function expected(axes: readonly number[], isMean: boolean): number[] {
  const reduced = axes.map((axis) => (axis + SHAPE.length) % SHAPE.length)
  const kept = SHAPE.map((size, axis) => (reduced.includes(axis) ? 1 : size))
  const count = reduced.reduce((product, axis) => product * SHAPE[axis]!, 1)
  const places = Array.from({ length: 24 }, (_, i) => [Math.floor(i / 12), Math.floor(i / 4) % 3, i % 4])
  return places.map((place) => {
    const at = place.reduce((index, k, axis) => index * kept[axis]! + (kept[axis] === 1 ? 0 : k), 0)
    return Math.fround((at + 1) / (isMean ? count : 1))
  })
}

describe.each(await testedBackends())('gradients of sum and mean, %s', (name) => {
  beforeAll(() => useBackend(name))

  for (const axes of AXES)
    for (const reduce of [sum, mean])
      it(`of ${reduce.name.replace(/_+(op)?$/, '')} over ${axes.join()} go to what went into it`, () => {
        const x = tensor(new Float32Array(24).fill(0.5), SHAPE)
        const weighted = (t: Tensor): Tensor => {
          const reduced: Tensor = reduce(t, [...axes])
          const weights = tensor(
            Float32Array.from({ length: reduced.size }, (_, i) => i + 1),
            reduced.shape,
          )
          return sum(mul(reduced, weights))
        }
        const found = grad(weighted)(x)
        expect([...found.dataSync()]).toEqual(expected(axes, reduce === mean))
        dispose([x, found])
      })

  it.skipIf(name !== 'native')('upload nothing as large as what was reduced', () => {
    const x = tensor(new Float32Array(24), SHAPE)
    dispose(mul(x, x))
    const { issued, stop } = countIssued()
    const found = grad((t: Tensor) => sum(t))(x)
    stop()
    // Shapes and numbers alone: TensorFlow.js would upload a list of 24 ones.
    expect(issued.largest).toBeLessThan(24)
    dispose([x, found])
  })
})
