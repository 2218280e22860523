import type { BinaryOp, ExchangeGraph, GraphOp, UnaryOp } from './graph.ts'

/** One node of an ONNX graph. Numbers are integers; floats come as `{ float }`. */
export interface OnnxNode {
  readonly op: string
  readonly inputs: readonly string[]
  readonly output: string
  readonly attrs: Readonly<Record<string, number | string | readonly number[] | { readonly float: number }>>
}

const PLAIN: Readonly<Record<UnaryOp | BinaryOp | 'matmul', string>> = {
  relu: 'Relu',
  elu: 'Elu',
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  exp: 'Exp',
  softplus: 'Softplus',
  sin: 'Sin',
  sqrt: 'Sqrt',
  abs: 'Abs',
  neg: 'Neg',
  add: 'Add',
  sub: 'Sub',
  mul: 'Mul',
  div: 'Div',
  maximum: 'Max',
  minimum: 'Min',
  matmul: 'MatMul',
}

/** The nodes of a graph, and the lists of whole numbers (sizes, axes) that they read, by name. */
export function onnxNodes({ ops }: Pick<ExchangeGraph, 'ops'>): {
  readonly nodes: readonly OnnxNode[]
  readonly sizes: ReadonlyMap<string, readonly number[]>
} {
  const nodes: OnnxNode[] = []
  const sizes = new Map<string, readonly number[]>()
  const add = (
    op: string,
    inputs: readonly string[],
    output: string,
    attrs: OnnxNode['attrs'] = {},
  ): string => {
    nodes.push({ op, inputs, output, attrs })
    return output
  }
  const list = (values: readonly number[]): string => {
    const name = `sizes.${values.join('_')}`
    sizes.set(name, values)
    return name
  }
  for (const op of ops) write(op, { add, list })
  return { nodes, sizes }
}

interface Writer {
  add(op: string, inputs: readonly string[], output: string, attrs?: OnnxNode['attrs']): string
  list(values: readonly number[]): string
}

function write(o: GraphOp, { add, list }: Writer): void {
  const { inputs, output } = o
  const [x = ''] = inputs
  switch (o.op) {
    case 'conv': {
      const attrs = { strides: [o.stride, o.stride], dilations: [o.dilation, o.dilation], pads: [...o.pads, ...o.pads], group: o.groups } // prettier-ignore
      return void add('Conv', inputs, output, attrs)
    }
    case 'batchNorm':
      return void add('BatchNormalization', inputs, output, { epsilon: { float: o.epsilon } })
    case 'maxPool':
    case 'meanPool': {
      const window = { kernel_shape: [o.size, o.size], strides: [o.stride, o.stride], pads: Array.from({ length: 4 }, () => o.pad) } // prettier-ignore
      return void add(o.op === 'maxPool' ? 'MaxPool' : 'AveragePool', inputs, output, window)
    }
    case 'linear':
      return void add('Gemm', inputs, output, { transB: 1 })
    case 'sample':
      return sample(o, { add, list })
    case 'softmax':
      return void add('Softmax', inputs, output, { axis: o.axis })
    case 'clip':
      return clip(o, { add, list })
    case 'reshape':
      return void add('Reshape', [x, list(o.sizes)], output)
    case 'transpose':
      return void add('Transpose', inputs, output, { perm: o.order })
    case 'concat':
      return void add('Concat', inputs, output, { axis: o.axis })
    case 'slice': {
      const along = (of: 'begin' | 'end' | 'axis'): string => list(o.axes.map((axis) => axis[of]))
      return void add('Slice', [x, along('begin'), along('end'), along('axis')], output)
    }
    case 'sum':
      return void add('ReduceSum', [x, list(o.axes)], output, { keepdims: Number(o.keep) })
    case 'mean':
    case 'max':
      return void add(o.op === 'mean' ? 'ReduceMean' : 'ReduceMax', inputs, output, { axes: o.axes, keepdims: Number(o.keep) }) // prettier-ignore
    case 'repeat':
      return void add('Tile', [x, list(o.times)], output)
    default:
      return void add(PLAIN[o.op], inputs, output)
  }
}

/** Clip reads its bounds as tensors. */
function clip(o: Extract<GraphOp, { op: 'clip' }>, { add }: Writer): void {
  const bound = (value: number): string =>
    add('Constant', [], `${o.output}.${value === o.low ? 'low' : 'high'}`, { value_float: { float: value } })
  add('Clip', [o.inputs[0] ?? '', bound(o.low), bound(o.high)], o.output)
}

/** GridSample wants a grid [batch, rows, columns, 2] for each image; units lie along its rows. */
function sample(o: Extract<GraphOp, { op: 'sample' }>, { add, list }: Writer): void {
  const [map = '', positions = ''] = o.inputs
  const at = (step: string): string => `${o.output}.${step}`
  let grid = add('Unsqueeze', [positions, list([2])], at('column'))
  if (o.rows === 'one') {
    const batch = add('Slice', [add('Shape', [map], at('shape')), list([0]), list([1])], at('batch'))
    const size = add('Concat', [batch, list([o.units, 1, 2])], at('size'), { axis: 0 })
    grid = add('Expand', [grid, size], at('grid'))
  }
  const attrs = { mode: 'bilinear', padding_mode: 'zeros', align_corners: Number(o.alignCorners) }
  const sampled = add('GridSample', [map, grid], at('sampled'), attrs)
  const rows = add('Squeeze', [sampled, list([3])], at('rows'))
  add('Transpose', [rows], o.output, { perm: [0, 2, 1] })
}
