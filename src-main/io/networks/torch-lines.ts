import type { BinaryOp, ExchangeGraph, GraphOp, UnaryOp } from './graph.ts'

const UNARY: Readonly<Record<UnaryOp, string>> = {
  relu: 'F.relu',
  elu: 'F.elu',
  sigmoid: 'torch.sigmoid',
  tanh: 'torch.tanh',
  exp: 'torch.exp',
  softplus: 'F.softplus',
  sin: 'torch.sin',
  sqrt: 'torch.sqrt',
  abs: 'torch.abs',
  neg: 'torch.neg',
}
const INFIX: Partial<Readonly<Record<BinaryOp | 'matmul', string>>> = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  matmul: '@',
}

/** The operations of a graph as lines of Python: `w` holds the weights, `c` the constants, `images` the pictures. */
export function torchLines(graph: ExchangeGraph): readonly string[] {
  const names = new Map<string, string>()
  const of = (name: string): string => names.get(name) ?? reference(name, graph)
  return [
    ...graph.ops.map((op, i) => {
      const target = `x${i + 1}`
      const line = `${target} = ${expression(op, op.inputs.map(of))}`
      names.set(op.output, target)
      return line
    }),
    `return ${of(graph.output.name)}`,
  ]
}

/** A weight by its published name, a constant, a plain number, or the images. */
function reference(name: string, { weights, constants }: ExchangeGraph): string {
  if (weights.has(name)) return `w[${JSON.stringify(name)}]`
  const constant = constants.get(name)
  if (constant === undefined) return name
  return constant.shape.length === 0 ? numberText(constant.data[0] ?? 0) : `c[${JSON.stringify(name)}]`
}

const numberText = (value: number): string =>
  Number.isFinite(value) ? String(value) : `float(${value < 0 ? '"-inf"' : '"inf"'})`
const tuple = (values: readonly number[]): string => `(${values.join(', ')}${values.length === 1 ? ',' : ''})`

function expression(o: GraphOp, inputs: readonly string[]): string {
  const [x = '', y = ''] = inputs
  const all = inputs.join(', ')
  switch (o.op) {
    case 'conv':
      return `F.conv2d(${all}, stride=${o.stride}, padding=${tuple(o.pads)}${o.dilation === 1 ? '' : `, dilation=${o.dilation}`}${o.groups === 1 ? '' : `, groups=${o.groups}`})`
    case 'batchNorm': {
      const [, scale, shift, mean, variance] = inputs
      return `F.batch_norm(${x}, ${mean}, ${variance}, ${scale}, ${shift}, eps=${o.epsilon})`
    }
    case 'maxPool':
      return `F.max_pool2d(${x}, ${o.size}, stride=${o.stride}, padding=${o.pad})`
    case 'meanPool':
      return `F.avg_pool2d(${x}, ${o.size}, stride=${o.stride}, padding=${o.pad})`
    case 'linear':
      return `F.linear(${all})`
    case 'sample':
      return `sample(${x}, ${y}, align_corners=${o.alignCorners ? 'True' : 'False'})`
    case 'softmax':
      return `torch.softmax(${x}, dim=${o.axis})`
    case 'clip':
      return `torch.clamp(${x}, ${numberText(o.low)}, ${numberText(o.high)})`
    case 'reshape':
      return `${x}.reshape${tuple(o.sizes).replace(/,\)$/, ')')}`
    case 'transpose':
      return `${x}.permute${tuple(o.order)}`
    case 'concat':
      return `torch.cat([${all}], dim=${o.axis})`
    case 'slice': {
      const last = o.axes.reduce((most, { axis }) => Math.max(most, axis), 0)
      const part = (axis: number): string => {
        const found = o.axes.find((a) => a.axis === axis)
        return found === undefined ? ':' : `${found.begin}:${found.end}`
      }
      return `${x}[${Array.from({ length: last + 1 }, (_, axis) => part(axis)).join(', ')}]`
    }
    case 'sum':
    case 'mean':
      return `${x}.${o.op}(dim=${tuple(o.axes)}, keepdim=${o.keep ? 'True' : 'False'})`
    case 'max':
      return `torch.amax(${x}, dim=${tuple(o.axes)}, keepdim=${o.keep ? 'True' : 'False'})`
    case 'repeat':
      return `${x}.repeat${tuple(o.times)}`
    default:
      return plainExpression(o.op, inputs)
  }
}

/** A function of every number, or an operator between two values. */
function plainExpression(op: UnaryOp | BinaryOp | 'matmul', [x = '', y = '']: readonly string[]): string {
  const sign = INFIX[op as BinaryOp]
  if (sign !== undefined) return `${x} ${sign} ${y}`
  return op === 'maximum' || op === 'minimum' ? `torch.${op}(${x}, ${y})` : `${UNARY[op as UnaryOp]}(${x})`
}
