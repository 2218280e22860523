import type { Rng } from '../../../src-shared/util/rng.ts'
import type { DataSet, Loader, NamedArray, NeuralSet, TaskLoaders, TaskName } from '../types.ts'
import type { ClassificationScores } from './classify.ts'
import { classify } from './classify.ts'
import type { Network } from './network.ts'
import type { OwnMeasure } from './own-measures.ts'
import type { SessionPredictions } from './predict-responses.ts'
import { predictSession } from './predict-responses.ts'
import { relay } from './relay.ts'
import { isAtChance } from './robustness.ts'
import type { SessionScores } from './score-session.ts'
import { ceilingScores, meanOf, scoreSession } from './score-session.ts'
import { AREAS } from '../../../src-shared/schema/names.ts'

export interface SuiteOptions {
  readonly tasks: readonly TaskName[]
  readonly train: boolean
  readonly validation: boolean
  readonly test: boolean
  readonly keepClasses: number
  /** Those that plug-ins add, over validation and test responses. */
  readonly measures?: readonly OwnMeasure[]
}

/** Where the suite stands: the mode being evaluated and the share of the whole that is done. */
export interface SuiteProgress {
  readonly detail: string
  readonly fraction: number
}

export interface SuiteResult {
  readonly scores: Record<string, number>
  readonly arrays: Map<string, NamedArray>
}

interface Item {
  readonly mode: string
  readonly task: TaskName
  readonly loaders: readonly Loader[]
}

/** Below so many test images the scores name their number: a correlation over one image is no correlation. */
const FEW_IMAGES = 10

const loadersOf = (set: TaskLoaders, task: TaskName): readonly Loader[] => [...(set[task]?.values() ?? [])]

/** Everything to evaluate, in the published order: each task's train, validation and test sets, then the further conditions. */
function itemsOf(data: DataSet, options: SuiteOptions): readonly Item[] {
  const items: Item[] = []
  const add = (wanted: boolean, mode: string, task: TaskName, loaders: readonly Loader[]): void => {
    if (wanted && loaders.length > 0 && options.tasks.includes(task)) items.push({ mode, task, loaders })
  }
  for (const area of AREAS) {
    add(options.train, 'FinalTraining', area, loadersOf(data.train, area))
    add(options.validation, 'FinalValidation', area, loadersOf(data.validation, area))
    add(options.test, 'FinalTest', area, loadersOf(data.test, area))
  }
  add(options.train, 'FinalTraining', 'img_classification', loadersOf(data.train, 'img_classification'))
  const further = (wanted: boolean, at: number): void => {
    for (const [mode, loader] of data.conditions)
      if (stage(mode) === at) add(wanted, mode, 'img_classification', [loader])
  }
  add(
    options.validation,
    'FinalValidationInDomain',
    'img_classification',
    loadersOf(data.validation, 'img_classification'),
  )
  further(options.validation, 0)
  add(options.test, 'FinalTestInDomain', 'img_classification', loadersOf(data.test, 'img_classification'))
  further(options.test, 1)
  further(true, 2)
  return items
}

const stage = (mode: string): number =>
  mode.startsWith('FinalValidation') ? 0 : mode.startsWith('FinalTest') ? 1 : 2

/**
 * The final evaluation suite on the restored weights (neural_cotraining), scores filed under `mode/task/metric`.
 * Results per neuron and per class come as arrays, never as one series each. Yields where it stands.
 */
export async function* finalSuite(
  network: Network,
  data: DataSet,
  options: SuiteOptions,
  rng: Rng,
): AsyncGenerator<SuiteProgress, SuiteResult> {
  const items = itemsOf(data, options)
  const measures = options.measures ?? []
  const measuresOf = (mode: string): readonly OwnMeasure[] => (mode === 'FinalTraining' ? [] : measures)
  const total = items.flatMap((item) => item.loaders).reduce((sum, loader) => sum + loader.batches, 0)
  const result: SuiteResult = { scores: {}, arrays: new Map() }
  let done = 0
  for (const { mode, task, loaders } of items) {
    const detail = `${mode}, ${task}`
    const sessions: SessionScores[] = []
    for (const loader of loaders) {
      const fraction = (share: number) => ({ detail, fraction: (done + share * loader.batches) / total })
      if (task === 'img_classification') {
        const work = classify(network, loader, rng.fork(mode), options.keepClasses)
        const found = yield* relay(work, fraction)
        fileClassification(result, mode, found)
      } else {
        const found = yield* relay(predictSession(network, task, loader, rng.fork(mode)), fraction)
        sessions.push(
          withMeasures(scoreSession(found, data.sessions.get(loader.key)), found, measuresOf(mode)),
        )
      }
      done += loader.batches
    }
    if (task !== 'img_classification') {
      fileResponses(result, mode, task, sessions)
      for (const { column } of measuresOf(mode))
        result.scores[`${mode}/${task}/${column}`] = meanOf(sessions, column)
    }
  }
  return result
}

/** The scores of a session with a column for each measure of a plug-in. */
function withMeasures(
  scores: SessionScores,
  found: SessionPredictions,
  measures: readonly OwnMeasure[],
): SessionScores {
  const own = measures.map(({ column, of }) => [column, of(found)] as const)
  return { ...scores, columns: new Map([...scores.columns, ...own]) }
}

function fileClassification({ scores, arrays }: SuiteResult, mode: string, s: ClassificationScores): void {
  const at = `${mode}/img_classification`
  scores[`${at}/eval`] = s.accuracy
  scores[`${at}/loss`] = s.loss
  if (stage(mode) === 2 && isAtChance(s.accuracy, s.classes, s.images)) scores[`${at}/at_chance`] = 1
  if (stage(mode) === 2 || mode === 'FinalTraining') return
  scores[`${at}/top5`] = s.top5
  scores[`${at}/ece`] = s.ece
  if (mode !== 'FinalTestInDomain') return
  fileFewImages(scores, at, s.images)
  arrays.set('confusion', { shape: [s.classes, s.classes], dtype: 'int32', data: s.confusion })
  const perImage = (name: keyof typeof s.perImage, dtype: 'int32' | 'float32'): void =>
    void arrays.set(`test/${name}`, { shape: [s.images], dtype, data: s.perImage[name] })
  for (const name of ['index', 'label', 'answer'] as const) perImage(name, 'int32')
  for (const name of ['probability', 'confidence'] as const) perImage(name, 'float32')
}

/** Scores of an area's sessions as the final evaluation files them, for predictions that no network made. */
export function responseScores(
  mode: 'FinalTest' | 'FinalValidation',
  area: NeuralSet,
  sessions: readonly SessionScores[],
): SuiteResult {
  const result: SuiteResult = { scores: {}, arrays: new Map() }
  fileResponses(result, mode, area, sessions)
  return result
}

/** Published keys `eval` (mean single-trial correlation) and `loss` (summed Poisson loss), and the further measures of the test set. */
function fileResponses(
  { scores, arrays }: SuiteResult,
  mode: string,
  task: TaskName,
  sessions: readonly SessionScores[],
): void {
  const at = `${mode}/${task}`
  scores[`${at}/eval`] = meanOf(sessions, 'correlation')
  scores[`${at}/loss`] = sessions.reduce((sum, s) => sum + s.poisson, 0)
  if (mode === 'FinalValidation') keepUnits(arrays, task, sessions, OF_VALIDATION)
  if (mode !== 'FinalTest') return
  scores[`${at}/avg_correlation`] = meanOf(sessions, 'avg_correlation')
  for (const column of ['feve_masked', 'oracle', 'oracle_cross', 'fev'] as const) {
    const value = meanOf(sessions, column)
    if (!Number.isNaN(value)) scores[`${at}/${column === 'feve_masked' ? 'feve' : column}`] = value
  }
  fileFewImages(scores, at, Math.min(...sessions.map((s) => s.images)))
  const { reliable, fraction, units } = ceilingScores(sessions)
  if (units > 0) {
    scores[`${at}/reliable_avg_correlation`] = reliable
    scores[`${at}/ceiling_fraction`] = fraction
    scores[`${at}/reliable_units`] = units
  }
  keepUnits(arrays, task, sessions, OF_TEST)
}

function fileFewImages(scores: SuiteResult['scores'], at: string, images: number): void {
  if (images < FEW_IMAGES) scores[`${at}/images`] = images
}

type Naming = (column: string) => string | null

const OF_TEST: Naming = (column) => column
/** Few validation images are repeated, so that reliability says nothing there. */
const OF_VALIDATION: Naming = (column) =>
  ['correlation', 'avg_correlation', 'poisson'].includes(column) ? `validation_${column}` : null

/** One array for each session and column, `neurons/<area>/<session>/<column>` [units]. */
function keepUnits(
  arrays: SuiteResult['arrays'],
  task: TaskName,
  sessions: readonly SessionScores[],
  nameOf: Naming,
): void {
  for (const { session, columns } of sessions) {
    for (const [column, values] of columns) {
      const name = nameOf(column)
      if (name === null) continue
      arrays.set(`neurons/${task}/${session}/${name}`, {
        shape: [values.length],
        dtype: 'float32',
        data: Float32Array.from(values),
      })
    }
  }
}
