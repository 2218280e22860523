import { toPublished } from '../../engine/model/index.ts'
import type { NamedArrays, ParamSpec } from '../../engine/types.ts'
import type { SafetensorsFile } from '../../io/formats/tensors/safetensors.ts'
import { readSafetensors, writeSafetensors } from '../../io/formats/tensors/safetensors.ts'
import type { FittedWeights } from './fit-weights.ts'
import { fitWeights, requireFullFit, requireSomeFit } from './fit-weights.ts'

/**
 * Writes weights as PyTorch reads them: published names and layout, so that `load_state_dict(..., strict=True)` of the
 * published class takes them. `config` goes into the metadata as JSON.
 */
export async function writeExchangeFile(
  path: string,
  specs: readonly ParamSpec[],
  weights: NamedArrays,
  config: unknown,
): Promise<void> {
  await writeSafetensors(path, toPublished(specs, weights), { format: 'pt', config: JSON.stringify(config) })
}

/** Weights of a run or of a published file for a model. Strict: every tensor must fit; otherwise at least one. */
export const readWeightsFor = (specs: readonly ParamSpec[], path: string, strict: boolean): FittedWeights =>
  weightsFor(specs, readSafetensors(path), { from: path, strict })

/** The same of weights that are read already; `from` names them in errors. */
export function weightsFor(
  specs: readonly ParamSpec[],
  { arrays, metadata }: SafetensorsFile,
  { from, strict }: { readonly from: string; readonly strict: boolean },
): FittedWeights {
  const fitted = fitWeights(specs, arrays, metadata)
  if (strict) requireFullFit(fitted, from)
  requireSomeFit(fitted, from)
  return fitted
}
