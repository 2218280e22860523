import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { dispose, mul, sum, tensor, tidy } from '@tensorflow/tfjs-core'
import { createRng } from '../../src-shared/util/rng.ts'
import { createParamStore, valueAndGrads } from '../../src-main/engine/tensor/index.ts'
import type { ForwardContext } from '../../src-main/engine/types.ts'
import { fromPublished } from '../../src-main/engine/model/index.ts'
import { chain } from '../../src-main/engine/model/layers/chain.ts'
import { vggBlock } from '../../src-main/engine/model/vgg/features.ts'
import { vggBackbone, vggModules } from '../../src-main/engine/model/vgg/layout.ts'
import type { Comparison, Tolerance } from './compare.ts'
import { comparison, inWords } from './compare.ts'
import type { GoldenCase, GoldenOutcome } from './golden-case.ts'
import type { Recipe } from './golden-tensors.ts'
import { fromRecipe, toNchw, toNhwc } from './golden-tensors.ts'
import type { GoldenFile } from './read-golden.ts'
import { goldenTensor } from './read-golden.ts'

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

async function check(file: GoldenFile, values: FeatureValues): Promise<GoldenOutcome> {
  const [, , height = 0, width = 0] = values.input.shape
  const layers = vggBlock({
    modules: vggModules(vggBackbone(values.network)),
    input: { height, width, channels: 3 },
    place: { name: 'features', torch: 'features', block: 'core' },
    dropout: 0,
  })
  const specs = layers.flatMap((l) => l.specs)
  const published = new Map(
    Object.entries(values.entries).map(([name, r]) => [`features.${name}`, fromRecipe(r)]),
  )
  const { arrays, report } = fromPublished(specs, published)
  const result = comparison()
  result.exact('tensors without a value', report.missing, [])
  result.exact('tensors without a place', report.unused, [])
  const store = createParamStore(arrays)
  try {
    forward(file, values, layers, store.tensors, result)
    if (values.upstream_grad !== undefined) backward(file, values, layers, store.tensors, result)
  } finally {
    store.dispose()
  }
  return result.outcome(inWords(values.tolerance.value))
}

type Layers = ReturnType<typeof vggBlock>
type Params = ReadonlyMap<string, Tensor>

const context = (names?: readonly string[]): ForwardContext => ({
  training: false,
  rng: createRng(0),
  frozenNorms: new Set(),
  ...(names === undefined ? {} : { capture: new Set(names) }),
})

function imagesOf(recipe: Recipe): Tensor4D {
  const { data, shape } = fromRecipe(recipe)
  return toNhwc(tensor(data, [...shape])) as Tensor4D
}

function forward(
  file: GoldenFile,
  values: FeatureValues,
  layers: Layers,
  params: Params,
  result: Comparison,
): void {
  const { value, sums_rtol = value.rtol } = values.tolerance
  tidy(() => {
    const x = imagesOf(values.input)
    for (const n of values.prefixes) {
      const y = chain(layers.slice(0, n)).apply(x, params, context(), new Map()) // fused kernels
      const [found, expected] = [toNchw(y).dataSync(), goldenTensor(file, `prefix_${n}.output`).data]
      result.close(`prefix ${n}`, found, expected, value)
      const { max_abs_diff_over_max_abs_value: share } = values.tolerance
      if (share === undefined) continue
      const extent = (expected as Float32Array).reduce((largest, v) => Math.max(largest, Math.abs(v)), 0)
      result.close(`prefix ${n} to scale`, found, expected, { rtol: 0, atol: share * extent })
    }
    const taken = new Map<string, Tensor>()
    chain(layers).apply(x, params, context(layers.map((l) => l.torch)), taken) // module by module
    for (const layer of values.layers ?? []) {
      const y = taken.get(`features.${layer.index}`)
      if (y === undefined) result.exact(`module ${layer.index}`, 'missing', 'present')
      else compareSums(y, layer, sums_rtol, result)
    }
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
  layers: Layers,
  params: Params,
  result: Comparison,
): void {
  const { grad = values.tolerance.value } = values.tolerance
  tidy(() => {
    const x = imagesOf(values.input)
    const upstream = imagesOf(values.upstream_grad as Recipe)
    const all = new Map([...params, [INPUT, x]])
    const trained = layers.flatMap((l) => l.specs).filter((s) => s.kind === 'parameter')
    const run = (p: Params): Scalar => {
      const y = chain(layers).apply(p.get(INPUT) as Tensor4D, p, context(), new Map())
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
