/**
 * Operations of the library that have an own route here, made of other operations: slower, and right where a kernel of
 * the library is not.
 */
export const OWN_ROUTES = [
  'Conv2D',
  'Conv2DBackpropInput',
  'Conv2DBackpropFilter',
  'DepthwiseConv2dNative',
  'DepthwiseConv2dNativeBackpropInput',
  'DepthwiseConv2dNativeBackpropFilter',
  'MaxPool',
  'MaxPoolGrad',
  'BiasAdd',
  'BiasAddGrad',
  'FusedBatchNormV3',
  'FusedBatchNormGradV3',
  'SparseSoftmaxCrossEntropyWithLogits',
] as const
export type OwnRoute = (typeof OWN_ROUTES)[number]

let own: ReadonlySet<string> = new Set()

/** Chooses the operations that go through their own route from now on; the others go to the library. */
export function setRoutes(operations: readonly string[]): void {
  own = new Set(operations)
}

/** Which way an operation goes. */
export const routeOf = (operation: OwnRoute): 'native' | 'own' => (own.has(operation) ? 'own' : 'native')
