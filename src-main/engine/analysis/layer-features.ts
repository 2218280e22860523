import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { tensor4d, tidy } from '@tensorflow/tfjs-core'
import type { InputShape } from '../data/loaders/input-source.ts'
import type { Network } from '../eval/network.ts'
import { EVALUATION } from '../eval/network.ts'
import type { Features } from '../eval/similarity/features.ts'
import type { ForwardContext, LayerRow, Route } from '../types.ts'
import type { Reducer, Rule } from './feature-reducer.ts'
import type { Images, Progress } from './responder.ts'
import { imageSize } from './responder.ts'

/** A layer of a network whose output can be asked for, in the order of the network. */
export interface KnownLayer {
  readonly name: string
  /** Without the batch axis, channels last. */
  readonly shape: readonly number[]
}

/** A layer and what it makes of the images. */
export interface LayerFeatures extends KnownLayer {
  readonly rule: Rule
  readonly features: Features
}

/** The passes through a network that reach its layers, and the size of the images that they read. */
export interface Passes {
  readonly network: Network
  readonly routes: readonly Route[]
  readonly shape: InputShape
  /** Behaviour and eye position for a number of images, where the network asks for them. */
  readonly state: (images: number) => Pick<ForwardContext, 'behavior' | 'pupil'>
}

/** Modules that weigh or pool: what follows up to the next of them changes their outputs one by one. */
const WEIGHS = /conv|pool|dense|connected|block/
/** Nothing changes there in evaluation, or the order of numbers alone. */
const IDLE = /dropout|reshape/

/**
 * Names of the outputs that a network is described by: of each convolution, pooling or dense layer the last of what normalises and rectifies
 * it, and of modules made of several (residual blocks, layers of a core) the whole.
 */
export function usualLayers(rows: readonly LayerRow[]): readonly string[] {
  const names: string[] = []
  rows.forEach(({ name }, i) => {
    const rest = rows.slice(i + 1)
    const next = rest.find(({ kind }) => !IDLE.test(kind))
    const isLast = next === undefined || WEIGHS.test(next.kind) || next.block !== rows[i]!.block
    if (isLast && !IDLE.test(rows[i]!.kind)) names.push(name)
    const parent = name.slice(0, Math.max(0, name.lastIndexOf('.')))
    if (parent !== '' && rest[0]?.name.startsWith(`${parent}.`) !== true) names.push(parent)
  })
  return [...new Set(names)]
}

/** Those of the named layers that the network has, each tensor once under its first name. */
export function knownLayers(passes: Passes, names: readonly string[]): readonly KnownLayer[] {
  const { height, width, channels } = passes.shape
  return tidy(() => {
    const image = tensor4d(new Float32Array(height * width * channels), [1, height, width, channels])
    const taken = outputsOf(passes, image, names)
    const seen = new Set<number>()
    return names.flatMap((name) => {
      const output = taken.get(name)
      if (output === undefined || seen.has(output.id)) return []
      seen.add(output.id)
      return [{ name, shape: output.shape.slice(1) }]
    })
  })
}

/** Numbers that a batch may leave on the device for its layers. */
const AT_ONCE = 2 ** 25
const BATCH = 32

/** Features of the images in each layer, in evaluation mode. */
export async function layerFeatures(
  passes: Passes,
  layers: readonly KnownLayer[],
  images: Images,
  reducerOf: (layer: KnownLayer) => Reducer,
  progress: Progress,
): Promise<readonly LayerFeatures[]> {
  const { height, width, channels } = passes.shape
  const size = imageSize(passes.shape)
  const made = layers.map((layer) => {
    const reducer = reducerOf(layer)
    return { layer, reducer, values: new Float32Array(images.count * reducer.dims) }
  })
  const each = layers.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)
  const batch = Math.max(1, Math.min(BATCH, Math.floor(AT_ONCE / each)))
  const names = layers.map(({ name }) => name)
  for (let from = 0; from < images.count; from += batch) {
    const count = Math.min(batch, images.count - from)
    const outputs = tidy(() => {
      const input = tensor4d(images.values.subarray(from * size, (from + count) * size), [count, height, width, channels]) // prettier-ignore
      const taken = outputsOf(passes, input, names)
      return names.map((name) => taken.get(name)!) // known layers
    })
    for (const [k, output] of outputs.entries()) {
      const { reducer, values } = made[k]! // one for each name
      fill(await output.data<'float32'>(), count, reducer, values.subarray(from * reducer.dims))
      output.dispose()
    }
    progress((from + count) / images.count)
  }
  return made.map(({ layer, reducer: { rule, dims }, values }) => ({
    ...layer,
    rule,
    features: { images: images.count, dims, values },
  }))
}

function fill(outputs: Float32Array, count: number, { dims, reduce }: Reducer, rows: Float32Array): void {
  const size = outputs.length / count
  for (let i = 0; i < count; i++)
    reduce(outputs.subarray(i * size, (i + 1) * size), rows.subarray(i * dims, (i + 1) * dims))
}

/** Outputs by name; what a route reaches first is kept. */
function outputsOf(
  { network, routes, state }: Passes,
  images: Tensor4D,
  names: readonly string[],
): ReadonlyMap<string, Tensor> {
  const { model, params } = network
  const context = { ...EVALUATION, ...state(images.shape[0]), capture: new Set(names) }
  const answers =
    model.applyBoth?.(params, images, routes, context) ??
    routes.map((route) => model.apply(params, images, route, context))
  return new Map(answers.toReversed().flatMap(({ representations }) => [...representations]))
}
