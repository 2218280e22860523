/**
 * Kernels of training that TensorFlow's `enable_op_determinism` replaces on a GPU, cut to those used here: cuDNN may pick
 * algorithms that add in another order, and scattered sums are atomic. They count as varying until a proof on the machine
 * itself has repeated them. A processor is no better by nature: there too the proof decides what repeats bit by bit.
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
