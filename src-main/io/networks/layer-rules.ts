import { z } from 'zod'
import type { GraphWriter, Operation, Rule } from './graph-writer.ts'
import { sizesOf } from './graph-writer.ts'

const pair = z.union([z.number(), z.tuple([z.number(), z.number()])]).default(0)
const window = z.object({ stride: z.number().default(1), dilation: z.number().default(1), padding: pair })
const norm = z.object({ epsilon: z.number(), relu: z.boolean() })
const pool = z.object({ size: z.number(), stride: z.number(), padding: z.number().default(0) })

/** The place of an input that an operation always has. */
export function input({ inputs }: Operation, name: string): number {
  const place = inputs[name]
  if (place === undefined) throw new RangeError(`the trace has no input ${name}`)
  return place
}

/** Kernels [rows, columns, in, out] as they are published, or turned where they are computed. */
function kernel(w: GraphWriter, place: number, layout: 'conv' | 'depthwise'): string {
  if (w.specAt(place)?.torch.layout.kind === layout) return w.stored(place)
  const order = layout === 'conv' ? [3, 2, 0, 1] : [2, 3, 0, 1]
  return w.emit({ op: 'transpose', inputs: [w.plain(place)], order })
}

const conv =
  (layout: 'conv' | 'depthwise'): Rule =>
  (w, o) => {
    const { stride, dilation, padding } = window.parse(o.attrs)
    const x = input(o, 'x')
    const groups = layout === 'conv' ? 1 : (w.values[x]?.shape[3] ?? 1)
    const pads = typeof padding === 'number' ? ([padding, padding] as const) : padding
    const inputs = [w.map(x), kernel(w, input(o, 'weight'), layout)]
    w.define(o.at, 'map', w.emit({ op: 'conv', inputs, stride, dilation, pads, groups }))
  }

/** Gives a convolution without bias the one that is added behind it; false where a value has another origin. */
export function takeBias(w: GraphWriter, place: number, bias: string): boolean {
  const name = w.map(place)
  const at = w.ops.findIndex((op) => op.output === name)
  const made = w.ops[at]
  if (w.uses(place) !== 1 || made?.op !== 'conv' || made.inputs.length !== 2 || at !== w.ops.length - 1)
    return false
  w.ops[at] = { ...made, inputs: [...made.inputs, bias] }
  return true
}

const batchNorm: Rule = (w, o) => {
  const { epsilon, relu } = norm.parse(o.attrs)
  const x = input(o, 'x')
  const isMap = w.values[x]?.shape.length === 4
  let from = isMap ? w.map(x) : w.plain(x)
  const { bias } = o.inputs
  if (bias !== undefined && !(isMap && takeBias(w, x, w.plain(bias)))) {
    const channels = w.emit({ op: 'reshape', inputs: [w.plain(bias)], sizes: [-1, ...(isMap ? [1, 1] : [])] })
    from = w.emit({ op: 'add', inputs: [from, channels] })
  }
  const tensors = ['gamma', 'beta', 'mean', 'variance'].map((name) => w.plain(input(o, name)))
  const y = w.emit({ op: 'batchNorm', inputs: [from, ...tensors], epsilon })
  w.define(o.at, isMap ? 'map' : 'plain', relu ? w.emit({ op: 'relu', inputs: [y] }) : y)
}

const pooled =
  (op: 'maxPool' | 'meanPool'): Rule =>
  (w, o) => {
    const { size, stride, padding } = pool.parse(o.attrs)
    w.define(o.at, 'map', w.emit({ op, inputs: [w.map(input(o, 'x'))], size, stride, pad: padding }))
  }

/** Rows, flattened channels first where the published weight reads a map so. */
function rowsFor(w: GraphWriter, x: number, weight: number): readonly [rows: string, weight: string] {
  const layout = w.specAt(weight)?.torch.layout.kind
  if (layout === 'dense') return [w.plain(x), w.stored(weight)]
  const { from, shape = [] } = w.values[x] ?? {}
  const source = from?.kind === 'operation' && from.op === 'Reshape' ? from.inputs['x'] : undefined
  const isFlat = source !== undefined && w.values[source]?.shape.length === 4
  if (layout === 'flatten-dense' && isFlat && w.values[source]?.batchAxis === 0) {
    const flat = w.emit({ op: 'reshape', inputs: [w.map(source)], sizes: [-1, shape[1] ?? 0] })
    return [flat, w.stored(weight)]
  }
  return [w.plain(x), w.emit({ op: 'transpose', inputs: [w.plain(weight)], order: [1, 0] })]
}

const dense: Rule = (w, o) => {
  const { bias } = o.inputs
  const rows = rowsFor(w, input(o, 'x'), input(o, 'weight'))
  const y = w.emit({ op: 'linear', inputs: bias === undefined ? rows : [...rows, w.plain(bias)] })
  const { relu } = z.object({ relu: z.boolean() }).parse(o.attrs)
  w.define(o.at, 'plain', relu ? w.emit({ op: 'relu', inputs: [y] }) : y)
}

const sample: Rule = (w, o) => {
  const { alignCorners } = z.object({ alignCorners: z.boolean() }).parse(o.attrs)
  const positions = input(o, 'positions')
  const { shape = [], batchAxis = null } = w.values[positions] ?? {}
  const inputs = [w.map(input(o, 'map')), w.plain(positions)]
  const rows = batchAxis === null ? 'one' : 'batch'
  w.define(o.at, 'plain', w.emit({ op: 'sample', inputs, alignCorners, units: shape[1] ?? 0, rows }))
}

/** A reshape is written when somebody reads it: a linear layer may flatten the map itself. */
const reshape: Rule = (w, o) => {
  const value = w.values[o.at]
  const x = input(o, 'x' in o.inputs ? 'x' : 'input')
  if (value === undefined) return
  w.defer(o.at, () => w.emit({ op: 'reshape', inputs: [w.plain(x)], sizes: sizesOf(value) }))
}

/** Operations of ours, written as one. */
export const layerRules: Readonly<Record<string, Rule>> = {
  conv2d: conv('conv'),
  depthwiseConv2d: conv('depthwise'),
  batchNorm,
  maxPool: pooled('maxPool'),
  meanPool: pooled('meanPool'),
  dense,
  sampleMap: sample,
  Reshape: reshape,
  ExpandDims: reshape,
}
