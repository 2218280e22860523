import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { abs, add, fill, sub, tensor, zeros } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { createRng } from '../../../../../../src-shared/util/rng.ts'
import { attentionReadout } from '../../../../../../src-main/engine/model/readouts/attention.ts'
import { deterministicGaussian2d } from '../../../../../../src-main/engine/model/readouts/deterministic-gaussian2d.ts'
import { fullGaussian2d } from '../../../../../../src-main/engine/model/readouts/full-gaussian2d.ts'
import {
  laplacePyramid,
  pyramidFilter,
} from '../../../../../../src-main/engine/model/readouts/point-pyramid2d.ts'
import { pointPooled2d } from '../../../../../../src-main/engine/model/readouts/point-pooled2d.ts'
import type { Readout, ReadoutSite } from '../../../../../../src-main/engine/model/readouts/readout.ts'
import { ultraSparse } from '../../../../../../src-main/engine/model/readouts/ultra-sparse.ts'
import { initialValues } from '../../../../../../src-main/engine/model/index.ts'
import type { ForwardContext } from '../../../../../../src-main/engine/types.ts'
import { useBackend } from '../../../../../support/backend.ts'
import { normals } from '../../../../../support/tensors.ts'

beforeAll(() => useBackend())

const SITE: ReadoutSite = {
  place: { name: 'r', torch: 'r', block: 'readout' },
  input: { height: 3, width: 5, channels: 4 },
  units: 2,
}
const CONTEXT: ForwardContext = { training: false, rng: createRng(1), frozenNorms: new Set() }
const first = (readout: Readout, changed: Readonly<Record<string, Tensor>> = {}): Map<string, Tensor> => {
  const values = [...initialValues(readout.specs, createRng(1))].map(([name, a]): [string, Tensor] => [
    name,
    tensor(a.data as Float32Array, [...a.shape]),
  ])
  return new Map([...values, ...Object.entries(changed).map(([n, t]): [string, Tensor] => [`r.${n}`, t])])
}
const near = (actual: ArrayLike<number>, expected: readonly number[]): void =>
  expected.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, 4))

/** Value of a map at a cell. */
const cell = (map: Tensor4D, y: number, x: number, c: number): number => {
  const [, , width, channels] = map.shape
  return map.dataSync()[(y * width + x) * channels + c] as number
}

describe('point readout on pools', () => {
  const readout = (poolSteps: number): Readout =>
    pointPooled2d(SITE, { initRange: 0.1, poolSteps, poolKernel: 3, bias: false, gamma: 0 })

  test('has a weight for each channel of each level', () => {
    expect(readout(1).specs.map(({ shape }) => shape.reduce((n, side) => n * side, 1))).toContain(16)
  })
  test('refuses a pool that is larger than the map before it', () => {
    expect(() => readout(2)).toThrow(/pool step 2 of the point readout, which reads 1 x 1/)
  })
})

describe('ultra-sparse readout', () => {
  const image = () => normals([1, 3, 5, 4], 2) as Tensor4D

  test('reads single points of the volume', () => {
    const readout = ultraSparse(SITE, {
      initMuRange: 0.1,
      initSigmaRange: 0.1,
      filters: 1,
      sharedMean: false,
      fixedSigma: true,
      bias: false,
      gamma: 1,
    })
    const map = image()
    // unit 0: x 3, y 1, channel 2; unit 1: x 0, y 2, half way between channels 0 and 1
    const mu = tensor([
      [0.5, 0, 1 / 3],
      [-1, 1, -2 / 3],
    ])
    const params = first(readout, { mu, features: tensor([[2], [1]]) })
    const expected = [2 * cell(map, 1, 3, 2), (cell(map, 2, 0, 0) + cell(map, 2, 0, 1)) / 2]
    near(readout.apply(map, params, CONTEXT).dataSync(), expected)
  })

  test('adds up the points of a unit, which may share their place', () => {
    const readout = ultraSparse(SITE, {
      initMuRange: 0.1,
      initSigmaRange: 0.1,
      filters: 2,
      sharedMean: true,
      fixedSigma: true,
      bias: false,
      gamma: 1,
    })
    const map = image()
    const mu_ch = tensor([[-1], [1], [1], [-1 / 3]]) // first points of both units, then their second points
    const params = first(readout, {
      mu_xy: tensor([
        [0, 0],
        [1, -1],
      ]),
      mu_ch,
      features: tensor([
        [1, 10],
        [1, 10],
      ]),
    })
    const expected = [
      cell(map, 1, 2, 0) + 10 * cell(map, 1, 2, 3),
      cell(map, 0, 4, 3) + 10 * cell(map, 0, 4, 1),
    ]
    near(readout.apply(map, params, CONTEXT).dataSync(), expected)
  })
})

test('an attention readout without preference averages the map', () => {
  const readout = attentionReadout(SITE, { initNoise: 1, layers: 1, kernel: 1, bias: false, gamma: 1 })
  const map = normals([1, 3, 5, 4], 2) as Tensor4D
  const params = first(readout, {
    'attention.conv1.weight': zeros([1, 1, 4, 2]),
    features: tensor([
      [1, 0, 0, 0],
      [0, 0, 3, 0],
    ]),
  })
  const mean = (c: number): number => {
    let total = 0
    for (let y = 0; y < 3; y++) for (let x = 0; x < 5; x++) total += cell(map, y, x, c)
    return total / 15
  }
  near(readout.apply(map, params, CONTEXT).dataSync(), [mean(0), 3 * mean(2)])
})

test('a narrow Gaussian mask reads its cell, a wide one the mean', () => {
  const readout = deterministicGaussian2d(SITE, {
    initMuRange: 0.1,
    initSigma: 1,
    positive: false,
    bias: false,
    gamma: 1,
  })
  const map = normals([1, 3, 5, 4], 2) as Tensor4D
  const features = tensor([
    [1, 0],
    [0, 1],
    [0, 0],
    [0, 0],
  ])
  const params = first(readout, {
    mu: tensor([
      [1, -0.5],
      [0, 0],
    ]),
    log_var: tensor([-12, 12]),
    features,
  })
  let mean = 0
  for (let y = 0; y < 3; y++) for (let x = 0; x < 5; x++) mean += cell(map, y, x, 1) / 15
  near(readout.apply(map, params, CONTEXT).dataSync(), [cell(map, 2, 1, 0), mean]) // position: row first
})

test('levels of the pyramid add up to the map when nothing is halved', () => {
  const map = normals([1, 6, 7, 2], 2) as Tensor4D
  const levels = laplacePyramid(map, pyramidFilter('gauss5x5'), { scales: 3, downsample: false })
  const total = levels.reduce((a, b) => add(a, b))
  expect(Math.max(...abs(sub(total, map)).dataSync())).toBeLessThan(1e-5)
})

test('halved levels of the pyramid see nothing but the low-pass rest of a flat map away from its border', () => {
  const levels = laplacePyramid(fill([1, 33, 33, 1], 2), pyramidFilter('laplace5x5'), {
    scales: 2,
    downsample: true,
  })
  expect(levels.map((l) => l.shape.slice(1, 3))).toEqual([
    [33, 33],
    [17, 17],
    [9, 9],
  ])
  const centre = (level: Tensor4D): number =>
    cell(level, (level.shape[1] - 1) / 2, (level.shape[2] - 1) / 2, 0)
  near(levels.map(centre), [0, 0, 2])
})

test('positions predicted from cortex are centred and scaled coordinates through the network', () => {
  const source = { values: [0, 0, 4, 2], dimensions: 2 }
  const readout = fullGaussian2d(SITE, {
    initMuRange: 0.1,
    initSigma: 0.1,
    gaussType: 'full',
    bias: false,
    gamma: 1,
    predictor: { source, hiddenLayers: 0, hiddenFeatures: 3, finalTanh: false },
  })
  expect([...(first(readout).get('r.source_grid')?.dataSync() ?? [])]).toEqual([-1, -0.5, 1, 0.5])
  const map = normals([1, 3, 5, 4], 2) as Tensor4D
  const identity = {
    'mu_transform.0.weight': tensor([
      [1, 0],
      [0, 2],
    ]),
    'mu_transform.0.bias': zeros([2]),
  }
  const features = tensor([
    [1, 0],
    [0, 1],
    [0, 0],
    [0, 0],
  ])
  const params = first(readout, { ...identity, features })
  near(readout.apply(map, params, CONTEXT).dataSync(), [cell(map, 0, 0, 0), cell(map, 2, 4, 1)])
})
