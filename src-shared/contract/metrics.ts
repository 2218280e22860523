import { capital } from '../util/capital.ts'
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
import { ownPart } from '../schema/plugin/own-parts.ts'
import { wordOf } from '../schema/words.ts'

/** How a metric is named, read and compared. Keys are `mode/task/metric`, as the published tracker nests them. */
export interface MetricInfo {
  readonly label: string
  readonly unit: string
  readonly goal: 'max' | 'min' | 'none'
}

/** A task at the head of a label: "Classification", "V1". */
const taskTitle = (task: string): string => {
  const word = wordOf(task)
  return word === task ? task : capital(word)
}

/** What a score says, beyond its name and unit. */
const ABOUT: Readonly<Record<string, string>> = {
  accuracy: 'Share of the images whose class has the highest score, in percent.',
  top5: 'Share of the images whose class is among the five highest scores, in percent.',
  ece: 'Expected calibration error: how far the confidence of the answers is from how often they are right, 0 to 1.',
  correlation:
    'Correlation of predicted and recorded responses over single trials, per unit, then the mean over units.',
  avg_correlation:
    'Correlation of the prediction with the mean over repeats of each image, per unit, then the mean over units.',
  reliable_avg_correlation:
    'Correlation to the mean over repeats, over those units alone whose ceiling is above 0.5.',
  ceiling_fraction:
    'Correlation as a share of the ceiling, the best that any model could reach given the noise; noise can lift it above 1.',
  feve: 'Fraction of the explainable variance that the model explains; 1 is all of it, below 0 is worse than the mean response.',
  fev: 'Fraction of the variance over trials that repeats of an image have in common: a property of the data.',
  oracle: 'Correlation of a trial with the mean of the other repeats: what the data themselves can predict.',
}
const PLAIN_ABOUT: Readonly<Record<string, string>> = {
  [MEAN_CORRUPTED]: 'Mean of the test accuracy over all corruptions and severities, in percent.',
  [ROBUSTNESS]:
    'Mean over corruptions and severities of the accuracy relative to that of the baseline, in percent: 100 is as robust as the baseline, more is better.',
  [MEAN_CORRUPTION_ERROR]:
    'Mean over corruptions of the error relative to that of the baseline, in percent: 100 is the baseline, less is better.',
}

/** Definition of a score in one or two sentences; empty where its name says all. */
export function metricAbout(key: string): string {
  const own = underPrefix(key)?.key ?? key
  const [, task = '', measure = ''] = own.split('/')
  return (
    PLAIN_ABOUT[own] ??
    ABOUT[measureName(task, measure)] ??
    ownPart('measure', measure.replace('.', '/'))?.help ??
    ''
  )
}

/** The measure behind the last part of a key: `eval` is the score that the task is judged by. */
const measureName = (task: string, measure: string): string =>
  measure !== 'eval' ? measure : task === 'img_classification' ? 'accuracy' : 'correlation'

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

/** Decimals of a value in a text: percent have one, correlations and losses three. */
export const decimalsOf = (unit: string): number => (unit.startsWith('%') ? 1 : 3)

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
  shared_grad_norm: { label: 'gradient norm of shared layers', unit: '', goal: 'none' },
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
  const known = MEASURES[measureName(task, measure)]
  const where = MODES[mode] ?? corruptionWords(mode) ?? mode.replaceAll('_', ' ')
  if (known === undefined) return ownMetric(task, measure, where) ?? { label: key, unit: '', goal: 'none' }
  return { ...known, label: `${taskTitle(task)} ${known.label} (${where})` }
}

/** The measure of a plug-in, which stands in keys with a dot for its slash. */
function ownMetric(task: string, measure: string, where: string): MetricInfo | null {
  const entry = ownPart('measure', measure.replace('.', '/'))?.entry
  if (entry?.kind !== 'measure') return null
  const { title, unit, goal } = entry
  return { label: `${taskTitle(task)} ${title} (${where})`, unit, goal }
}

/** What the sets of corrupted images are called. */
const CORRUPTED_SETS: Readonly<Record<string, string>> = {
  c_test: 'corrupted set',
  fly_c_test: 'corrupted test images',
  imagenet_fly_c_test: 'corrupted ImageNet images',
}

/** "corrupted test images: fog, severity 3" for `fly_c_test fog 3`; null for any other part of a key. */
function corruptionWords(mode: string): string | null {
  const [, set = '', name = '', severity = ''] = /^(\w+_test) (.+) (\d+)$/.exec(mode) ?? []
  const words = CORRUPTED_SETS[set]
  return words === undefined ? null : `${words}: ${wordOf(name)}, severity ${severity}`
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
