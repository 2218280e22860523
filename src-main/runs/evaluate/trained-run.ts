import { existsSync } from 'node:fs'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { recordedPlugins } from '../../../src-shared/schema/plugin/used-plugins.ts'
import type { ModelShapes } from '../../engine/model/index.ts'
import type { NeuralSet, TaskName } from '../../engine/types.ts'
import { rulesOf } from '../../engine/train/index.ts'
import { loadPlugins } from '../../io/plugins/load-plugins.ts'
import { requireWhole } from '../../store/files/kept-files.ts'
import { readResult } from '../../store/files/run-folder.ts'
import type { RunRecord, RunResult } from '../../store/files/run-record.ts'
import type { RunStore } from '../../store/run-store.ts'
import type { Normalisations } from '../../data/assemble/build-data.ts'
import { buildData, describeData } from '../../data/assemble/build-data.ts'
import type { DataDeps } from '../../data/content/data-deps.ts'
import { changesBetween } from '../../data/content/manifest-store.ts'
import { isSameData } from '../workers/engine-parts.ts'
import { readShapes } from '../../data/content/stored-shapes.ts'
import { AREAS } from '../../../src-shared/schema/names.ts'

/** A run that is over with weights, and what its network must be told of other data. */
export interface TrainedRun {
  readonly record: RunRecord
  readonly result: RunResult
  readonly weights: string
  readonly shapes: ModelShapes
  readonly normalisations: Normalisations
  readonly rules: ReturnType<typeof rulesOf>
  /** Tasks that it was trained on. */
  readonly tasks: readonly TaskName[]
}

type Place = Pick<DataDeps, 'home' | 'now' | 'date' | 'progress'>

/** @throws CotrainError `run-state` for a run without weights and scores, `file-invalid` for weights that were changed */
export async function openTrainedRun(store: RunStore, id: string, place: Place): Promise<TrainedRun> {
  const record = store.read(id)
  const { folder, weights, shapes: shapesFile } = store.files(id)
  const result = readResult(folder)
  if (result === null || !existsSync(weights)) {
    const message = `run ${id.slice(0, 10)} is ${record.status}, so it has no weights to score.`
    throw new CotrainError({ code: 'run-state', path: id.slice(0, 10), message, hint: 'Finish it first.' })
  }
  requireWhole(folder, weights)
  await loadPlugins(place.home, recordedPlugins(record))
  const { shapes, normalisations } = await factsOf(record, result, shapesFile, {
    ...place,
    folder: record.folder,
  })
  const areas = AREAS.filter((area) => hasArea(shapes, area))
  const rules = rulesOf(record.config.trainer, areas)
  return { record, result, weights, shapes, normalisations, rules, tasks: [...rules.losses.keys()] }
}

const hasArea = ({ sessions }: ModelShapes, area: NeuralSet): boolean => sessions.some((s) => s.area === area)

/** What the network was told of its own data; runs of earlier versions did not keep it, and their data are asked again. */
async function factsOf(
  record: RunRecord,
  result: RunResult,
  shapesFile: string,
  deps: DataDeps,
): Promise<{ shapes: ModelShapes; normalisations: Normalisations }> {
  const { dataset, data_seed: dataSeed } = record.config
  const known = readShapes(shapesFile)
  if (known !== null && result.normalisations !== undefined)
    return { shapes: known, normalisations: result.normalisations }
  await requireSameData(record, deps)
  const built = await buildData(dataset, dataSeed, deps)
  built.dispose()
  return { shapes: built.shapes, normalisations: result.normalisations ?? built.normalisations }
}

/** @throws CotrainError `data-changed`, or `data-missing` with the place */
export async function requireSameData({ config, identity }: RunRecord, deps: DataDeps): Promise<void> {
  const found = await describeData(config.dataset, config.data_seed, deps)
  if (await isSameData(identity, found)) return
  throw new CotrainError(await changesBetween(identity.data, found.fingerprint, deps.home))
}
