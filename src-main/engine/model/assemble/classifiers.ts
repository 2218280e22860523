import type { LenetConfig, MlpConfig, ResnetConfig } from '../../../../src-shared/schema/model/nntransfer.ts'
import type { Model } from '../../types.ts'
import type { ModelShapes } from '../base/shape.ts'
import { lenet300, lenet5 } from '../networks/lenet.ts'
import { mlp } from '../networks/mlp.ts'
import { resnet } from '../networks/resnet.ts'
import { classesOf, imageShape } from './data-shapes.ts'

/** The residual network of a config (nntransfer `resnet_builder`), for the images and classes of the data. */
export function buildResnet(c: ResnetConfig, shapes: ModelShapes): Model {
  return resnet({
    depth: c.type,
    input: imageShape(null, shapes),
    classes: classesOf(c.num_classes, shapes),
    coreStride: c.core_stride,
    stem: {
      kernel: c.conv_stem_kernel_size,
      pad: c.conv_stem_padding,
      stride: c.conv_stem_stride,
      maxPool: c.max_pool_after_stem,
    },
    advancedInit: c.advanced_init,
    zeroInitResidual: c.zero_init_residual,
    adaptivePooling: c.adaptive_pooling,
    width: c.width,
  })
}

/** LeNet-5 or LeNet-300-100 (nntransfer `lenet_builder`), for the images and classes of the data. */
export function buildLenet(c: LenetConfig, shapes: ModelShapes): Model {
  const options = {
    input: imageShape(null, shapes),
    classes: classesOf(c.num_classes, shapes),
    dropout: c.dropout,
  }
  return c.type === 'lenet5' ? lenet5({ ...options, core: c.core }) : lenet300(options)
}

/** The perceptron of a config (nntransfer `mlp_builder`), for the images and classes of the data. */
export function buildMlp(c: MlpConfig, shapes: ModelShapes): Model {
  return mlp({
    input: imageShape(null, shapes),
    classes: classesOf(c.num_classes, shapes),
    layers: c.layers,
    size: c.size,
    activation: c.activation,
    dropout: c.dropout,
  })
}
