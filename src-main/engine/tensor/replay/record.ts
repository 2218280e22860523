import type { Tensor } from '@tensorflow/tfjs-core'
import { tensor } from '@tensorflow/tfjs-core'
import type { Rng } from '../../../../src-shared/util/rng.ts'
import type { Binding } from '../base/native-ops.ts'
import { bindingHere, DT_FLOAT, DT_RESOURCE, handlesOf, withBinding } from '../base/native-ops.ts'
import type { Constant, Operation, Source, Trace } from './trace.ts'

/** Random numbers that an operation needs anew at each step. */
export interface Draw {
  readonly purpose: string | number
  readonly shape: readonly number[]
  readonly fill: (rng: Rng, count: number) => Float32Array
}

interface Recording {
  readonly rng: Rng | undefined
  readonly draws: Draw[]
  readonly sources: Map<number, Source>
  /** Types of what is given: first the tensors of the caller, then the variables, then what is drawn. */
  readonly types: number[]
  readonly constants: Constant[]
  readonly operations: Operation[]
  values: number
  /** Why it cannot be replayed. */
  refusal: string | null
}

let current: Recording | null = null

/**
 * A tensor of random numbers from the stream that `rng` has for a purpose. What a step draws goes through here, so that a step that
 * is replayed draws anew what it drew. @param fill as many numbers as the shape has
 */
export function drawn<T extends Tensor>(rng: Rng, draw: Draw): T {
  const made = drawAnew(rng, draw) as T // the rank of its shape
  if (current === null) return made
  if (rng !== current.rng) current.refusal ??= `it draws "${draw.purpose}" from a stream of its own`
  const recording = current
  // Uploaded past the record: to the trace it is given.
  const id = withBinding(bindingBelow!, () => handlesOf([made])[0]!)
  recording.sources.set(id, { given: recording.types.push(DT_FLOAT) - 1 })
  recording.draws.push(draw)
  return made
}

/** Draws what a step that is replayed has drawn. */
export function drawAnew(rng: Rng, { purpose, shape, fill }: Draw): Tensor {
  const count = shape.reduce((product, n) => product * n, 1)
  return tensor(fill(rng.fork(purpose), count), [...shape], 'float32')
}

let bindingBelow: Binding | null = null

export interface Recorded {
  /** Null where `refusal` says why there is none. */
  readonly trace: Trace | null
  readonly draws: readonly Draw[]
  readonly refusal: string | null
}

/**
 * Does `run`, operation by operation as always, and notes what it did. Everything it works on is `given`, drawn from `rng` or numbers
 * of the program itself; it changes none but the `variables` (their handles). Anything else, or a value that is read, is a refusal.
 */
export function record<T>(
  { given, variables }: { readonly given: readonly Tensor[]; readonly variables: readonly number[] },
  rng: Rng | undefined,
  run: () => T,
  wanted: (result: T) => readonly Tensor[],
): { readonly result: T; readonly recorded: Recorded } {
  const below = bindingHere()
  const recording: Recording = {
    rng,
    draws: [],
    sources: new Map(),
    types: [],
    constants: [],
    operations: [],
    values: 0,
    refusal: null,
  }
  handlesOf(given).forEach((id, slot) => {
    recording.sources.set(id, { given: slot })
    recording.types.push(typeNumber(given[slot]!, below))
  })
  for (const id of variables) recording.sources.set(id, { given: recording.types.push(DT_RESOURCE) - 1 })
  current = recording
  bindingBelow = below
  try {
    const { result, handles } = withBinding(noting(below, recording), () => {
      const result = run()
      return { result, handles: handlesOf(wanted(result)) } // numbers of the program are uploaded here at the latest
    })
    const outputs = handles.map((id) => recording.sources.get(id))
    if (outputs.includes(undefined)) recording.refusal ??= 'what comes out of it was there before'
    const { types, constants, operations, values, draws, refusal } = recording
    const trace: Trace = { given: types, constants, operations, wanted: outputs as Source[], values } // none is missing
    return { result, recorded: { trace: refusal === null ? trace : null, draws, refusal } }
  } finally {
    current = null
    bindingBelow = null
  }
}

function typeNumber({ dtype }: Tensor, { TF_INT32, TF_BOOL, TF_FLOAT }: Binding): number {
  return dtype === 'int32' ? TF_INT32 : dtype === 'bool' ? TF_BOOL : TF_FLOAT
}

const isVariable = ({ types }: Recording, source: Source | undefined): boolean =>
  source !== undefined && 'given' in source && types[source.given] === DT_RESOURCE

/** The same binding, which notes what it is asked for. */
function noting(below: Binding, recording: Recording): Binding {
  const own: Partial<Binding> = {
    executeOp: (name, attrs, inputs, outputs) => {
      const sources = inputs.map((id) => recording.sources.get(id))
      const made = below.executeOp(name, attrs, inputs, outputs)
      const op = recording.operations.length
      made.forEach(({ id }, out) => recording.sources.set(id, { op, out }))
      if (outputs === 0 && !isVariable(recording, sources[0]))
        recording.refusal ??= `${name} changes what was there before`
      if (sources.includes(undefined))
        recording.refusal ??= `${name} works on a tensor that was there before and was not given`
      recording.operations.push({
        name,
        attrs: [...attrs],
        sources: sources as Source[],
        outputs: made.map(({ dtype }) => dtype),
      })
      for (const { shape } of made) recording.values += shape.reduce((product, side) => product * side, 1)
      return made
    },
    createTensor: (shape, dtype, values) => {
      const id = below.createTensor(shape, dtype, values)
      if (!ArrayBuffer.isView(values))
        recording.refusal ??= 'it works on numbers of a kind that no trace holds'
      else
        recording.sources.set(id, {
          constant: recording.constants.push({ shape: [...shape], dtype, ...contentOf(values) }) - 1,
        })
      return id
    },
    tensorDataSync: (id) => {
      recording.refusal ??= 'it reads a value'
      return below.tensorDataSync(id)
    },
  }
  const properties = Object.entries(own).map(([name, value]) => [name, { value: value }])
  return Object.create(below, Object.fromEntries(properties) as PropertyDescriptorMap) as Binding
}

/** Longer lists of one number are kept as that number: TensorFlow.js fills an array of ones for the gradient of a sum. */
const SHORT = 1024

/** A copy: the program may use the numbers for something else later. */
function contentOf(values: ArrayBufferView): Pick<Constant, 'bytes' | 'isUniform'> {
  const isUniform =
    values instanceof Float32Array &&
    values.length > SHORT &&
    values.every((value) => Object.is(value, values[0]))
  const { buffer, byteOffset, byteLength } = isUniform ? values.subarray(0, 1) : values
  return { bytes: new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength)), isUniform }
}
