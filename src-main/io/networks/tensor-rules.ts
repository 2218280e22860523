import { z } from 'zod'
import type { BinaryOp, UnaryOp } from './graph.ts'
import type { GraphWriter, Operation, Rule } from './graph-writer.ts'
import { input, takeBias } from './layer-rules.ts'

const axisList = z.union([z.number().transform((n) => [n]), z.array(z.number())])

/** Where an axis of a map lies with channels first. */
const mapAxis = (axis: number): number => [0, 2, 3, 1][axis] ?? axis

const isMap = (w: GraphWriter, place: number): boolean =>
  w.values[place]?.shape.length === 4 && w.has(place, 'map')

const formOf = (w: GraphWriter, place: number): 'map' | 'plain' => (isMap(w, place) ? 'map' : 'plain')

/** The same function of every number keeps the layout that is there. */
const unary =
  (op: UnaryOp): Rule =>
  (w, o) => {
    const x = input(o, 'x')
    const form = formOf(w, x)
    w.define(o.at, form, w.emit({ op, inputs: [w[form](x)] }))
  }

/** A number, a value for each channel, or a map beside a map; null: there is no such form. */
function besideMap(w: GraphWriter, place: number): string | null {
  const { shape = [] } = w.values[place] ?? {}
  if (shape.length === 4) return w.map(place)
  if (shape.length === 0) return w.plain(place)
  if (shape.length > 1) return null
  return w.emit({ op: 'reshape', inputs: [w.plain(place)], sizes: [shape[0] ?? 0, 1, 1] })
}

const binary =
  (op: BinaryOp): Rule =>
  (w, o) => {
    const [a, b] = [input(o, 'a'), input(o, 'b')]
    if (isMap(w, a) || isMap(w, b)) {
      const isBias = op === 'add' && w.values[b]?.shape.length === 1 && isMap(w, a)
      if (isBias && takeBias(w, a, w.plain(b))) return w.define(o.at, 'map', w.map(a))
      const sides = [besideMap(w, a), besideMap(w, b)]
      const inputs = sides.filter((side) => side !== null)
      if (inputs.length === 2) return w.define(o.at, 'map', w.emit({ op, inputs }))
    }
    w.define(o.at, 'plain', w.emit({ op, inputs: [w.plain(a), w.plain(b)] }))
  }

const square: Rule = (w, o) => {
  const x = input(o, 'x')
  const form = formOf(w, x)
  w.define(o.at, form, w.emit({ op: 'mul', inputs: [w[form](x), w[form](x)] }))
}

/** The inputs of an operation on a list, in order. */
const listed = ({ inputs }: Operation): readonly number[] =>
  Object.keys(inputs)
    .sort((a, b) => Number(a) - Number(b))
    .map((key) => inputs[key]!)

const sumOfAll: Rule = (w, o) => {
  const places = listed(o)
  const form = places.every((p) => isMap(w, p)) ? 'map' : 'plain'
  const names = places.map((p) => w[form](p))
  w.define(
    o.at,
    form,
    names.reduce((a, b) => w.emit({ op: 'add', inputs: [a, b] })),
  )
}

const concat: Rule = (w, o) => {
  const places = listed(o)
  const { axis } = z.object({ axis: z.number() }).parse(o.attrs)
  const form = places.every((p) => w.values[p]?.shape.length === 4) ? 'map' : 'plain'
  const inputs = places.map((p) => w[form](p))
  w.define(o.at, form, w.emit({ op: 'concat', inputs, axis: form === 'map' ? mapAxis(axis) : axis }))
}

const reduced =
  (op: 'sum' | 'mean' | 'max'): Rule =>
  (w, o) => {
    const x = input(o, 'x')
    const attrs = z
      .object({ axis: axisList.optional(), reductionIndices: axisList.optional(), keepDims: z.boolean() })
      .parse(o.attrs)
    const rank = w.values[x]?.shape.length ?? 0
    const axes = (attrs.axis ?? attrs.reductionIndices ?? []).map((axis) => (axis < 0 ? axis + rank : axis))
    const overCells = isMap(w, x) && axes.join() === '1,2'
    if (!overCells)
      return w.define(o.at, 'plain', w.emit({ op, inputs: [w.plain(x)], axes, keep: attrs.keepDims }))
    const y = w.emit({ op, inputs: [w.map(x)], axes: [2, 3], keep: attrs.keepDims })
    w.define(o.at, attrs.keepDims ? 'map' : 'plain', y)
  }

const transpose: Rule = (w, o) => {
  const { perm: order } = z.object({ perm: z.array(z.number()) }).parse(o.attrs)
  w.define(o.at, 'plain', w.emit({ op: 'transpose', inputs: [w.plain(input(o, 'x'))], order }))
}

const matMul: Rule = (w, o) => {
  const { transposeA, transposeB } = z
    .object({ transposeA: z.boolean(), transposeB: z.boolean() })
    .parse(o.attrs)
  const side = (name: 'a' | 'b', turned: boolean): string => {
    const place = input(o, name)
    const axes = w.values[place]?.shape.map((_, i) => i) ?? []
    const order = [...axes.slice(0, -2), ...axes.slice(-2).toReversed()]
    return turned ? w.emit({ op: 'transpose', inputs: [w.plain(place)], order }) : w.plain(place)
  }
  w.define(o.at, 'plain', w.emit({ op: 'matmul', inputs: [side('a', transposeA), side('b', transposeB)] }))
}

const clip: Rule = (w, o) => {
  const { clipValueMin, clipValueMax } = z
    .object({ clipValueMin: z.number(), clipValueMax: z.number() })
    .parse(o.attrs)
  const x = input(o, 'x')
  const form = formOf(w, x)
  w.define(o.at, form, w.emit({ op: 'clip', inputs: [w[form](x)], low: clipValueMin, high: clipValueMax }))
}

/** Parts of a value; the axis of the batch is always taken whole. */
const slice: Rule = (w, o) => {
  const { begin, size } = z.object({ begin: z.array(z.number()), size: z.array(z.number()) }).parse(o.attrs)
  const x = input(o, 'x')
  const { shape = [] } = w.values[x] ?? {}
  const axes = begin.flatMap((from, axis) => {
    const length = size[axis] === -1 ? shape[axis]! - from : size[axis]!
    return from === 0 && length === shape[axis] ? [] : [{ axis, begin: from, end: from + length }]
  })
  w.define(o.at, 'plain', w.emit({ op: 'slice', inputs: [w.plain(x)], axes }))
}

/** One of the parts that a value is split into. */
const split: Rule = (w, o) => {
  const { axis } = z.object({ axis: z.number() }).parse(o.attrs)
  const { shape = [] } = w.values[o.at] ?? {}
  const at = axis < 0 ? axis + shape.length : axis
  const length = shape[at] ?? 0
  const axes = [{ axis: at, begin: o.part * length, end: (o.part + 1) * length }]
  w.define(o.at, 'plain', w.emit({ op: 'slice', inputs: [w.plain(input(o, 'x'))], axes }))
}

const tile: Rule = (w, o) => {
  const { reps } = z.object({ reps: z.array(z.number()) }).parse(o.attrs)
  const x = input(o, 'x')
  const form = formOf(w, x)
  const times = form === 'map' ? [0, 3, 1, 2].map((axis) => reps[axis]!) : reps
  w.define(o.at, form, w.emit({ op: 'repeat', inputs: [w[form](x)], times }))
}

const softmax: Rule = (w, o) => {
  const x = input(o, 'logits')
  const axis = (w.values[x]?.shape.length ?? 1) - 1
  w.define(o.at, 'plain', w.emit({ op: 'softmax', inputs: [w.plain(x)], axis }))
}

/** Kernels of TensorFlow.js. */
export const tensorRules: Readonly<Record<string, Rule>> = {
  Relu: unary('relu'),
  Elu: unary('elu'),
  Sigmoid: unary('sigmoid'),
  Tanh: unary('tanh'),
  Exp: unary('exp'),
  Softplus: unary('softplus'),
  Sin: unary('sin'),
  Sqrt: unary('sqrt'),
  Abs: unary('abs'),
  Neg: unary('neg'),
  Square: square,
  Add: binary('add'),
  Sub: binary('sub'),
  Multiply: binary('mul'),
  RealDiv: binary('div'),
  Maximum: binary('maximum'),
  Minimum: binary('minimum'),
  AddN: sumOfAll,
  Concat: concat,
  Sum: reduced('sum'),
  Mean: reduced('mean'),
  Max: reduced('max'),
  Transpose: transpose,
  BatchMatMul: matMul,
  ClipByValue: clip,
  Slice: slice,
  SplitV: split,
  Tile: tile,
  Softmax: softmax,
}
