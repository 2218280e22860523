import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { PlainConfig } from '../../../src-shared/schema/component.ts'
import type { Model } from '../types.ts'
import { buildComposed } from './assemble/composed.ts'
import { buildClassificationCnn } from './assemble/classification-cnn.ts'
import { buildMtlVgg } from './assemble/mtl-vgg.ts'
import {
  buildNeuralCnn,
  buildSeCoreFactorized,
  buildSeCoreFullGauss,
  buildSeCoreGauss,
  buildSeCorePoint,
  buildStackedCoreGauss,
  buildVggCoreFullGauss,
  buildVggCoreGauss,
} from './assemble/nnvision.ts'
import { buildLenet, buildMlp, buildResnet } from './assemble/transfer.ts'
import type { ModelShapes } from './base/shape.ts'

/** Makes a model from its resolved config and the shapes of the data. */
export type ModelBuilder = (config: PlainConfig, shapes: ModelShapes) => Model

/** Name in configs -> builder; the schemas of the same names describe the options. */
const BUILDERS: Readonly<Record<string, ModelBuilder>> = {
  mtl_builder: buildMtlVgg,
  classification_cnn_builder: buildClassificationCnn,
  neural_cnn_builder: buildNeuralCnn,
  se_core_gauss_readout: buildSeCoreGauss,
  se_core_point_readout: buildSeCorePoint,
  se_core_full_gauss_readout: buildSeCoreFullGauss,
  se_core_spatialXfeature_readout: buildSeCoreFactorized,
  stacked2d_core_gaussian_readout: buildStackedCoreGauss,
  vgg_core_gauss_readout: buildVggCoreGauss,
  vgg_core_full_gauss_readout: buildVggCoreFullGauss,
  composed_neural_model: buildComposed,
  resnet_builder: buildResnet,
  lenet_builder: buildLenet,
  mlp_builder: buildMlp,
}

export const modelNames: readonly string[] = Object.keys(BUILDERS)

/** Builds the model that a config names; `config` must have its defaults filled in. */
export function buildModel(fn: string, config: PlainConfig, shapes: ModelShapes): Model {
  const build = BUILDERS[fn]
  if (build === undefined) {
    throw new CotrainError({
      code: 'config-invalid',
      path: 'model.fn',
      message: `no model is called "${fn}".`,
      hint: `Known: ${modelNames.join(', ')}.`,
    })
  }
  return build(config, shapes)
}
