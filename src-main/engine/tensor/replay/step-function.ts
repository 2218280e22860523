import type { NativeAttr } from '../base/native-ops.ts'
import { bindingHere, DT_RESOURCE } from '../base/native-ops.ts'
import type { GraphNode } from './graph-def.ts'
import { ATTR_TYPE, graphDef } from './graph-def.ts'
import type { Operation, Source, Trace } from './trace.ts'

const PREFIX = 'cotrain_step_'
let functionCount = 0

/** Whether a name is that of a replayed step. */
export const isStepFunction = (name: string): boolean => name.startsWith(PREFIX)

/** A trace as one operation of TensorFlow. */
export interface StepFunction {
  readonly name: string
  /** Which of the tensors given it uses, in the order of its inputs. */
  readonly inputs: readonly number[]
  /** Those of which it is handed the variable and reads the value itself. */
  readonly reads: ReadonlySet<number>
}

/**
 * Registers a trace as a function with the outputs wanted of it. @param reads which of the tensors given it reads itself from the
 * variables that hold them @throws Error where TensorFlow refuses its graph
 */
export function addStepFunction(trace: Trace, reads: ReadonlySet<number> = new Set()): StepFunction {
  const name = `${PREFIX}${functionCount++}`
  const used = [...givenBy(trace)].toSorted((a, b) => a - b)
  const inputs = used.map((slot) =>
    reads.has(slot)
      ? { name: `variable_${slot}`, dtype: DT_RESOURCE }
      : { name: `given_${slot}`, dtype: trace.given[slot]! },
  )
  const values = used.filter((slot) => reads.has(slot)).map((slot) => readNode(trace, slot))
  const constants = trace.constants.map((constant, k) => ({ ...constant, name: `constant_${k}` }))
  const { waitsFor, changes } = orderOf(trace)
  const nodes = trace.operations.map((operation, op): GraphNode => ({
    name: nodeName(trace, op),
    op: operation.name,
    inputs: [
      ...operation.sources.map((source) => wordOf(trace, source)),
      ...waitsFor[op]!.map((earlier) => `^${nodeName(trace, earlier)}`),
    ],
    attrs: [...operation.attrs, ...missingType(operation, trace)],
  }))
  const outputs = trace.wanted.map((source, i) => outputNode(trace, source, i))
  bindingHere().addFunction!(
    name,
    graphDef(inputs, constants, [...values, ...nodes, ...outputs.flatMap(({ node }) => node ?? [])]),
    inputs.map((input) => input.name),
    outputs.map(({ word }) => word),
    changes.map((op) => nodeName(trace, op)),
  )
  return { name, inputs: used, reads }
}

const readNode = (trace: Trace, slot: number): GraphNode => ({
  name: `given_${slot}`,
  op: 'ReadVariableOp',
  inputs: [`variable_${slot}:0`],
  attrs: [{ name: 'dtype', type: ATTR_TYPE, value: trace.given[slot]! }],
})

/**
 * A graph does what it can at once: what reads a variable waits for the change before it, and what changes it for all before.
 * `changes`: operations that are done although nothing uses what they make.
 */
function orderOf({ given, operations }: Trace): {
  readonly waitsFor: readonly (readonly number[])[]
  readonly changes: readonly number[]
} {
  const changed = new Map<number, number>()
  const readSince = new Map<number, number[]>()
  const waitsFor = operations.map(({ sources, outputs }, op) => {
    const before = sources.flatMap((source) => {
      if (!('given' in source) || given[source.given] !== DT_RESOURCE) return []
      const slot = source.given
      const change = changed.get(slot)
      const reads = readSince.get(slot) ?? []
      if (outputs.length > 0) {
        readSince.set(slot, [...reads, op])
        return change ?? []
      }
      changed.set(slot, op)
      readSince.delete(slot)
      return reads.length > 0 ? reads : (change ?? [])
    })
    return [...new Set(before)]
  })
  return { waitsFor, changes: operations.flatMap(({ outputs }, op) => (outputs.length === 0 ? op : [])) }
}

function givenBy({ operations, wanted }: Trace): ReadonlySet<number> {
  const all = [...operations.flatMap(({ sources }) => sources), ...wanted]
  return new Set(all.flatMap((source) => ('given' in source ? [source.given] : [])))
}

const nodeName = ({ operations }: Trace, op: number): string => `${operations[op]!.name}_${op}`

const wordOf = (trace: Trace, source: Source): string =>
  'op' in source
    ? `${nodeName(trace, source.op)}:${source.out}`
    : 'given' in source
      ? `given_${source.given}:0`
      : `constant_${source.constant}:0`

/** An output that no operation makes goes through one that does nothing. */
function outputNode(
  trace: Trace,
  source: Source,
  i: number,
): { readonly word: string; readonly node: GraphNode | null } {
  const word = wordOf(trace, source)
  if ('op' in source) return { word, node: null }
  const name = `wanted_${i}`
  const attrs: NativeAttr[] = [{ name: 'T', type: ATTR_TYPE, value: typeOf(trace, source) }]
  return { word: `${name}:0`, node: { name, op: 'Identity', inputs: [word], attrs } }
}

/** TensorFlow's number of the type of a tensor. */
const typeOf = (trace: Trace, source: Source): number =>
  'op' in source
    ? trace.operations[source.op]!.outputs[source.out]!
    : 'given' in source
      ? trace.given[source.given]!
      : trace.constants[source.constant]!.dtype

/** Attributes that TensorFlow.js leaves to TensorFlow to find out from the inputs, which a graph does not do. */
const missingType = ({ name, attrs, sources }: Operation, trace: Trace): NativeAttr[] =>
  name === 'ExpandDims' && !attrs.some((attr) => attr.name === 'T')
    ? [{ name: 'T', type: ATTR_TYPE, value: typeOf(trace, sources[0]!) }]
    : []
