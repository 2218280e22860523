import type { Tensor4D } from '@tensorflow/tfjs-core'
import { abs, concat, reverse, slice, sub, transpose } from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { createRng } from '../../../../../../src-shared/util/rng.ts'
import { hermiteBasis } from '../../../../../../src-main/engine/model/cores/hermite-basis.ts'
import { rotationCore } from '../../../../../../src-main/engine/model/cores/rotation.ts'
import { initialValues } from '../../../../../../src-main/engine/model/index.ts'
import { createParamStore } from '../../../../../../src-main/engine/tensor/index.ts'
import { useBackend } from '../../../../../support/backend.ts'
import { normals } from '../../../../../support/tensors.ts'

beforeAll(() => useBackend())

test('the basis has a function per rank and phase, all of norm 1 and nearly orthogonal', () => {
  const { functions, count, points } = hermiteBasis(5, 4)
  expect(count).toBe(15)
  const size = points * points
  const product = (a: number, b: number): number => {
    let total = 0
    for (let i = 0; i < size; i++)
      total += (functions[a * size + i] as number) * (functions[b * size + i] as number)
    return total
  }
  for (let a = 0; a < count; a++) {
    expect(product(a, a)).toBeCloseTo(1, 9)
    for (let b = 0; b < a; b++) expect(Math.abs(product(a, b))).toBeLessThan(0.05)
  }
})

/** A quarter turn of maps: rows become columns. */
const quarter = (x: Tensor4D): Tensor4D => reverse(transpose(x, [0, 2, 1, 3]), 2)

test('turning the image turns the maps and moves them on to the next orientation', () => {
  const rotations = 4
  const channels = 2
  const core = rotationCore(
    { name: 'c', torch: 'c', block: 'core' },
    { height: 12, width: 12, channels: 1 },
    {
      hiddenChannels: channels,
      inputKernel: 5,
      hiddenKernel: 3,
      layers: 2,
      rotations,
      upsampling: 2,
      stride: 1,
      initStd: 0.1,
      padInput: true,
      batchNorm: true,
      momentum: 0.1,
      finalNonlinearity: true,
      linear: false,
      nonlinearity: 'AdaptiveELU',
      eluShift: [0, 0],
      stack: -1,
      gammaInput: 0,
      gammaHidden: 0,
      inputRegulariser: 'LaplaceL2norm',
      laplacePadding: null,
      averageRegulariser: true,
    },
  )
  const store = createParamStore(initialValues(core.specs, createRng(1)))
  const run = (x: Tensor4D) =>
    core.apply(x, store.tensors, { training: true, rng: createRng(2), frozenNorms: new Set() }, new Map())
  const x = normals([2, 12, 12, 1], 3) as Tensor4D
  const maps = run(x)
  const of = (r: number, y: Tensor4D): Tensor4D => slice(y, [0, 0, 0, r * channels], [-1, -1, -1, channels])
  const shifted = (by: number): Tensor4D =>
    concat(
      Array.from({ length: rotations }, (_, r) => of((r + by + rotations) % rotations, quarter(maps))),
      3,
    )
  const turned = run(quarter(x))
  const error = (expected: Tensor4D): number => Math.max(...abs(sub(turned, expected)).dataSync())
  expect(Math.min(error(shifted(1)), error(shifted(-1)))).toBeLessThan(1e-4)
  expect(error(shifted(0))).toBeGreaterThan(0.1)
})
