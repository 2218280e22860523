import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { dispose, mul, sum, tensor, tidy } from '@tensorflow/tfjs-core'
import { createRng } from '../../src-shared/util/rng.ts'
import { createParamStore, valueAndGrads } from '../../src-main/engine/tensor/index.ts'
import type { ForwardContext, Model, NamedArrays } from '../../src-main/engine/types.ts'
import { fromPublished, initialValue } from '../../src-main/engine/model/index.ts'
import type { PlainOptions } from './case-options.ts'
import type { Comparison, Tolerance } from './compare.ts'
import { comparison, inWords } from './compare.ts'
import type { GoldenCase, GoldenOutcome } from './golden-case.ts'
import type { Recipe } from './golden-tensors.ts'
import { fromRecipe, toNchw, toNhwc } from './golden-tensors.ts'
import type { GoldenFile } from './read-golden.ts'
import { goldenTensor } from './read-golden.ts'
import { type BuiltModel, publishedModel } from './vgg-models.ts'

interface LayerSums {
  readonly index: number
  readonly shape: readonly number[]
  readonly sum: number
  readonly abs_sum: number
  readonly max: number
  readonly min: number
}

interface FeatureValues {
  readonly network: string
  /** Further options of the published builder. */
  readonly options?: PlainOptions
  readonly input: Recipe
  readonly upstream_grad?: Recipe
  readonly entries: Readonly<Record<string, Recipe>>
  readonly prefixes: readonly number[]
  readonly layers?: readonly LayerSums[]
  readonly grad_norms?: Readonly<Record<string, number>>
  readonly tolerance: {
    readonly value: Tolerance
    readonly sums_rtol?: number
    readonly grad?: Tolerance
    readonly max_abs_diff_over_max_abs_value?: number
  }
}

/** Feature stacks: prefixes of the published sequence, sums of every module, gradients. */
export function featureCases(file: GoldenFile): GoldenCase[] {
  const values = file.values as FeatureValues
  return [{ name: file.name, run: () => check(file, values) }]
}

/** The classifier on these features, with the smallest head there is: it is not looked at. */
function classifier({ network, options = {}, input }: FeatureValues): BuiltModel {
  const head = { readout_type: 'dense', readout_hidden: 0, num_classes: 2 }
  const [, , side = 0] = input.shape
  return publishedModel({
    options: { type: network, input_size: side, ...options, ...head },
    inputs: { classification: input },
  })
}

async function check(file: GoldenFile, values: FeatureValues): Promise<GoldenOutcome> {
  const { model, notes } = classifier(values)
  const published = new Map(
    Object.entries(values.entries).map(([name, r]) => [`features.${name}`, fromRecipe(r)]),
  )
  const { arrays, report } = fromPublished(model.specs, published)
  const head = model.specs.filter((spec) => spec.torch.name.startsWith('classifier.'))
  const result = comparison()
  result.exact(
    'tensors without a value',
    report.missing,
    head.map((spec) => spec.name),
  )
  result.exact('tensors without a place', report.unused, [])
  const store = createParamStore(withInitial(model, arrays))
  try {
    forward(file, values, model, store.tensors, result)
    if (values.upstream_grad !== undefined) backward(file, values, model, store.tensors, result)
  } finally {
    store.dispose()
  }
  return { ...(await result.outcome(inWords(values.tolerance.value))), notes }
}

/** The head as it would start. */
const withInitial = (model: Model, arrays: NamedArrays): NamedArrays =>
  new Map(model.specs.map((spec) => [spec.name, arrays.get(spec.name) ?? initialValue(spec, createRng(0))]))

type Params = ReadonlyMap<string, Tensor>

const moduleName = (index: number): string => `features.${index}`

/** Outputs of modules of the features by position; modules that nobody asks for run as fused kernels. */
function modules(
  model: Model,
  x: Tensor4D,
  params: Params,
  wanted: readonly number[],
): (index: number) => Tensor {
  const { representations } = model.apply(
    params,
    x,
    { task: 'img_classification' },
    context(wanted.map(moduleName)),
  )
  return (index) => {
    const y = representations.get(moduleName(index))
    if (y === undefined) throw new Error(`the network has no module ${index}`)
    return y
  }
}

const lastModule = (values: FeatureValues, model: Model): number =>
  values.layers?.at(-1)?.index ?? model.layers.filter((row) => row.block === 'core').length - 1

const context = (names: readonly string[]): ForwardContext => ({
  training: false,
  rng: createRng(0),
  frozenNorms: new Set(),
  capture: new Set(names),
})

function imagesOf(recipe: Recipe): Tensor4D {
  const { data, shape } = fromRecipe(recipe)
  return toNhwc(tensor(data, [...shape])) as Tensor4D
}

function forward(
  file: GoldenFile,
  values: FeatureValues,
  model: Model,
  params: Params,
  result: Comparison,
): void {
  const { value, sums_rtol = value.rtol } = values.tolerance
  tidy(() => {
    const x = imagesOf(values.input)
    for (const n of values.prefixes) {
      const y = modules(model, x, params, [n - 1])(n - 1)
      const [found, expected] = [toNchw(y).dataSync(), goldenTensor(file, `prefix_${n}.output`).data]
      result.close(`prefix ${n}`, found, expected, value)
      const { max_abs_diff_over_max_abs_value: share } = values.tolerance
      if (share === undefined) continue
      const extent = (expected as Float32Array).reduce((largest, v) => Math.max(largest, Math.abs(v)), 0)
      result.close(`prefix ${n} to scale`, found, expected, { rtol: 0, atol: share * extent })
    }
    const listed = values.layers ?? []
    const output = modules(
      model,
      x,
      params,
      listed.map(({ index }) => index),
    ) // each by itself
    for (const layer of listed) compareSums(output(layer.index), layer, sums_rtol, result)
  })
}

/** Sums are compared relative to the sum of absolute values, which does not cancel. */
function compareSums(y: Tensor, layer: LayerSums, rtol: number, result: Comparison): void {
  const label = `module ${layer.index}`
  let total = 0
  let absolute = 0
  let [low, high] = [Infinity, -Infinity]
  for (const v of y.dataSync()) {
    total += v
    absolute += Math.abs(v)
    low = Math.min(low, v)
    high = Math.max(high, v)
  }
  const [, height, width, channels] = y.shape
  result.exact(`${label} shape`, [y.shape[0], channels, height, width], layer.shape)
  const share = (value: number, expected: number): readonly [number, number] => [
    value / layer.abs_sum,
    expected / layer.abs_sum,
  ]
  const pairs = [share(total, layer.sum), share(absolute, layer.abs_sum)]
  result.close(
    `${label} sums`,
    pairs.map(([a]) => a),
    pairs.map(([, b]) => b),
    { rtol: 0, atol: rtol },
  )
  const extent = Math.max(Math.abs(layer.max), Math.abs(layer.min))
  result.close(`${label} extremes`, [high / extent, low / extent], [layer.max / extent, layer.min / extent], {
    rtol: 0,
    atol: rtol,
  })
}

const INPUT = 'input'

function backward(
  file: GoldenFile,
  values: FeatureValues,
  model: Model,
  params: Params,
  result: Comparison,
): void {
  const { grad = values.tolerance.value } = values.tolerance
  tidy(() => {
    const x = imagesOf(values.input)
    const upstream = imagesOf(values.upstream_grad as Recipe)
    const all = new Map([...params, [INPUT, x]])
    const trained = model.specs.filter((s) => s.kind === 'parameter' && s.torch.name.startsWith('features.'))
    const last = lastModule(values, model)
    const run = (p: Params): Scalar => {
      const y = modules(model, p.get(INPUT) as Tensor4D, p, [last])(last)
      return sum(mul(y, upstream))
    }
    const { value, grads } = valueAndGrads(run, all, [INPUT, ...trained.map((s) => s.name)])
    const dx = toNchw(grads.get(INPUT) as Tensor)
    result.close('grad.input', dx.dataSync(), goldenTensor(file, 'grad.input').data, grad)
    for (const spec of trained) {
      const expected = values.grad_norms?.[spec.torch.name.replace('features.', '')]
      const g = grads.get(spec.name)
      if (expected === undefined || g === undefined) continue
      result.close(`norm of ${spec.name}`, [norm(g)], [expected], grad)
    }
    dispose([value, ...grads.values()])
  })
}

/** Euclidean norm in double precision: some backends add up millions of squares one by one in single precision. */
const norm = (x: Tensor): number =>
  Math.sqrt((x.dataSync() as Float32Array).reduce((total, v) => total + v * v, 0))
