import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { clipByValue, mul, reshape, slice, sum, tensor } from '@tensorflow/tfjs-core'
import { createRng } from '../../src-shared/util/rng.ts'
import { positionDispersion } from '../../src-main/engine/model/readouts/full-gaussian2d.ts'
import type { Readout, ReadoutCall, ReadoutSite } from '../../src-main/engine/model/readouts/readout.ts'
import { fromTorch, toTorch } from '../../src-main/engine/model/torch-layout.ts'
import { valueAndGrads } from '../../src-main/engine/tensor/index.ts'
import type { ForwardContext, ParamSpec } from '../../src-main/engine/types.ts'
import type { Comparison, Tolerance } from './compare.ts'
import { comparison, inWords } from './compare.ts'
import { type GoldenCase, type GoldenOutcome, notComparable } from './golden-case.ts'
import { asImages, asTensor, inScope, read, toNchw } from './golden-tensors.ts'
import { type PublishedReadout, publishedReadout } from './published-readouts.ts'
import type { GoldenFile } from './read-golden.ts'
import { goldenTensor, readGoldenFolder } from './read-golden.ts'

export const area = 'readouts'

interface ReadoutCase {
  readonly name: string
  readonly readout: string
  readonly mode: 'eval' | 'train'
  readonly input: string
  readonly options: Readonly<Record<string, unknown>>
  /** Parameter -> tensor; likewise for gradients and values after the call. */
  readonly params: Readonly<Record<string, string>>
  readonly grads: Readonly<Record<string, string>>
  readonly after: Readonly<Record<string, string>>
  readonly noise?: string
  readonly objective?: number
  readonly output?: string
  readonly feature_l1_sum?: number
  readonly feature_l1_mean?: number
  readonly regularizer_sum?: number
  readonly regularizer_mean?: number
  readonly mu_dispersion?: number
}

interface ReadoutValues {
  readonly outdims: number
  readonly tolerance: { readonly value: Tolerance; readonly grad: Tolerance }
  readonly cases: readonly ReadoutCase[]
}

export async function cases(folder: string): Promise<GoldenCase[]> {
  return (await readGoldenFolder(`${folder}/${area}`)).flatMap((file) => {
    const values = file.values as ReadoutValues
    return values.cases.map((c) => ({ name: c.name, run: async () => inScope(() => check(file, values, c)) }))
  })
}

const PLACE = { name: 'r', torch: 'r', block: 'readout' }

function check(file: GoldenFile, values: ReadoutValues, c: ReadoutCase): Promise<GoldenOutcome> {
  const { value: tolerance } = values.tolerance
  const result = comparison()
  const [, channels = 0, height = 0, width = 0] = goldenTensor(file, c.input).shape
  const site: ReadoutSite = {
    place: PLACE,
    input: { channels, height, width },
    units: unitsOf(file, values, c),
  }
  const published = { name: c.readout, options: c.options, bias: 'bias' in c.params }
  const readout = publishedReadout(published, site, 'sum')
  const params = storedParams(file, readout, c)
  regularisers(values, c, published, site, params, result)
  for (const [name, range] of readout.ranges)
    params.set(name, clipByValue(params.get(name) as Tensor, ...range))
  for (const [name, stored] of Object.entries(c.after)) {
    const now = read(params.get(`r.${name}`) as Tensor)
    result.close(
      `after.${name}`,
      now.then((values) => toTorch(specOf(readout, name), values)),
      goldenTensor(file, stored).data,
      tolerance,
    )
  }
  outputAndGradients(file, values, c, readout, params, result)
  return result.outcome(inWords(tolerance))
}

/** Units: the last axis of the features, but for the factorised readout, whose features are [units, channels]. */
function unitsOf(file: GoldenFile, values: ReadoutValues, c: ReadoutCase): number {
  const features = c.params['features']
  if (features === undefined) return values.outdims
  const { shape } = goldenTensor(file, features)
  return (shape.length === 2 ? shape[0] : shape.at(-1)) ?? values.outdims
}

function specOf(readout: Readout, name: string): ParamSpec {
  const spec = readout.specs.find((s) => s.name === `r.${name}`)
  if (spec === undefined) throw new Error(`our readout has no ${name}`)
  return spec
}

function storedParams(file: GoldenFile, readout: Readout, c: ReadoutCase): Map<string, Tensor> {
  return new Map(
    Object.entries(c.params).map(([name, stored]) => {
      const spec = specOf(readout, name)
      return [spec.name, tensor(fromTorch(spec, goldenTensor(file, stored).data), [...spec.shape])]
    }),
  )
}

/** Regularisers of the parameters as given; `feature_l1` leaves the weight out. */
function regularisers(
  values: ReadoutValues,
  c: ReadoutCase,
  published: PublishedReadout,
  site: ReadoutSite,
  params: ReadonlyMap<string, Tensor>,
  result: Comparison,
): void {
  const { value: tolerance } = values.tolerance
  for (const reduction of ['sum', 'mean'] as const) {
    for (const [kind, gamma] of [
      ['regularizer', undefined],
      ['feature_l1', 1],
    ] as const) {
      const expected = c[`${kind}_${reduction}`]
      if (expected === undefined) continue
      const found = read(publishedReadout(published, site, reduction, gamma).penalty(params))
      result.close(`${kind}_${reduction}`, found, [expected], tolerance)
    }
  }
  if (c.mu_dispersion !== undefined) {
    const found = read(positionDispersion(params.get('r.mu') as Tensor2D))
    result.close('mu_dispersion', found, [c.mu_dispersion], tolerance)
  }
}

const INPUT = 'input'

function outputAndGradients(
  file: GoldenFile,
  values: ReadoutValues,
  c: ReadoutCase,
  readout: Readout,
  params: ReadonlyMap<string, Tensor>,
  result: Comparison,
): void {
  const { value: tolerance, grad } = values.tolerance
  const context = contextOf(file, c)
  const units = c.options['out_idx'] as number[] | undefined
  const call: ReadoutCall = units === undefined ? {} : { units }
  const all = new Map([...params, [INPUT, asImages<Tensor4D>(file, c.input)]])
  let output: Tensor | undefined
  const objective = (p: ReadonlyMap<string, Tensor>): Scalar => {
    output = readout.apply(p.get(INPUT) as Tensor4D, p, context, call)
    const upstream = slice(asTensor(file, 'upstream_grad'), [0, 0], output.shape as number[])
    return sum(mul(output, upstream))
  }
  objective(all)
  if (c.output !== undefined)
    result.close(
      'output',
      output === undefined ? [] : read(output),
      goldenTensor(file, c.output).data,
      tolerance,
    )
  const { value, grads } = valueAndGrads(objective, all, [...all.keys()])
  if (c.objective !== undefined) result.close('objective', read(value), [c.objective], tolerance)
  for (const [name, stored] of Object.entries(c.grads)) {
    const expected = goldenTensor(file, stored).data
    result.close(`grad.${name}`, gradientOf(name, grads, readout, expected.length), expected, grad)
  }
}

/** In the published layout; a parameter that took no part has a zero gradient. */
async function gradientOf(
  name: string,
  grads: ReadonlyMap<string, Tensor>,
  readout: Readout,
  size: number,
): Promise<ArrayLike<number>> {
  if (name === INPUT) return read(toNchw(grads.get(INPUT) as Tensor))
  const spec = specOf(readout, name)
  const g = grads.get(spec.name)
  return g === undefined ? new Float32Array(size) : toTorch(spec, await read(g))
}

function contextOf(file: GoldenFile, c: ReadoutCase): ForwardContext {
  const shift = c.options['shift'] as string | undefined
  if (c.mode === 'train' && c.noise === undefined && /Gaussian/.test(c.readout))
    notComparable('training mode draws positions, and the file does not give the draws')
  return {
    training: c.mode === 'train',
    rng: createRng(0),
    frozenNorms: new Set(),
    ...(shift === undefined ? {} : { shift: asTensor<Tensor2D>(file, shift) }),
    ...(c.noise === undefined
      ? {}
      : { readoutNoise: reshape(asTensor(file, c.noise), noiseShape(file, c.noise)) }),
  }
}

/** Stored [B, n, 1, 2], ours [B, n, 2]. */
function noiseShape(file: GoldenFile, name: string): [number, number, number] {
  const [rows = 0, units = 0] = goldenTensor(file, name).shape
  return [rows, units, 2]
}
