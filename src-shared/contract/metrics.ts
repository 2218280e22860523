import {
  DEVICE_MEMORY,
  GRADIENT_COSINE,
  IMAGES_PER_SECOND,
  LEARNING_RATE,
  LOADER_WAIT,
  MEAN_CORRUPTED,
  MEAN_CORRUPTION_ERROR,
  PATIENCE,
  PROCESS_MEMORY,
  ROBUSTNESS,
  SECONDS,
} from './metric-keys.ts'

/** How a metric is named, read and compared. Keys are `mode/task/metric`, as the published tracker nests them. */
export interface MetricInfo {
  readonly label: string
  readonly unit: string
  readonly goal: 'max' | 'min' | 'none'
}

const TASKS: Readonly<Record<string, string>> = { img_classification: 'Classification', v1: 'V1', v4: 'V4' }

const MODES: Readonly<Record<string, string>> = {
  Training: 'training',
  Validation: 'validation',
  FinalTraining: 'final, training set',
  FinalValidation: 'final, validation set',
  FinalValidationInDomain: 'final, validation set, noise as in training',
  FinalValidationOutDomain: 'final, validation set, other noise condition',
  FinalTest: 'test',
  FinalTestInDomain: 'test, noise as in training',
  FinalTestOutDomain: 'test, other noise condition',
}

const MEASURES: Readonly<Record<string, MetricInfo>> = {
  loss: { label: 'loss', unit: '', goal: 'min' },
  // the loss that the config names, without learned weight, scaling, regulariser: mean per image, or per recorded response
  criterion: { label: 'unweighted loss', unit: '', goal: 'min' },
  poisson: { label: 'Poisson loss', unit: '', goal: 'min' },
  accuracy: { label: 'accuracy', unit: '%', goal: 'max' },
  top5: { label: 'top-5 accuracy', unit: '%', goal: 'max' },
  ece: { label: 'calibration error', unit: '', goal: 'min' },
  correlation: { label: 'single-trial correlation', unit: '', goal: 'max' },
  avg_correlation: { label: 'correlation to average', unit: '', goal: 'max' },
  reliable_avg_correlation: { label: 'correlation to average, ceiling above 0.5', unit: '', goal: 'max' },
  ceiling_fraction: { label: 'share of ceiling', unit: '', goal: 'max' },
  feve: { label: 'FEVe', unit: '', goal: 'max' },
  fev: { label: 'explainable variance', unit: '', goal: 'none' },
  reliable_units: { label: 'units with a ceiling above 0.5', unit: '', goal: 'none' },
  images: { label: 'images (fewest of a session)', unit: '', goal: 'none' },
  oracle: { label: 'oracle correlation', unit: '', goal: 'none' },
  oracle_cross: { label: 'cross-oracle correlation', unit: '', goal: 'none' },
  loss_weight: { label: 'loss weight', unit: '', goal: 'none' },
  log_w: { label: 'log loss weight', unit: '', goal: 'none' },
  grad_norm: { label: 'gradient norm', unit: '', goal: 'none' },
  regularizer: { label: 'regulariser', unit: '', goal: 'none' },
  norm: { label: 'norm of an image', unit: '', goal: 'none' },
}

const PLAIN: Readonly<Record<string, MetricInfo>> = {
  [LEARNING_RATE]: { label: 'Learning rate', unit: '', goal: 'none' },
  [PATIENCE]: { label: 'Patience counter', unit: '', goal: 'none' },
  [GRADIENT_COSINE]: { label: 'Cosine between task gradients', unit: '', goal: 'none' },
  [MEAN_CORRUPTED]: { label: 'Mean corrupted accuracy', unit: '%', goal: 'max' },
  [ROBUSTNESS]: { label: 'Robustness score', unit: '% of baseline', goal: 'max' },
  [MEAN_CORRUPTION_ERROR]: { label: 'Mean corruption error', unit: '% of baseline', goal: 'min' },
  [IMAGES_PER_SECOND]: { label: 'Images per second', unit: '1/s', goal: 'max' },
  [LOADER_WAIT]: { label: 'Waiting for data', unit: 'share', goal: 'min' },
  [PROCESS_MEMORY]: { label: 'Memory of the process', unit: 'MiB', goal: 'min' },
  [DEVICE_MEMORY]: { label: 'Memory on the card', unit: 'MiB', goal: 'min' },
  [SECONDS]: { label: 'Time', unit: 's', goal: 'min' },
}

/** Scores of an evaluation made later name it first: `letters [1a2b3c4d]: FinalTest/v1/eval`. */
export function underPrefix(key: string): { readonly prefix: string; readonly key: string } | null {
  const at = key.indexOf(': ')
  return at < 0 ? null : { prefix: key.slice(0, at), key: key.slice(at + 2) }
}

/** Name, unit and direction of a metric key; unknown keys keep their own name and have no direction. */
export function metricInfo(key: string): MetricInfo {
  const under = underPrefix(key)
  if (under !== null) {
    const own = metricInfo(under.key)
    if (own.label === under.key) return { ...own, label: key }
    return {
      ...own,
      label: `${own.label.replace(/\)$/, '')}${own.label.endsWith(')') ? ', ' : ' ('}${under.prefix})`,
    }
  }
  const plain = PLAIN[key]
  if (plain !== undefined) return plain
  const [mode = '', task = '', measure = ''] = key.split('/')
  const known =
    MEASURES[measure === 'eval' ? (task === 'img_classification' ? 'accuracy' : 'correlation') : measure]
  const where = MODES[mode] ?? mode.replaceAll('_', ' ')
  if (known === undefined) return { label: key, unit: '', goal: 'none' }
  return { ...known, label: `${TASKS[task] ?? task} ${known.label} (${where})` }
}

/** Key under which the final suite files a corruption: `fly_c_test fog 3/img_classification/eval`. */
export const corruptionKey = (
  set: 'c_test' | 'fly_c_test' | 'imagenet_fly_c_test',
  corruption: string,
  severity: number,
): string => `${set} ${corruption} ${severity}/img_classification/eval`

/** Measures that a filter would falsify: settings, counters and test scores. */
const NEVER_SMOOTHED =
  /^(LR$|Validation\/patience|Final|Robustness\/|Time\/)|: |\/(log_w|loss_weight)$|^[a-z_]+_test /

/** Whether a moving average of this metric means anything. */
export const isSmoothable = (key: string): boolean => !NEVER_SMOOTHED.test(key)
