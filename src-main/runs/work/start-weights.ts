import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import type { Model, NamedArrays } from '../../engine/types.ts'
import type { RunStore } from '../../store/run-store.ts'
import { readWeightsFor } from '../weights/exchange-file.ts'
import { differencesOf } from '../weights/fit-weights.ts'

/** Weights of the parent run or file that fit this model, with a report in the log; null without a parent. */
export function readStartWeights(
  store: RunStore,
  parent: RunConfig['parent'] | { run: string | null; file: string | null; use: string; strict: boolean },
  model: Model,
  log: (text: string, level: 'info' | 'warn') => void,
): NamedArrays | null {
  if (parent === null || parent.use === 'data') return null
  const path = parent.file ?? (parent.run === null ? null : store.files(store.resolve(parent.run)).weights)
  if (path === null) return null
  const fitted = readWeightsFor(model.specs, path, parent.strict)
  const { report, names, prefix } = fitted
  const how = names === 'own' ? '' : ', under the published names'
  const swap = prefix === null ? '' : ` (prefix "${prefix.from}" read as "${prefix.to}")`
  log(`${report.loaded.length} of ${model.specs.length} tensors taken from ${path}${how}${swap}.`, 'info')
  for (const difference of differencesOf(fitted)) log(difference, 'warn')
  return fitted.arrays
}
