/**
 * Kernels of training whose result may differ between repeats on a GPU: cuDNN may pick algorithms that add in another
 * order, and scattered sums are atomic. On a processor every kernel repeats bit by bit for a fixed number of threads.
 * Source: list of operations behind TensorFlow's `enable_op_determinism`, cut to those used here.
 */
export const NONDETERMINISTIC_ON_GPU: readonly string[] = [
  'Conv2DBackpropFilter (gradient of convolution kernels)',
  'Conv2DBackpropInput (gradient of convolution inputs)',
  'DepthwiseConv2dNativeBackpropFilter and -Input (gradients of depthwise convolutions)',
  'BiasAddGrad (gradient of biases)',
  'FusedBatchNormGradV3 (gradient of batch norm with running statistics)',
  'MaxPoolGrad (gradient of max pooling where windows overlap)',
  'UnsortedSegmentSum (gradient of gathered values: readout positions)',
  'SparseSoftmaxCrossEntropyWithLogits (cross entropy)',
]
