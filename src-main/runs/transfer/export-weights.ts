import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { parseRunConfig } from '../../../src-shared/schema/run-config.ts'
import { buildModel } from '../../engine/model/index.ts'
import { readSafetensors } from '../../io/formats/safetensors.ts'
import type { Workspace } from '../workspace.ts'
import { writeExchangeFile } from './exchange-file.ts'

/** Writes the best weights of a finished run under the published names. @throws CotrainError `run-state` without weights. */
export async function exportWeights(workspace: Workspace, id: string, path: string): Promise<void> {
  const { store, describeData, folder, shapesOf } = workspace
  const record = store.read(id)
  if (record.status !== 'finished') {
    const message = `run ${id.slice(0, 10)} is ${record.status}, so it has no final weights.`
    throw new CotrainError({ code: 'run-state', path: id, message, hint: 'Finish it first.' })
  }
  const parsed = parseRunConfig(record.config)
  if (!parsed.ok) throw new CotrainError(parsed.problems)
  const config = parsed.value
  const { shapes, problems, fingerprint } = await describeData(config.dataset, config.data_seed, folder)
  if (problems.length > 0) throw new CotrainError(problems)
  const model = buildModel(
    config.model.fn,
    config.model.config,
    shapes ?? (await shapesOf(config, fingerprint)),
  )
  const { arrays } = readSafetensors(store.files(id).weights)
  await writeExchangeFile(path, model.specs, arrays, config.model)
}
