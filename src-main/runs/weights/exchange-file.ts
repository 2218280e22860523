import { toPublished } from '../../engine/model/index.ts'
import type { NamedArrays, ParamSpec } from '../../engine/types.ts'
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
export function readWeightsFor(specs: readonly ParamSpec[], path: string, strict: boolean): FittedWeights {
  const { arrays, metadata } = readSafetensors(path)
  const fitted = fitWeights(specs, arrays, metadata)
  if (strict) requireFullFit(fitted, path)
  requireSomeFit(fitted, path)
  return fitted
}
