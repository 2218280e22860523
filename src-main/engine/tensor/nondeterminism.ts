/**
 * Kernels that training issues and of which TensorFlow says that they may differ between repeats on a GPU unless it is told to
 * repeat (`enable_op_determinism`, its notes since 2.7 and the RFC of 2021-01-19): cuDNN may pick algorithms that add in another
 * order, and scattered sums are atomic. They count as varying where no proof on the machine itself has repeated them. A processor
 * is no better by nature: there too the proof decides what repeats bit by bit.
 */
export const NONDETERMINISTIC_ON_GPU: readonly string[] = [
  'Conv2D (algorithm chosen by cuDNN)',
  'Conv2DBackpropFilter (gradient of convolution kernels)',
  'Conv2DBackpropInput (gradient of convolution inputs)',
  'DepthwiseConv2dNativeBackpropFilter and -Input (gradients of depthwise convolutions)',
  'BiasAddGrad (gradient of biases)',
  'FusedBatchNormGradV3 (gradient of batch norm with running statistics)',
  'MaxPoolGrad (gradient of max pooling where windows overlap)',
  'UnsortedSegmentSum (gradient of gathered values: readout positions)',
  'ScatterNd (gradient of values sampled at positions)',
  'SparseSoftmaxCrossEntropyWithLogits (cross entropy)',
]
