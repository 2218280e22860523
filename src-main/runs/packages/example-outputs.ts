import { slice, tensor4d } from '@tensorflow/tfjs-core'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { ExampleSource } from '../../../src-shared/contract/package.ts'
import { createRng } from '../../../src-shared/util/rng.ts'
import { buildData } from '../../data/assemble/build-data.ts'
import type { DataDeps } from '../../data/content/data-deps.ts'
import type { Network } from '../../engine/eval/network.ts'
import { forward } from '../../engine/eval/network.ts'
import type { ModelShapes } from '../../engine/model/index.ts'
import type { NamedArray, NamedArrays, TaskName } from '../../engine/types.ts'
import { invalidFile } from '../../io/formats/base/problem.ts'
import type { TrainedRun } from '../evaluate/trained-run.ts'
import { requireSameData } from '../evaluate/trained-run.ts'
import { examplePictures } from '../exchange/example-pictures.ts'
import { outputName, routesOf } from '../exchange/outputs.ts'
import { ruleOf } from '../workers/engine-parts.ts'

const COUNT = 4
const MOST = 64

/** Largest relative difference with which an output counts as the stored one: two engines sum float32 in other orders. */
const TOLERANCE = 1e-5

/** Pictures of a task, normalised as the network sees them: [n, height, width, channels]. */
type Pictures = Partial<Record<TaskName, NamedArray>>

/** Pictures for every task of a run. Those of the data are the first of its test, else validation part. */
export async function picturesFor(run: TrainedRun, from: ExampleSource, deps: DataDeps): Promise<Pictures> {
  if (from === 'data') return picturesOfData(run, { ...deps, folder: run.record.folder })
  const pictures: Pictures = {}
  for (const task of run.tasks) {
    const shape = run.shapes.inputs[task]
    if (shape !== undefined) pictures[task] = await taken(examplePictures(shape))
  }
  return pictures
}

async function picturesOfData({ record, tasks }: TrainedRun, deps: DataDeps): Promise<Pictures> {
  await requireSameData(record, deps)
  const { dataset, data_seed: seed } = record.config
  const { data, dispose } = await buildData(dataset, seed, deps, { rule: ruleOf(record.identity) })
  const pictures: Pictures = {}
  try {
    for (const task of tasks) {
      const [loader] = [...((data.test[task] ?? data.validation[task])?.values() ?? [])]
      if (loader === undefined) continue
      for await (const batch of loader.epoch(createRng(0))) {
        pictures[task] = await taken(slice(batch.inputs, 0, Math.min(COUNT, batch.inputs.shape[0])))
        for (const tensor of [batch.inputs, batch.targets, batch.labels, batch.behavior, batch.pupil])
          tensor?.dispose()
        break
      }
    }
  } finally {
    dispose()
  }
  return pictures
}

async function taken(pictures: Tensor4D): Promise<NamedArray> {
  const data = await pictures.data<'float32'>()
  pictures.dispose()
  return { shape: pictures.shape, dtype: 'float32', data }
}

/** The pictures and what the network answers to them: `images/<task>`, `answers/<output>` [n, classes or units]. */
export async function exampleOutputs(
  network: Network,
  { tasks, shapes }: Pick<TrainedRun, 'tasks' | 'shapes'>,
  pictures: Pictures,
): Promise<NamedArrays> {
  const out = new Map<string, NamedArray>()
  for (const route of routesOf(tasks, shapes)) {
    const shown = pictures[route.task]
    if (shown === undefined) continue
    out.set(`images/${route.task}`, shown)
    const inputs = tensor4d(shown.data as Float32Array, shown.shape as [number, number, number, number])
    const answer = forward(network, inputs, route)
    const data = await answer.data<'float32'>()
    out.set(`answers/${outputName(route)}`, { shape: answer.shape, dtype: 'float32', data })
    answer.dispose()
    inputs.dispose()
  }
  return out
}

/** How far outputs computed here are from the stored ones. */
export interface Agreement {
  /** Largest difference, as a part of the largest output of the same readout or of 1. */
  readonly difference: number
  readonly compared: number
}

/**
 * Compares the outputs that a package states with those computed here. `member` names them in errors.
 * @throws CotrainError `file-invalid` where pictures or outputs are missing, of another size, not finite, or not reproduced
 */
export async function compareOutputs(
  network: Network,
  run: Pick<TrainedRun, 'tasks' | 'shapes'>,
  stored: NamedArrays,
  { path, member }: { readonly path: string; readonly member: string },
): Promise<Agreement> {
  const wrong = (message: string): Error =>
    invalidFile(path, member, message, 'Do not use this file; ask its author for another.')
  const pictures = picturesIn(run, stored, wrong)
  const computed = await exampleOutputs(network, run, pictures)
  const extra = [...stored.keys()].find((name) => !computed.has(name))
  if (extra !== undefined) throw wrong(`has "${extra}", which the network does not answer.`)
  let [difference, compared] = [0, 0]
  for (const [name, { shape, data }] of computed) {
    if (!name.startsWith('answers/')) continue
    const stated = stored.get(name)
    if (stated === undefined) throw wrong(`has no stored outputs of "${name}".`)
    if (stated.shape.join() !== shape.join())
      throw wrong(`"${name}" is ${stated.shape.join(' x ')}, the network gives ${shape.join(' x ')}.`)
    const found = apart(data, stated.data)
    if (!(found <= TOLERANCE))
      throw wrong(`outputs of "${name}" are not reproduced here: they differ by ${found.toExponential(1)}, allowed is ${TOLERANCE}.`) // prettier-ignore
    difference = Math.max(difference, found)
    compared += data.length
  }
  return { difference, compared }
}

function picturesIn(
  { tasks, shapes }: { readonly tasks: readonly TaskName[]; readonly shapes: ModelShapes },
  stored: NamedArrays,
  wrong: (message: string) => Error,
): Pictures {
  const pictures: Pictures = {}
  for (const { task } of routesOf(tasks, shapes)) {
    const found = stored.get(`images/${task}`)
    const wanted = shapes.inputs[task]
    if (found === undefined || wanted === undefined) throw wrong(`has no pictures for ${task}.`)
    const [count = 0, ...size] = found.shape
    const isRight =
      found.dtype === 'float32' &&
      count >= 1 &&
      count <= MOST &&
      size.join() === [wanted.height, wanted.width, wanted.channels].join() &&
      isFinite(found)
    if (!isRight)
      throw wrong(`its pictures for ${task} are not 1 to ${MOST} finite ones of ${wanted.height} x ${wanted.width} x ${wanted.channels}.`) // prettier-ignore
    pictures[task] = found
  }
  return pictures
}

/** Whether every value is a number. */
export const isFinite = ({ data }: NamedArray): boolean => data.every((value) => Number.isFinite(value))

/** NaN, which no output may be, makes the difference NaN. */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [most, scale] = [0, 1]
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!)
    if (!(difference <= most)) most = difference
    if (Math.abs(b[i]!) > scale) scale = Math.abs(b[i]!)
  }
  return most / scale
}
