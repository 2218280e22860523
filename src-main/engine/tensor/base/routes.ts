/**
 * Operations of the library that have an own route here, made of other operations: slower, and right where a kernel of
 * the library is not. Convolutions between single channels go by themselves: libraries have kernels of their own for them, which
 * were found wrong where all others were right.
 */
export const OWN_ROUTES = [
  'Conv2D',
  'Conv2DBackpropInput',
  'Conv2DBackpropFilter',
  'Conv2D (one channel)',
  'Conv2DBackpropInput (one channel)',
  'Conv2DBackpropFilter (one channel)',
  'DepthwiseConv2dNative',
  'DepthwiseConv2dNativeBackpropInput',
  'DepthwiseConv2dNativeBackpropFilter',
  'MaxPool',
  'MaxPoolGrad',
  'AvgPool',
  'AvgPoolGrad',
  'BiasAdd',
  'BiasAddGrad',
  'FusedBatchNormV3',
  'FusedBatchNormGradV3',
  'FusedBatchNormGradV3 (running statistics)',
  'SparseSoftmaxCrossEntropyWithLogits',
] as const
export type OwnRoute = (typeof OWN_ROUTES)[number]

/** The sums of products that a convolution and its gradients are. */
export type ConvSum = 'Conv2D' | 'Conv2DBackpropInput' | 'Conv2DBackpropFilter'

/** The route of a convolution by its channels. */
export const convRoute = (sum: ConvSum, channelsIn: number, channelsOut: number): OwnRoute =>
  channelsIn === 1 && channelsOut === 1 ? `${sum} (one channel)` : sum

/**
 * Operations that TensorFlow refuses on a card while it is to repeat bit for bit, as its documents and kernels say: their own
 * routes are taken then. Convolutions, max pooling, gradients of biases and sums by segment have ways that repeat, scattered sums
 * go through the processor (TensorFlow 2.8, enable_op_determinism). What a card refuses beyond these, its proof finds.
 */
export const REFUSED_WHEN_DETERMINISTIC: readonly OwnRoute[] = [
  'FusedBatchNormGradV3 (running statistics)',
  'SparseSoftmaxCrossEntropyWithLogits',
  'DepthwiseConv2dNativeBackpropFilter',
]

let own: ReadonlySet<string> = new Set()
let sums: Routes['bfloat16Sums'] = 'library'

/** Which operations go another way than through the library as it comes. */
export interface Routes {
  /** Operations that go through their own route. */
  readonly ownRoutes: readonly string[]
  /** What adds up the products of bfloat16 factors in convolutions. */
  readonly bfloat16Sums: 'library' | 'float32'
}

/** All through the library. */
export const LIBRARY: Routes = { ownRoutes: [], bfloat16Sums: 'library' }

/** Chooses the ways from now on; a RangeError where there is no such own route. */
export function setRoutes({ ownRoutes, bfloat16Sums }: Routes): void {
  const unknown = ownRoutes.filter((name) => !OWN_ROUTES.some((known) => known === name))
  if (unknown.length > 0) throw new RangeError(`there is no own route for ${unknown.join(', ')}`)
  own = new Set(ownRoutes)
  sums = bfloat16Sums
}

/** Which way an operation goes. */
export const routeOf = (operation: OwnRoute): 'library' | 'own' => (own.has(operation) ? 'own' : 'library')

/** What adds up the products of bfloat16 factors now. */
export const bfloat16Sums = (): Routes['bfloat16Sums'] => sums
