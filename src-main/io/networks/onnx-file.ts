import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import type { NamedArray } from '../../engine/types.ts'
import type { ExchangeGraph } from './graph.ts'
import type { OnnxNode } from './onnx-nodes.ts'
import { onnxNodes } from './onnx-nodes.ts'

/** Version of the format and of the operators, of ONNX 1.12: what every runtime since 2022 reads. */
const ONNX_VERSION = { ir: 8, opset: 17 } as const

/** Numbers of onnx/onnx.proto: TensorProto.DataType, AttributeProto.AttributeType. */
const TYPES = { float32: 1, uint8: 2, int32: 6, int64: 7 } as const
const ATTRIBUTE = { float: 1, int: 2, text: 3, ints: 7 } as const

const LEN = WireType.LengthDelimited
const VARINT = WireType.Varint
type Fill = (w: BinaryWriter) => BinaryWriter
const message = (w: BinaryWriter, field: number, fill: Fill): BinaryWriter =>
  fill(w.tag(field, LEN).fork()).join()
const text = (w: BinaryWriter, field: number, value: string): BinaryWriter => w.tag(field, LEN).string(value)
const int = (w: BinaryWriter, field: number, value: number): BinaryWriter => w.tag(field, VARINT).int64(value)

export interface OnnxFacts {
  readonly description: string
  /** Shown by viewers: what the run was, how images are normalised. */
  readonly metadata: Readonly<Record<string, string>>
}

/**
 * A network as an ONNX file: images [batch, channels, height, width] to the answers [batch, columns], for any batch. The numbers of the
 * fields are those of onnx/onnx.proto.
 */
export function onnxFile(graph: ExchangeGraph, facts: OnnxFacts): Uint8Array {
  const { nodes, sizes } = onnxNodes(graph)
  const w = int(new BinaryWriter(), 1, ONNX_VERSION.ir)
  text(w, 2, 'CoTrain')
  text(w, 6, facts.description)
  message(w, 7, (g) => {
    nodes.forEach((node) => message(g, 1, (n) => nodeMessage(n, node)))
    text(g, 2, 'network')
    for (const [name, array] of [...graph.weights, ...graph.constants])
      message(g, 5, (t) => tensor(t, name, array))
    for (const [name, values] of sizes) message(g, 5, (t) => longs(t, name, values))
    const { channels, height, width } = graph.images
    message(g, 11, (v) => valueInfo(v, graph.images.name, [channels, height, width]))
    return message(g, 12, (v) => valueInfo(v, graph.output.name, [graph.output.columns]))
  })
  message(w, 8, (opset) => int(text(opset, 1, ''), 2, ONNX_VERSION.opset))
  for (const [key, value] of Object.entries(facts.metadata))
    message(w, 14, (entry) => text(text(entry, 1, key), 2, value))
  return w.finish()
}

/** NodeProto: input 1, output 2, name 3, op_type 4, attribute 5. */
function nodeMessage(w: BinaryWriter, { op, inputs, output, attrs }: OnnxNode): BinaryWriter {
  inputs.forEach((name) => text(w, 1, name))
  text(text(text(w, 2, output), 3, `${op} ${output}`), 4, op)
  for (const [name, value] of Object.entries(attrs)) message(w, 5, (a) => attribute(text(a, 1, name), value))
  return w
}

/** AttributeProto: f 2, i 3, s 4, ints 8, type 20. Whole numbers are ints: floats come marked. */
function attribute(w: BinaryWriter, value: OnnxNode['attrs'][string]): BinaryWriter {
  if (typeof value === 'number') return int(int(w, 3, value), 20, ATTRIBUTE.int)
  if (typeof value === 'string') return int(text(w, 4, value), 20, ATTRIBUTE.text)
  if ('float' in value) return int(w.tag(2, WireType.Bit32).float(value.float), 20, ATTRIBUTE.float)
  value.forEach((n) => int(w, 8, n))
  return int(w, 20, ATTRIBUTE.ints)
}

/** TensorProto: dims 1, data_type 2, name 8, raw_data 9, little endian. */
function tensor(w: BinaryWriter, name: string, { shape, dtype, data }: NamedArray): BinaryWriter {
  shape.forEach((n) => int(w, 1, n))
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return text(int(w, 2, TYPES[dtype]), 8, name)
    .tag(9, LEN)
    .bytes(bytes)
}

function longs(w: BinaryWriter, name: string, values: readonly number[]): BinaryWriter {
  const raw = new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer)
  return text(int(int(w, 1, values.length), 2, TYPES.int64), 8, name)
    .tag(9, LEN)
    .bytes(raw)
}

/** ValueInfoProto: name 1, type 2 with tensor_type 1 of elem_type 1 and shape 2; the first axis is any number of images. */
const valueInfo = (w: BinaryWriter, name: string, sizes: readonly number[]): BinaryWriter =>
  message(text(w, 1, name), 2, (type) =>
    message(type, 1, (t) =>
      message(int(t, 1, TYPES.float32), 2, (shape) => {
        message(shape, 1, (dim) => text(dim, 2, 'batch'))
        sizes.forEach((n) => message(shape, 1, (dim) => int(dim, 1, n)))
        return shape
      }),
    ),
  )
