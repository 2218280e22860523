import type { MtlVggConfig } from '../../../../src-shared/schema/model/mtl-vgg.ts'
import type { Model } from '../../types.ts'
import { mtlVgg } from '../networks/mtl-vgg.ts'
import type { ModelShapes } from '../base/shape.ts'
import { type Backbone, vggBackbone } from '../vgg/layout.ts'
import { classesOf, imageShape } from './data-shapes.ts'

/** `backbone` stands in for the network that the config names, so that whole epochs can be tested on a tiny one. */
export function buildMtlVgg(c: MtlVggConfig, shapes: ModelShapes, backbone?: Backbone): Model {
  const inputs = c.classification
    ? { ...shapes.inputs, img_classification: imageShape(c.input_size, shapes) }
    : shapes.inputs
  return mtlVgg(
    {
      backbone: backbone ?? vggBackbone(c.vgg_type, c.width),
      classification: c.classification
        ? { kind: c.classification_readout_type, hidden: c.readout_hidden, dropout: c.readout_dropout }
        : null,
      classes: c.classification ? classesOf(c.num_classes, shapes) : 0,
      v1Layer: c.v1_model_layer,
      v4Layer: c.v4_model_layer,
      fineTune: c.v1_fine_tune,
      initMuRange: c.v1_init_mu_range,
      initSigmaRange: c.v1_init_sigma_range,
      readoutBias: c.v1_readout_bias,
      biasInit: c.bias_init,
      finalBatchNorm: c.v1_final_batchnorm,
      gammaReadout: c.v1_gamma_readout,
      eluOffset: c.v1_elu_offset,
      dropout: { shared: c.add_dropout.shared_block, unshared: c.add_dropout.unshared_block },
      aliases: c.get_intermediate_rep,
    },
    { ...shapes, inputs },
  )
}
