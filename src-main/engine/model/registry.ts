import type { ChoiceOf } from '../../../src-shared/schema/component.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { OWN_NAME } from '../../../src-shared/schema/names.ts'
import type { ModelConfigs } from '../../../src-shared/schema/registry.ts'
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
import { buildLenet, buildMlp, buildResnet } from './assemble/classifiers.ts'
import type { ModelShapes } from './base/shape.ts'
import { buildOwnModel, ownModelCode } from './own-models.ts'

/** Name in configs -> builder, which gets the options that the schema of the same name describes, and the shapes of the data. */
const BUILDERS: {
  readonly [N in keyof ModelConfigs]: (config: ModelConfigs[N], shapes: ModelShapes) => Model
} = {
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

/** Builds the model that a config names; its options must have their defaults filled in. @throws CotrainError for other names. */
export function buildModel<N extends keyof ModelConfigs>(
  { fn, config }: ChoiceOf<ModelConfigs, N>,
  shapes: ModelShapes,
): Model {
  const own = ownModelCode(fn)
  if (own !== undefined) return buildOwnModel(own, config, shapes)
  if (OWN_NAME.test(fn)) throw notHere(fn)
  // A stored config may name a model of another version.
  if (!Object.hasOwn(BUILDERS, fn)) {
    throw new CotrainError({
      code: 'config-invalid',
      path: 'model.fn',
      message: `no model is called "${fn}".`,
      hint: `Known: ${modelNames.join(', ')}.`,
    })
  }
  return BUILDERS[fn](config, shapes)
}

/** Code of plug-ins runs in workers alone. */
const notHere = (fn: string): CotrainError =>
  new CotrainError({
    code: 'not-allowed',
    path: 'model.fn',
    message: `"${fn}" is the model of a plug-in, which is built only where it trains or answers.`,
    hint: 'Its layers and sizes are not known before; its weights are those of the run.',
  })
