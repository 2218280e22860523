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
  'AvgPool',
  'AvgPoolGrad',
  'BiasAdd',
  'BiasAddGrad',
  'FusedBatchNormV3',
  'FusedBatchNormGradV3',
  'SparseSoftmaxCrossEntropyWithLogits',
] as const
export type OwnRoute = (typeof OWN_ROUTES)[number]

let own: ReadonlySet<string> = new Set()

/** Chooses the operations that go through their own route from now on; the others go to the library; a RangeError where there is none. */
export function setRoutes(operations: readonly string[]): void {
  const unknown = operations.filter((name) => !(OWN_ROUTES as readonly string[]).includes(name))
  if (unknown.length > 0) throw new RangeError(`there is no own route for ${unknown.join(', ')}`)
  own = new Set(operations)
}

/** Which way an operation goes. */
export const routeOf = (operation: OwnRoute): 'native' | 'own' => (own.has(operation) ? 'own' : 'native')
