/** What a number was measured on: the first part of a metric key, as the published tracker nests them. */
export type MetricMode =
  | 'Training'
  | 'Validation'
  | 'FinalTraining'
  | 'FinalValidation'
  | 'FinalValidationInDomain'
  | 'FinalValidationOutDomain'
  | 'FinalTest'
  | 'FinalTestInDomain'
  | 'FinalTestOutDomain'

/** Key of a number of one task: `Validation/v1/eval`. Names, units and directions are in metrics.ts. */
export const metricKey = <Mode extends MetricMode, Task extends string, Measure extends string>(
  mode: Mode,
  task: Task,
  measure: Measure,
): `${Mode}/${Task}/${Measure}` => `${mode}/${task}/${measure}`

/** The parts of a key that {@link metricKey} made; null for those that belong to no task, to a corruption or a later evaluation. */
export function metricParts(key: string): { mode: string; task: string; measure: string } | null {
  const [mode = '', task = '', measure = '', ...more] = key.split('/')
  return /^\w+$/.test(mode) && task !== '' && measure !== '' && more.length === 0
    ? { mode, task, measure }
    : null
}

/** Whether a key is of the test: the plain one where a set is tested under noise as well. */
export const isTestMode = (mode: string): boolean => mode === 'FinalTest' || mode === 'FinalTestInDomain'

/** Key of a number that a part of the network tells while it trains; `name`: `part/measure`. */
export const watchedKey = (name: string): string => `Training/${name}`

/** Under which name a finished run has the scores of a task on its validation data: those of classification as published. */
export const finalValidation = (task: string): 'FinalValidation' | 'FinalValidationInDomain' =>
  task === 'img_classification' ? 'FinalValidationInDomain' : 'FinalValidation'

/** Keys that belong to no task. */
export const LEARNING_RATE = 'LR'
export const PATIENCE = 'Validation/patience'
export const GRADIENT_COSINE = 'Training/grad_cosine'
/** Measure of a task: the norm of its gradient over the parameters that another task has a gradient of, too. */
export const SHARED_NORM = 'shared_grad_norm'
export const SECONDS = 'Time/seconds'
export const IMAGES_PER_SECOND = 'Throughput/images_per_second'
export const LOADER_WAIT = 'Throughput/loader_wait'
export const PROCESS_MEMORY = 'Throughput/memory'
export const DEVICE_MEMORY = 'Throughput/device_memory'
export const MEAN_CORRUPTED = 'Robustness/mean_corrupted_accuracy'
export const ROBUSTNESS = 'Robustness/score'
export const MEAN_CORRUPTION_ERROR = 'Robustness/mCE'

/** Test accuracy, newest naming first: sets that are tested under noise as well name the plain test "in domain". */
export const TEST_ACCURACY = [
  metricKey('FinalTestInDomain', 'img_classification', 'eval'),
  metricKey('FinalTest', 'img_classification', 'eval'),
] as const

/** Whether a key names a final score rather than a point of a curve. */
export const isFinalKey = (key: string): boolean => /^(Final|Robustness\/)/.test(key)
