import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { heldOutCorrelations } from '../../../../../../src-main/engine/analysis/layer-regression.ts'
import { repeatsOfImages } from '../../../../../../src-main/engine/eval/measures/repeated-responses.ts'
import { centredGram, debiasedCka, linearCka } from '../../../../../../src-main/engine/eval/similarity/cka.ts'
import type { Features, ImageMatrix } from '../../../../../../src-main/engine/eval/similarity/features.ts'
import { completeDimensions, gram } from '../../../../../../src-main/engine/eval/similarity/features.ts'
import { rdm, upperTriangle } from '../../../../../../src-main/engine/eval/similarity/rdm.ts'
import {
  compareRdms,
  compareReady,
  halves,
  ranks,
  readyRdm,
  rsaInterval,
  spearman,
  splitHalfCeiling,
} from '../../../../../../src-main/engine/eval/similarity/rsa.ts'
import { principalComponents, svcca } from '../../../../../../src-main/engine/eval/similarity/svcca.ts'
import { unitCeilings } from '../../../../../../src-main/engine/eval/similarity/unit-ceilings.ts'
import { createRng } from '../../../../../../src-shared/util/rng.ts'
import { symmetricEigen } from '../../../../../../src-shared/util/symmetric-eigen.ts'

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
})

describe('published code', () => {
  const reference = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../../../fixtures/similarity/reference.json'), 'utf8'),
  ) as Readonly<Record<'x' | 'y' | 'responses' | 'folds', number[][]>> &
    Readonly<Record<'regression' | 'eigenvalues' | 'dims', number[]>> &
    Readonly<Record<'components' | 'cka' | 'debiased' | 'spearman' | 'pearson' | 'svcca', number>>
  const [x, y] = [features(reference.x), features(reference.y)]

  it('gives the same CKA, with and without bias', () => {
    expect(linearCka(x, y)).toBeCloseTo(reference.cka, 12)
    expect(debiasedCka(x, y)).toBeCloseTo(reference.debiased, 12)
    expect(debiasedCka(x, x)).toBeCloseTo(1, 12)
  })

  it('gives the same RSA, asked once or ready for many', () => {
    const [a, b] = [rdm(x), rdm(y)]
    expect(compareRdms(a, b)).toBeCloseTo(reference.spearman, 12)
    expect(compareRdms(a, b, 'pearson')).toBeCloseTo(reference.pearson, 12)
    for (const method of ['spearman', 'pearson'] as const)
      expect(compareReady(readyRdm(a, method), readyRdm(b, method))).toBeCloseTo(reference[method], 12)
  })

  it('gives the same SVCCA', () => {
    const [a, b] = [x, y].map((one) => principalComponents(centredGram(one), reference.components))
    expect([a!.dims, b!.dims]).toEqual(reference.dims)
    expect(svcca(a!, b!)).toBeCloseTo(reference.svcca, 12)
    expect(svcca(b!, b!)).toBeCloseTo(1, 12)
  })

  it('predicts units as well from the features', () => {
    const folds = reference.folds.map((fold) => Int32Array.from(fold))
    const found = heldOutCorrelations(gram(x), features(reference.responses), folds)
    reference.regression.forEach((score, u) => expect(found[u]).toBeCloseTo(score, 9))
    // Where features lie does not matter.
    const centred = heldOutCorrelations(centredGram(x), features(reference.responses), folds)
    reference.regression.forEach((score, u) => expect(centred[u]).toBeCloseTo(score, 9))
  })

  it('finds the same eigenvalues', () => {
    const { values, vectors } = symmetricEigen(gram(x).values, x.images)
    reference.eigenvalues.forEach((value, i) => expect(values[i]).toBeCloseTo(value, 9))
    const along = (i: number): number =>
      Array.from(values.keys()).reduce((sum, k) => sum + values[k]! * vectors[i * x.images + k]! ** 2, 0)
    for (let i = 0; i < x.images; i++) expect(along(i)).toBeCloseTo(gram(x).values[i * x.images + i]!, 9)
  })
})

describe('intervals and ceilings', () => {
  it('of RSA hold the value, and are narrow for equal RDMs', () => {
    const [a, b] = [rdm(random(30, 8, 1)), rdm(random(30, 8, 2))]
    const { low, high } = rsaInterval(a, b, 'spearman', createRng(1))!
    expect(low).toBeLessThan(compareRdms(a, b))
    expect(high).toBeGreaterThan(compareRdms(a, b))
    const same = rsaInterval(a, a, 'spearman', createRng(1))!
    expect(same.low).toBeCloseTo(1, 9)
  })

  it('of units come near the root of the share of variance that is signal', () => {
    const rng = createRng(3)
    const [images, repeats, noise] = [300, 4, 1]
    const responses = repeatsOfImages(
      Array.from({ length: images }, () => {
        const signal = rng.normal()
        return Array.from({ length: repeats }, () => [signal + noise * rng.normal(), rng.normal()])
      }),
    )
    const [reliable, silent] = unitCeilings(responses, createRng(4))
    expect(reliable).toBeCloseTo(Math.sqrt(1 / (1 + noise / repeats)), 1)
    expect(silent! < 0.5 || Number.isNaN(silent)).toBe(true)
  })
})
