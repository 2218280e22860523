import type { GraphValue } from '../../engine/eval/trace-network.ts'
import type { NamedArray, NamedArrays, ParamSpec } from '../../engine/types.ts'
import { viewOf } from '../../engine/model/index.ts'
import type { GraphOp } from './graph.ts'

/** Names of a value as it is here (channels last), and as a map with channels first; each is made when it is first asked for. */
interface Forms {
  plain?: string
  map?: string
}

type Unnamed = GraphOp extends infer Op ? (Op extends GraphOp ? Omit<Op, 'output'> : never) : never

/** Writes the operations of an exchange graph, and turns values between both layouts where an operation needs the other one. */
export interface GraphWriter {
  readonly ops: GraphOp[]
  readonly weights: Map<string, NamedArray>
  readonly constants: Map<string, NamedArray>
  /** Adds an operation and gives the name of its output. */
  emit(op: Unnamed): string
  /** Says under which name a value is there. */
  define(place: number, form: keyof Forms, name: string): void
  /** Says how a value is made once it is asked for. */
  defer(place: number, make: () => string): void
  has(place: number, form: keyof Forms): boolean
  plain(place: number): string
  /** A value with four axes as [batch, channels, height, width]. */
  map(place: number): string
  /** The published name of a weight that is read as it is stored. */
  stored(place: number): string
  constant(array: NamedArray): string
  specAt(place: number): ParamSpec | undefined
  /** How many operations read a value. */
  uses(place: number): number
  readonly values: readonly GraphValue[]
}

/** How an operation of a trace is written; `at` is the place of its output. */
export interface Operation {
  readonly at: number
  readonly inputs: Readonly<Record<string, number>>
  readonly attrs: Readonly<Record<string, unknown>>
  readonly part: number
}
export type Rule = (writer: GraphWriter, operation: Operation) => void

const FIRST = [0, 3, 1, 2] as const
const LAST = [0, 2, 3, 1] as const

/** Sizes of a value for any batch: the axis of the batch is what is left. */
export const sizesOf = ({ shape, batchAxis }: Pick<GraphValue, 'shape' | 'batchAxis'>): readonly number[] =>
  shape.map((n, axis) => (axis === batchAxis ? -1 : n))

export function graphWriter(
  values: readonly GraphValue[],
  specs: readonly ParamSpec[],
  published: NamedArrays,
  constantsName: string,
): GraphWriter {
  const ops: GraphOp[] = []
  const forms: Forms[] = values.map(() => ({}))
  const deferred = new Map<number, () => string>()
  const emit = (op: Unnamed): string => {
    const output = `x${ops.length + 1}`
    ops.push({ ...op, output })
    return output
  }
  const { weights, constants, valueAt, specAt, stored, constant } = leaves(
    values,
    specs,
    published,
    constantsName,
  )
  const make = (place: number): string => {
    const value = valueAt(place)
    const spec = specAt(place)
    if (spec !== undefined) return ourLayout(stored(place), spec, emit)
    if (value.from.kind === 'constant') return constant(arrayOf(value.shape, value.from.data))
    const later = deferred.get(place)
    if (later !== undefined) return later()
    const map = forms[place]?.map
    if (map === undefined) throw new RangeError(`the trace uses value ${place} before it is there`)
    if (isOneCell(value)) return emit({ op: 'reshape', inputs: [map], sizes: sizesOf(value) })
    return emit({ op: 'transpose', inputs: [map], order: LAST })
  }
  const plain = (place: number): string => (forms[place]!.plain ??= make(place))
  const map = (place: number): string => {
    const value = valueAt(place)
    return (forms[place]!.map ??= isOneCell(value)
      ? emit({ op: 'reshape', inputs: [plain(place)], sizes: FIRST.map((axis) => sizesOf(value)[axis]!) })
      : emit({ op: 'transpose', inputs: [plain(place)], order: FIRST }))
  }
  const define = (place: number, form: keyof Forms, name: string): void => {
    forms[place]![form] = name
  }
  const defer = (place: number, later: () => string): void => void deferred.set(place, later)
  const uses = (place: number): number =>
    values.filter(({ from }) => from.kind === 'operation' && Object.values(from.inputs).includes(place))
      .length
  const has = (place: number, form: keyof Forms): boolean => forms[place]?.[form] !== undefined
  return { ops, weights, constants, emit, define, defer, has, plain, map, stored, constant, specAt, uses, values } // prettier-ignore
}

/** Whether a map has one cell: both layouts then hold the same numbers in the same order. */
const isOneCell = ({ shape }: Pick<GraphValue, 'shape'>): boolean => shape[1] === 1 && shape[2] === 1

/** A published tensor in our layout: seen with more axes, turned, and in our shape. */
function ourLayout(name: string, spec: ParamSpec, emit: GraphWriter['emit']): string {
  const { stored, axes, order } = viewOf(spec)
  const turned = order.map((axis) => axes[axis]!)
  let at = name
  if (axes.join() !== stored.join()) at = emit({ op: 'reshape', inputs: [at], sizes: axes })
  if (order.some((axis, i) => axis !== i)) at = emit({ op: 'transpose', inputs: [at], order })
  if (turned.join() !== spec.shape.join()) at = emit({ op: 'reshape', inputs: [at], sizes: spec.shape })
  return at
}

function arrayOf(shape: readonly number[], data: Float32Array | Int32Array | Uint8Array): NamedArray {
  const dtype = data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'uint8'
  return { shape, dtype, data }
}

/** Weights and constants: what operations read that no operation made. */
function leaves(
  values: readonly GraphValue[],
  specs: readonly ParamSpec[],
  published: NamedArrays,
  constantsName: string,
) {
  const weights = new Map<string, NamedArray>()
  const constants = new Map<string, NamedArray>()
  const byName = new Map(specs.map((spec) => [spec.name, spec]))
  const valueAt = (place: number): GraphValue => {
    const value = values[place]
    if (value === undefined) throw new RangeError(`the trace has no value ${place}`)
    return value
  }
  const specAt = (place: number): ParamSpec | undefined => {
    const { from } = valueAt(place)
    return from.kind === 'parameter' ? byName.get(from.name) : undefined
  }
  const stored = (place: number): string => {
    const name = specAt(place)?.torch.name ?? ''
    const array = published.get(name)
    if (array === undefined) throw new RangeError(`there is no weight ${name}`)
    weights.set(name, array)
    return name
  }
  const constant = (array: NamedArray): string => {
    const name = `${constantsName}.${constants.size}`
    constants.set(name, array)
    return name
  }
  return { weights, constants, valueAt, specAt, stored, constant }
}
