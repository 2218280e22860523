import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { storedConfig } from '../../../src-shared/schema/run-config.ts'
import type { ModelShapes } from '../../engine/model/index.ts'
import { buildModel } from '../../engine/model/index.ts'
import type { NamedArrays } from '../../engine/types.ts'
import { readSafetensors } from '../../io/formats/tensors/safetensors.ts'
import { requireWhole } from '../../store/files/kept-files.ts'
import type { RunRecord } from '../../store/files/run-record.ts'
import type { RunStore } from '../../store/run-store.ts'
import { knownShapes } from '../workers/data-shapes.ts'
import { readShapes } from '../../data/content/stored-shapes.ts'
import type { Workspace } from '../home/workspace.ts'
import { checkpointOf } from '../read/kept-moments.ts'
import { keptWeights } from './checkpoint-files.ts'
import { writeExchangeFile } from './exchange-file.ts'

/**
 * Writes the best weights of a finished run, or those of a kept checkpoint, under the published names; its data are not needed.
 * @throws CotrainError `run-state` without weights, `file-invalid` for a checkpoint that is spoilt
 */
export async function exportWeights(
  workspace: Workspace,
  id: string,
  path: string,
  epoch: number | null = null,
): Promise<void> {
  const { store } = workspace
  const record = store.read(id)
  const arrays =
    epoch === null ? finalWeights(store, record) : keptWeights(checkpointOf(store, record, epoch))
  const config = storedConfig(record.config)
  const { model } = config
  const shapes = readShapes(store.files(id).shapes) ?? (await earlierShapes(workspace, record, config))
  const { specs } = buildModel(model, shapes)
  await writeExchangeFile(path, specs, arrays, model)
}

function finalWeights(store: RunStore, { id, status }: RunRecord): NamedArrays {
  if (status === 'finished') {
    const { folder, weights } = store.files(id)
    requireWhole(folder, weights)
    return readSafetensors(weights).arrays
  }
  throw new CotrainError({
    code: 'run-state',
    path: id,
    message: `run ${id.slice(0, 10)} is ${status}, so it has no final weights.`,
    hint: 'Finish it first, or name one of its checkpoints (--from-epoch).',
  })
}

/** Runs of earlier versions kept no shapes: they are in the cache of the home, or found again in the data. */
async function earlierShapes(
  { store, describeData, shapesOf }: Workspace,
  { identity, folder }: RunRecord,
  config: RunConfig,
): Promise<ModelShapes> {
  const { dataset: choice, data_seed: dataSeed } = config
  const known = knownShapes(store.layout, { choice, dataSeed, fingerprint: identity.data })
  if (known !== null) return known
  const { shapes, problems, fingerprint } = await describeData(choice, dataSeed, folder)
  if (problems.length > 0)
    throw new CotrainError(
      problems.map((problem) => ({
        ...problem,
        hint: `${problem.hint ?? ''} The run is of an earlier version, which kept nothing about its data: say where they are now (--data-dir).`.trim(),
      })),
    )
  return shapes ?? (await shapesOf(config, fingerprint, folder))
}
