import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import type { NativeAttr } from '../base/native-ops.ts'
import { DT_INT32 } from '../base/native-ops.ts'
import type { Constant } from './trace.ts'

/** A node of a graph: an operation whose inputs are `node:output`. */
export interface GraphNode {
  readonly name: string
  readonly op: string
  readonly inputs: readonly string[]
  readonly attrs: readonly NativeAttr[]
}

/** A place for a tensor that is handed over at each call. */
export interface GraphInput {
  readonly name: string
  readonly dtype: number
}

/** Type codes of attributes in TensorFlow's C interface. */
const [STRING, INT, FLOAT, BOOL, SHAPE] = [0, 1, 2, 3, 5]
export const ATTR_TYPE = 4
/** Lowest number of TensorFlow's graph format that has all that is written here (releases of 2022 and later read it). */
const PRODUCER = 1000

type NamedConstant = Constant & { readonly name: string }
type Write = (writer: BinaryWriter) => void

/** TensorFlow's GraphDef in the bytes of its protocol buffers (tensorflow/core/framework: graph, node_def, attr_value, tensor). */
export function graphDef(
  inputs: readonly GraphInput[],
  constants: readonly NamedConstant[],
  nodes: readonly GraphNode[],
): Uint8Array {
  const writer = new BinaryWriter()
  for (const { name, dtype } of inputs)
    message(writer, 1, node(name, 'Placeholder', [], [attr('dtype', (w) => enumerated(w, 6, dtype))]))
  for (const constant of constants) for (const each of constantNodes(constant)) message(writer, 1, each)
  for (const { name, op, inputs: from, attrs } of nodes)
    message(
      writer,
      1,
      node(
        name,
        op,
        from,
        attrs.map((each) => attr(each.name, attrValue(each))),
      ),
    )
  message(writer, 4, (w) => enumerated(w, 1, PRODUCER))
  return writer.finish()
}

/** NodeDef: name 1, op 2, input 3, attr 5. */
const node =
  (name: string, op: string, inputs: readonly string[], attrs: readonly Write[]): Write =>
  (writer) => {
    text(writer, 1, name)
    text(writer, 2, op)
    for (const input of inputs) text(writer, 3, input)
    for (const each of attrs) message(writer, 5, each)
  }

/** An entry of the map of attributes: its key 1, an AttrValue 2. */
const attr =
  (name: string, value: Write): Write =>
  (writer) => {
    text(writer, 1, name)
    message(writer, 2, value)
  }

/** One number in many places is filled in when the graph runs: it takes no memory between. */
function constantNodes(constant: NamedConstant): readonly Write[] {
  const { name, dtype, shape, isUniform } = constant
  if (!isUniform) return [constantNode(constant)]
  const dims = new Uint8Array(Int32Array.from(shape).buffer)
  const attrs = [
    attr('T', (w) => enumerated(w, 6, dtype)),
    attr('index_type', (w) => enumerated(w, 6, DT_INT32)),
  ]
  return [
    constantNode({ name: `${name}_shape`, dtype: DT_INT32, shape: [shape.length], bytes: dims }),
    constantNode({ ...constant, name: `${name}_value`, shape: [] }),
    node(name, 'Fill', [`${name}_shape:0`, `${name}_value:0`], attrs),
  ]
}

/** TensorProto: dtype 1, tensor_shape 2, tensor_content 4. */
const constantNode = ({ name, dtype, shape, bytes }: Omit<NamedConstant, 'isUniform'>): Write =>
  node(
    name,
    'Const',
    [],
    [
      attr('dtype', (w) => enumerated(w, 6, dtype)),
      attr('value', (w) =>
        message(w, 8, (tensor) => {
          enumerated(tensor, 1, dtype)
          message(tensor, 2, shapeProto(shape))
          tensor.tag(4, WireType.LengthDelimited).bytes(bytes)
        }),
      ),
    ],
  )

const isNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((n) => typeof n === 'number')

/** AttrValue: list 1 (its i 3), s 2, i 3, f 4, b 5, type 6, shape 7. @throws Error for a kind that no operation of the engine has */
function attrValue({ name, type, value }: NativeAttr): Write {
  if (type === INT && isNumbers(value))
    return (w) => message(w, 1, (list) => message(list, 3, (packed) => value.forEach((n) => packed.int64(n))))
  if (type === STRING && typeof value === 'string') return (w) => text(w, 2, value)
  if (type === INT && typeof value === 'number') return (w) => w.tag(3, WireType.Varint).int64(value)
  if (type === FLOAT && typeof value === 'number') return (w) => w.tag(4, WireType.Bit32).float(value)
  if (type === BOOL && typeof value === 'boolean') return (w) => w.tag(5, WireType.Varint).bool(value)
  if (type === ATTR_TYPE && typeof value === 'number') return (w) => enumerated(w, 6, value)
  if (type === SHAPE && isNumbers(value)) return (w) => message(w, 7, shapeProto(value))
  throw new Error(`the attribute ${name} of kind ${type} cannot be written into a graph`)
}

/** TensorShapeProto: dim 2, its size 1. */
const shapeProto =
  (shape: readonly number[]): Write =>
  (writer) => {
    for (const size of shape) message(writer, 2, (dim) => dim.tag(1, WireType.Varint).int64(size))
  }

function message(writer: BinaryWriter, field: number, write: Write): void {
  writer.tag(field, WireType.LengthDelimited).fork()
  write(writer)
  writer.join()
}

const text = (writer: BinaryWriter, field: number, value: string): void =>
  void writer.tag(field, WireType.LengthDelimited).string(value)
const enumerated = (writer: BinaryWriter, field: number, value: number): void =>
  void writer.tag(field, WireType.Varint).int32(value)
