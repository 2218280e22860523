import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import type { Model, NamedArrays } from '../../engine/types.ts'
import { requireWhole } from '../../store/files/kept-files.ts'
import type { RunStore } from '../../store/run-store.ts'
import { checkpointOf } from '../read/kept-moments.ts'
import { keptWeights } from '../weights/checkpoint-files.ts'
import { readWeightsFor, weightsFor } from '../weights/exchange-file.ts'
import type { FittedWeights } from '../weights/fit-weights.ts'
import { differencesOf } from '../weights/fit-weights.ts'

/**
 * Weights of the parent run or file that fit this model, with a report in the log; null without a parent.
 * @throws CotrainError `run-state` for a checkpoint that is no longer kept, `file-invalid` for one that is spoilt
 */
export function readStartWeights(
  store: RunStore,
  parent: RunConfig['parent'],
  model: Model,
  log: (text: string, level: 'info' | 'warn') => void,
): NamedArrays | null {
  if (parent === null || parent.use === 'data') return null
  const found = startOf(store, parent, model)
  if (found === null) return null
  const { from, fitted } = found
  const { report, names, prefix } = fitted
  const how = names === 'own' ? '' : ', under the published names'
  const swap = prefix === null ? '' : ` (prefix "${prefix.from}" read as "${prefix.to}")`
  log(`${report.loaded.length} of ${model.specs.length} tensors taken from ${from}${how}${swap}.`, 'info')
  for (const difference of differencesOf(fitted)) log(difference, 'warn')
  return fitted.arrays
}

function startOf(
  store: RunStore,
  { run, file, epoch, strict }: NonNullable<RunConfig['parent']>,
  { specs }: Model,
): { readonly from: string; readonly fitted: FittedWeights } | null {
  if (file !== null) return { from: file, fitted: readWeightsFor(specs, file, strict) }
  if (run === null) return null
  const id = store.resolve(run)
  if (epoch === null) {
    const { folder, weights } = store.files(id)
    requireWhole(folder, weights)
    return { from: weights, fitted: readWeightsFor(specs, weights, strict) }
  }
  const checkpoint = checkpointOf(store, store.read(id), epoch)
  const arrays = keptWeights(checkpoint)
  const from = `run ${id.slice(0, 10)} at epoch ${epoch}, step ${checkpoint.manifest.step}`
  return { from, fitted: weightsFor(specs, { arrays, metadata: {} }, { from, strict }) }
}
