/** Areas that responses are recorded in. */
export const AREAS = ['v1', 'v4'] as const
export type Area = (typeof AREAS)[number]

/** Tasks, in the published order in which an epoch takes them. */
export const TASK_NAMES = [...AREAS, 'img_classification'] as const
export type TaskName = (typeof TASK_NAMES)[number]

/** Losses that a config can name; the last four are likelihoods of a distribution. */
export const LOSS_NAMES = [
  'CrossEntropyLoss',
  'MSELoss',
  'PoissonLoss',
  'NegativeBinomialLoss',
  'GaussianLoss',
  'GammaLoss',
  'ZIGLoss',
  'ZILLoss',
  'ExponentialLoss',
  'AnscombeMSE',
] as const
export type LossName = (typeof LOSS_NAMES)[number]

/** Names of parts of a plug-in have a lab in front, so that they never hide a part of CoTrain: `lab/two_layers`. */
export const OWN_NAME = /^[a-z][a-z0-9-]*\/[a-z][a-z0-9_]*$/
type OwnName = `${string}/${string}`

/** A loss of CoTrain, or one of a plug-in by its name (`lab/absolute_error`). */
export type AnyLossName = LossName | OwnName
