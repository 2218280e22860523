import { describe, expect, it } from 'vitest'
import { repeatsOfImages } from '../../../../../../src-main/engine/eval/measures/repeated-responses.ts'
import { ckaMatrix, linearCka } from '../../../../../../src-main/engine/eval/similarity/cka.ts'
import type { Features, ImageMatrix } from '../../../../../../src-main/engine/eval/similarity/features.ts'
import { completeDimensions } from '../../../../../../src-main/engine/eval/similarity/features.ts'
import { rdm, upperTriangle } from '../../../../../../src-main/engine/eval/similarity/rdm.ts'
import {
  compareRdms,
  halves,
  ranks,
  spearman,
  splitHalfCeiling,
} from '../../../../../../src-main/engine/eval/similarity/rsa.ts'
import { createRng } from '../../../../../../src-shared/util/rng.ts'

const features = (rows: readonly (readonly number[])[]): Features => ({
  images: rows.length,
  dims: rows[0]?.length ?? 0,
  values: Float64Array.from(rows.flat()),
})

const random = (images: number, dims: number, seed: number): Features => {
  const rng = createRng(seed)
  return { images, dims, values: Float64Array.from({ length: images * dims }, () => rng.normal()) }
}

describe('rdm', () => {
  const three = features([
    [1, 2, 3],
    [2, 4, 6],
    [3, 2, 1],
  ])

  it('is 1 - correlation: 0 for parallel, 2 for opposite feature vectors', () => {
    expect([...upperTriangle(rdm(three))]).toEqual([0, 2, 2].map((d) => expect.closeTo(d, 12)))
  })

  it('is the squared distance on request', () => {
    expect([...upperTriangle(rdm(three, 'squared-euclidean'))]).toEqual([14, 8, 30])
  })

  it('leaves the correlation with a constant vector undefined', () => {
    expect([
      ...upperTriangle(
        rdm(
          features([
            [0.1, 0.1, 0.1],
            [1, 2, 3],
          ]),
        ),
      ),
    ]).toEqual([NaN])
  })
})

describe('rsa', () => {
  it('shares the mean rank among equals', () => {
    expect([...ranks([10, 30, 20, 30])]).toEqual([1, 3.5, 2, 3.5])
  })

  it('sees monotone relations as perfect with Spearman', () => {
    expect(spearman([1, 2, 3, 4], [1, 10, 100, 1000])).toBeCloseTo(1, 12)
  })

  it('is 1 for the same RDM and ignores undefined pairs', () => {
    const a = rdm(
      features([
        [0, 0, 0],
        [1, 2, 3],
        [3, 1, 2],
        [2, 2, 5],
      ]),
    )
    expect(compareRdms(a, a)).toBeCloseTo(1, 12)
    expect(compareRdms(a, a, 'pearson')).toBeCloseTo(1, 12)
  })

  it('correlates values or ranks, over the pairs that both have', () => {
    const matrix = (...upper: readonly [number, number, number, number, number, number]): ImageMatrix => {
      const values = new Float64Array(16)
      let at = 0
      for (let i = 0; i < 4; i++)
        for (let j = i + 1; j < 4; j++) values[i * 4 + j] = values[j * 4 + i] = upper[at++] ?? NaN
      return { images: 4, values }
    }
    const a = matrix(1, 2, NaN, 3, 9, 4)
    const b = matrix(1, 4, 8, 9, NaN, 16)
    // Left are 1 2 3 4 and their squares: sxy = 25, sxx = 5, syy = 129.
    expect(compareRdms(a, b, 'pearson')).toBeCloseTo(25 / Math.sqrt(5 * 129), 12)
    expect(compareRdms(a, b, 'spearman')).toBeCloseTo(1, 12)
    expect(compareRdms(a, b)).toBeCloseTo(1, 12)
  })

  it('compares the dimensions that have a number for every image in both sets', () => {
    const a = features([
      [1, 2, 3, 4],
      [5, NaN, 7, 8],
    ])
    const b = features([
      [10, 20, 30, 40],
      [50, 60, NaN, 80],
    ])
    const [left, right] = completeDimensions(a, b)
    expect(left).toEqual({ images: 2, dims: 2, values: Float64Array.of(1, 4, 5, 8) })
    expect(right).toEqual({ images: 2, dims: 2, values: Float64Array.of(10, 40, 50, 80) })
  })

  it('refuses RDMs over different images', () => {
    expect(() => compareRdms(rdm(random(3, 2, 1)), rdm(random(4, 2, 1)))).toThrow('RDMs over 3 and 4 images')
  })
})

describe('split-half ceiling', () => {
  const noisy = (noise: number) => {
    const rng = createRng(5)
    const signal = random(12, 20, 6)
    return repeatsOfImages(
      Array.from({ length: 12 }, (_, i) =>
        Array.from({ length: 6 }, () =>
          Array.from({ length: 20 }, (_, u) => (signal.values[i * 20 + u] as number) + noise * rng.normal()),
        ),
      ),
    )
  }

  it('is 1 without noise, falls with noise, and the correction raises it', () => {
    expect(splitHalfCeiling(noisy(0), createRng(1), { splits: 3 }).splitHalf).toBeCloseTo(1, 9)
    const little = splitHalfCeiling(noisy(0.5), createRng(1))
    const much = splitHalfCeiling(noisy(3), createRng(1))
    expect(little.splitHalf).toBeGreaterThan(much.splitHalf)
    expect(little.corrected).toBeCloseTo((2 * little.splitHalf) / (1 + little.splitHalf), 12)
  })

  it('is the same for the same generator', () => {
    expect(splitHalfCeiling(noisy(1), createRng(3))).toEqual(splitHalfCeiling(noisy(1), createRng(3)))
  })

  it('puts every repeat into exactly one half and leaves images with one repeat out', () => {
    const [a, b] = halves(repeatsOfImages([[[1], [2], [6]], [[9]]]), createRng(2))
    expect([a.images, b.images]).toEqual([1, 1])
    expect((a.values[0] as number) + 2 * (b.values[0] as number)).toBeCloseTo(9, 12)
  })

  it('means over the repeats that each unit has, unit by unit', () => {
    const trials = [[1, 10], [1, NaN], [1, 10], [1, 10]] // prettier-ignore
    for (const half of halves(
      repeatsOfImages([
        trials,
        [
          [2, 20],
          [2, 20],
        ],
      ]),
      createRng(2),
    ))
      // prettier-ignore
      expect(half).toEqual({ images: 2, dims: 2, values: Float64Array.of(1, 10, 2, 20) })
  })
})

describe('linearCka', () => {
  it('is 1 under rotation, scale and shift of the features', () => {
    const x = random(10, 2, 1)
    const turned = Array.from({ length: 10 }, (_, i) => {
      const [a, b] = [x.values[2 * i] as number, x.values[2 * i + 1] as number]
      return [3 * (0.6 * a - 0.8 * b) + 5, 3 * (0.8 * a + 0.6 * b) - 1]
    })
    expect(linearCka(x, features(turned))).toBeCloseTo(1, 12)
  })

  it('gives a hand-computable value: centred columns (-1, 0, 1) and (1, -2, 1) are orthogonal', () => {
    const line = features([[0], [1], [2]])
    const bump = features([[3], [0], [3]])
    expect(linearCka(line, bump)).toBeCloseTo(0, 12)
    // X = [line, bump]: |X'line|^2 = 4, |X'X| = sqrt(4 + 36), |line'line| = 2 -> 4 / (2 sqrt 40)
    expect(
      linearCka(
        features([
          [0, 3],
          [1, 0],
          [2, 3],
        ]),
        line,
      ),
    ).toBeCloseTo(4 / (2 * Math.sqrt(40)), 12)
  })

  it('is the same through Gram matrices and through feature products', () => {
    const [x, y] = [random(8, 5, 1), random(8, 7, 2)]
    const padded = (f: Features): Features => ({
      images: 8,
      dims: f.dims + 9,
      values: Float64Array.from({ length: 8 * (f.dims + 9) }, (_, k) => {
        const [i, d] = [Math.floor(k / (f.dims + 9)), k % (f.dims + 9)]
        return d < f.dims ? (f.values[i * f.dims + d] as number) : 0
      }),
    })
    expect(linearCka(padded(x), y)).toBeCloseTo(linearCka(x, y), 12)
  })

  it('compares every layer with every layer', () => {
    const layers = [random(6, 3, 1), random(6, 4, 2)]
    const matrix = ckaMatrix(layers, layers)
    expect(matrix[0]?.[0]).toBeCloseTo(1, 12)
    expect(matrix[0]?.[1]).toBeCloseTo(matrix[1]?.[0] as number, 12)
  })
})
