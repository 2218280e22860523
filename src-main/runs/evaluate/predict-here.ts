import { resolve } from 'node:path'
import { softmax } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Result } from '../../../src-shared/contract/contract.ts'
import type { Problem } from '../../../src-shared/contract/errors.ts'
import type { SetPart } from '../../../src-shared/contract/set-part.ts'
import type { NeuralOptions } from '../../../src-shared/schema/dataset/neural-fields.ts'
import { CotrainError, toProblems } from '../../../src-shared/contract/errors.ts'
import { wordOf } from '../../../src-shared/schema/words.ts'
import type { InputSource } from '../../engine/data/loaders/input-source.ts'
import { greyImages } from '../../engine/data/loaders/grey-images.ts'
import { imageTable } from '../../engine/data/loaders/image-table.ts'
import { ensembleOf } from '../../engine/eval/ensemble.ts'
import type { Network } from '../../engine/eval/network.ts'
import { forward } from '../../engine/eval/network.ts'
import { setConvPrecision } from '../../engine/tensor/index.ts'
import type { TaskName } from '../../engine/types.ts'
import { answersTo, predictedResponses } from '../../data/made-by-runs/answer-images.ts'
import type { DataDeps } from '../../data/content/data-deps.ts'
import { imagePlans } from '../../data/assemble/images/image-plans.ts'
import { inputImages } from '../../data/image-sets/image-set.ts'
import { inputsHere } from '../../data/batches/input-maker.ts'
import { neuralInputs } from '../../data/assemble/neural/neural-inputs.ts'
import { openTrainedNetwork } from '../../data/made-by-runs/trained-network.ts'
import type { RunStore } from '../../store/run-store.ts'
import { requireNewFile } from './new-file.ts'
import { imageOptionsOf, misfits, neuralOptionsOf } from './other-data.ts'
import type { OpenedImages } from './image-source.ts'
import { openImages } from './image-source.ts'
import type { ScoredIn } from './scored-in.ts'
import { scoredIn } from './scored-in.ts'
import type { AnswerTable } from './write-answers.ts'
import { writeAnswers } from './write-answers.ts'
import type { TrainedRun } from './trained-run.ts'
import { openTrainedRun } from './trained-run.ts'

export interface PredictionWish {
  readonly members: readonly string[]
  readonly images: string
  readonly part: SetPart | null
  readonly to: string
}

/** Writes what runs answer to images, each output of the network that the images fit; several runs answer with their mean. */
export async function predictHere(
  { members, images, part, to }: PredictionWish,
  { store, deps }: { readonly store: RunStore; readonly deps: DataDeps },
): Promise<Result<'runs.predict'>> {
  const path = resolve(deps.folder, to)
  requireNewFile(path)
  const runs: TrainedRun[] = []
  for (const id of members) runs.push(await openTrainedRun(store, id, deps))
  requireSameOutputs(runs)
  const opened = await openImages(images, part, deps)
  try {
    const { tables, notes } = await answersOf(runs, opened, images, deps)
    await writeAnswers(path, opened.names, tables)
    const written = tables.map(({ name, columns }) => `${name}: ${columns.length} values for each image`)
    return { path, images: opened.names.length, written, notes: [...notes] }
  } finally {
    opened.close()
  }
}

/** Outputs are averaged one by one: they must be those of the same classes, sessions and units. */
function requireSameOutputs(runs: readonly TrainedRun[]): void {
  const outputs = ({ result, tasks }: TrainedRun): string =>
    JSON.stringify([tasks, result.classNames, result.units])
  const odd = runs.find((run) => outputs(run) !== outputs(runs[0]!)) // there is a run
  if (odd === undefined) return
  throw new CotrainError({
    code: 'config-invalid',
    path: odd.record.id.slice(0, 10),
    message:
      'has other tasks, classes, sessions or units than the first run: their answers cannot be averaged.',
    hint: 'Predict with each of them.',
  })
}

interface Answers {
  readonly tables: readonly AnswerTable[]
  readonly notes: readonly string[]
}

async function answersOf(
  runs: readonly TrainedRun[],
  images: OpenedImages,
  name: string,
  deps: DataDeps,
): Promise<Answers> {
  const first = runs[0]! // the wish names a run
  const format = scoredIn(runs)
  const tables: AnswerTable[] = []
  const misfit: Problem[] = []
  for (const task of first.tasks) {
    const sums: Float32Array[] = []
    let outputs: readonly Output[] = []
    try {
      for (const run of runs) {
        const inputs = await inputsOf(run, task, images, name)
        outputs = outputsOf(run, task)
        await addAnswers(run, outputs, inputs, images, sums, format.precision, deps)
      }
    } catch (error) {
      misfit.push(...toProblems(error))
      continue
    }
    outputs.forEach((output, i) =>
      tables.push({ ...output, values: sums[i]!.map((value) => value / runs.length) }),
    )
  }
  if (tables.length === 0) throw new CotrainError(misfit)
  const greyed =
    images.source.channels === 3 && Object.values(first.shapes.inputs).every((s) => s.channels === 1)
  const notes = greyed ? ['The network reads one channel: coloured images were made grey.'] : []
  return {
    tables,
    notes: [...notes, ...format.notes, ...misfit.map(({ message }) => `Left out: ${message}`)],
  }
}

interface Output {
  readonly name: string
  readonly columns: readonly string[]
  readonly answer: (network: Network) => (inputs: Parameters<typeof forward>[1]) => Tensor2D
}

function outputsOf({ shapes, result }: TrainedRun, task: TaskName): readonly Output[] {
  if (task === 'img_classification')
    return [
      {
        name: 'img_classification/probabilities',
        columns: result.classNames,
        answer: (network) => (inputs) => {
          const logits = forward(network, inputs, { task })
          const chances = softmax(logits)
          logits.dispose()
          return chances
        },
      },
    ]
  return shapes.sessions
    .filter(({ area }) => area === task)
    .map(({ key, units }) => ({
      name: `${task}/${key}/responses`,
      columns: result.units[key] ?? Array.from({ length: units }, (_, i) => String(i)),
      answer: (network) => predictedResponses(network, task, key),
    }))
}

async function addAnswers(
  run: TrainedRun,
  outputs: readonly Output[],
  inputs: InputSource,
  images: OpenedImages,
  sums: Float32Array[],
  precision: ScoredIn['precision'],
  deps: DataDeps,
): Promise<void> {
  const { network, close } = openTrainedNetwork(run.record.config.model, run.shapes, run.weights)
  setConvPrecision(precision)
  try {
    for (const [i, output] of outputs.entries()) {
      const progress = (done: number): void => deps.progress?.(output.name, done)
      const found = await answersTo(
        inputs,
        images.names.length,
        output.answer(ensembleOf([network])),
        (v) => v,
        progress,
      )
      const sum = (sums[i] ??= new Float32Array(found.length))
      found.forEach((value, k) => (sum[k] = sum[k]! + value))
    }
  } finally {
    setConvPrecision('float32')
    close()
  }
}

/** The images as the network saw those of its training, without noise. @throws CotrainError where they do not fit */
async function inputsOf(
  run: TrainedRun,
  task: TaskName,
  { source }: OpenedImages,
  name: string,
): Promise<InputSource> {
  const make = inputsHere(imageTable())
  const inputs =
    task === 'img_classification'
      ? classInputs(run, source, make)
      : await responseInputs(run, task, source, make)
  const problems = misfits(run, { inputs: { [task]: inputs.shape }, sessions: [], classes: null }, name)
  if (problems.length > 0) throw new CotrainError(problems)
  return inputs
}

function classInputs(
  run: TrainedRun,
  source: OpenedImages['source'],
  make: ReturnType<typeof inputsHere>,
): InputSource {
  const options = imageOptionsOf(run)
  if (options === null)
    throw new CotrainError({
      code: 'config-invalid',
      message: 'classes come from a recording; predict its responses.',
    })
  const fitted = inputImages(source, options)
  const normalisation = run.normalisations.img_classification ?? { mean: [0], std: [1] }
  return make(fitted, imagePlans(options, fitted, normalisation).gauss(0))
}

async function responseInputs(
  run: TrainedRun,
  task: Exclude<TaskName, 'img_classification'>,
  source: OpenedImages['source'],
  make: ReturnType<typeof inputsHere>,
): Promise<InputSource> {
  const own = neuralOptionsOf(run, task)
  if (own === null)
    throw new CotrainError({
      code: 'config-invalid',
      message: `the run has no recording of ${wordOf(task)}.`,
    })
  const { mean, std } = run.normalisations[task] ?? { mean: [0], std: [1] }
  const options = { ...own, apply_augmentation: false, stats: { mean: [...mean], std: [...std] } }
  // Decoded files have three channels, also those of grey images.
  const isGrey = run.shapes.inputs[task]?.channels === 1 && source.channels === 3
  const shown = isGrey && !turnsGrey(own) ? greyImages(source) : source
  const images = { source: shown, id: Int32Array.from({ length: source.length }, (_, i) => i) }
  return (await neuralInputs(images, options, new Int32Array(), make)).evaluation
}

const turnsGrey = (o: NeuralOptions): boolean => o.apply_grayscale && o.train_transformation
