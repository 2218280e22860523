import type { Result } from '../../../src-shared/contract/contract.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { buildModel } from '../../engine/model/index.ts'
import type { ModelShapes } from '../../engine/model/index.ts'
import type { LayerRow, Model } from '../../engine/types.ts'

export type ModelCard = Result<'config.modelCard'>

/** Layers, parameters and cost of the model that a config describes; computes no tensor. */
export const modelCard = (config: RunConfig, shapes: ModelShapes): ModelCard =>
  cardOf(buildModel(config.model, shapes))

export function cardOf({ specs, layers }: Pick<Model, 'specs' | 'layers'>): ModelCard {
  const parameterList = specs
    .filter(({ kind }) => kind === 'parameter')
    .map(({ name, shape, frozen }) => ({
      name,
      shape: [...shape],
      count: shape.reduce((a, b) => a * b, 1),
      frozen,
    }))
  const sum = (pick: (row: LayerRow) => number): number => layers.reduce((total, row) => total + pick(row), 0)
  return {
    parameters: parameterList.reduce((total, { count }) => total + count, 0),
    tensors: parameterList.length,
    multiplyAdds: sum((row) => row.multiplyAdds),
    activationBytes: sum((row) => row.activationBytes),
    layers: layers.map((row) => ({ ...row, outputShape: [...row.outputShape] })),
    parameterList,
    splits: splitsOf(layers),
  }
}

/** The last receptive field of each block: what its neurons can see. */
function splitsOf(layers: readonly LayerRow[]): ModelCard['splits'] {
  const fields = new Map<string, number | null>()
  for (const { block, receptiveField } of layers)
    if (!fields.has(block) || receptiveField !== undefined) fields.set(block, receptiveField ?? null)
  return [...fields].map(([block, receptiveField]) => ({ block, receptiveField }))
}
