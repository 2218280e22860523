import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { NATIVE_OPERATIONS } from '../../../../support/native-operations.ts'

/**
 * What each function of TensorFlow.js that the engine imports issues on the native backend, with its gradient. A function
 * that is new in the engine fails here until its operations are known and proved.
 */
const ISSUED: Readonly<Record<string, string>> = {
  abs: 'Abs',
  add: 'Add',
  addN: 'AddN',
  argMax: 'ArgMax',
  atanh: 'Atanh',
  avgPool: 'AvgPool AvgPoolGrad',
  batchNorm: 'FusedBatchNormV3',
  batchToSpaceND: 'BatchToSpaceND',
  cast: 'Cast',
  clipByValue: 'Minimum Maximum LogicalAnd Select',
  clone: '',
  concat: 'ConcatV2 SplitV',
  conv2d: 'Conv2D Conv2DBackpropInput Conv2DBackpropFilter',
  depthwiseConv2d:
    'DepthwiseConv2dNative DepthwiseConv2dNativeBackpropInput DepthwiseConv2dNativeBackpropFilter',
  div: 'RealDiv',
  elu: 'Elu EluGrad',
  equal: 'Equal',
  exp: 'Exp',
  expandDims: 'ExpandDims',
  fill: 'Fill',
  floor: 'Floor',
  gather: 'GatherV2 UnsortedSegmentSum',
  greater: 'Greater',
  greaterEqual: 'GreaterEqual',
  isNaN: 'IsNan',
  less: 'Less',
  lessEqual: 'LessEqual',
  log: 'Log',
  logSoftmax: 'Max Sub Exp Sum Log',
  logicalAnd: 'LogicalAnd',
  logicalNot: 'LogicalNot',
  matMul: 'BatchMatMulV2',
  max: 'Max',
  maxPool: 'MaxPool MaxPoolGrad',
  maximum: 'Maximum',
  mean: 'Mean',
  minimum: 'Minimum',
  moments: 'Mean SquaredDifference',
  mul: 'Mul',
  neg: 'Neg',
  oneHot: 'OneHot',
  ones: 'Fill',
  onesLike: 'OnesLike',
  pad: 'PadV2 Slice',
  range: 'Range',
  reciprocal: 'Reciprocal',
  relu: 'Relu',
  reshape: 'Reshape',
  reverse: 'ReverseV2',
  scatterND: 'ScatterNd',
  sigmoid: 'Sigmoid',
  sin: 'Sin Cos',
  slice: 'Slice PadV2',
  softmax: 'Softmax',
  softplus: 'Softplus',
  spaceToBatchND: 'SpaceToBatchND',
  split: 'SplitV',
  sqrt: 'Sqrt',
  square: 'Square',
  squaredDifference: 'SquaredDifference',
  squeeze: 'Reshape',
  stack: 'Pack Unpack',
  stridedSlice: 'StridedSlice',
  sub: 'Sub',
  sum: 'Sum',
  tanh: 'Tanh',
  tile: 'Tile',
  transpose: 'Transpose',
  where: 'Select',
  zeros: 'Fill',
  zerosLike: 'ZerosLike',
}

/** Functions that issue nothing: they make, keep or free tensors and choose backends. */
const SILENT =
  'backend backend_util dispose engine env getBackend getGradient getKernel getKernelsForBackend keep registerBackend registerGradient registerKernel removeBackend scalar setBackend tensor tensor1d tensor2d tensor3d tensor4d tidy unregisterKernel util'.split(
    ' ',
  )

const ENGINE = join(import.meta.dirname, '../../../../../src-main/engine')
const sources = readdirSync(ENGINE, { recursive: true, encoding: 'utf8' })
  .filter(
    (name) => name.endsWith('.ts') && !name.startsWith('proof') && !name.endsWith('tensor/operations.ts'),
  )
  .map((name) => readFileSync(join(ENGINE, name), 'utf8'))

/** Names imported from TensorFlow.js as values. */
const imported = new Set(
  sources
    .flatMap((text) => [...text.matchAll(/import \{([^}]*)\} from '@tensorflow\/tfjs-core'/g)])
    .flatMap(([, names = '']) => names.split(','))
    .map((name) => name.trim().split(' as ')[0] ?? '')
    .filter((name) => name !== '' && !name.startsWith('type ')),
)
/** Operations that the engine issues by their name. */
const named = new Set(
  sources.flatMap((text) => [...text.matchAll(/'([A-Z][A-Za-z0-9]+)'/g)].map(([, n]) => n)),
)

it('each function of TensorFlow.js in the engine has its operations in the proof', () => {
  expect(sources.some((text) => text.includes('import * as'))).toBe(false)
  const unknown = [...imported].filter((name) => !(name in ISSUED) && !SILENT.includes(name))
  expect(unknown).toEqual([])
  const issued = [...imported]
    .flatMap((name) => (ISSUED[name] ?? '').split(' '))
    .filter((name) => name !== '')
  expect(issued.filter((name) => !NATIVE_OPERATIONS.includes(name))).toEqual([])
})

it('the proof has no operation that the engine has no call for', () => {
  const issued = new Set([...imported].flatMap((name) => (ISSUED[name] ?? '').split(' ')))
  expect(NATIVE_OPERATIONS.filter((name) => !issued.has(name) && !named.has(name))).toEqual([])
})
