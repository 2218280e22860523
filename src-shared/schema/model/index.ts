import type { Component } from '../component.ts'
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

/** Every model that a config can name. */
export const models = [
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
] as unknown as readonly Component[] // each keeps its own field types
