import type { Component, ConfigsOf } from '../component.ts'
import { classificationCnn } from './classification-cnn.ts'
import { composedNeural } from './composed.ts'
import { mtlVgg } from './mtl-vgg.ts'
import { lenet, mlp, resnet } from './nntransfer.ts'
import {
  neuralCnn,
  seCoreFactorized,
  seCoreFullGauss,
  seCoreGauss,
  seCorePoint,
  stackedCoreGauss,
  vggCoreFullGauss,
  vggCoreGauss,
} from './nnvision.ts'

const all = [
  mtlVgg,
  classificationCnn,
  neuralCnn,
  seCoreGauss,
  seCorePoint,
  seCoreFullGauss,
  seCoreFactorized,
  stackedCoreGauss,
  vggCoreGauss,
  vggCoreFullGauss,
  composedNeural,
  resnet,
  lenet,
  mlp,
] as const

/** Every model that a config can name. */
export const models: readonly Component[] = all
/** The options of each, by name. */
export type ModelConfigs = ConfigsOf<typeof all>
