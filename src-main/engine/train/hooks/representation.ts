import type { Tensor } from '@tensorflow/tfjs-core'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { Model } from '../../types.ts'

/** A layer's output that a module asked for. @throws CotrainError naming the layers when the model has no such layer. */
export function representationOf(
  seen: ReadonlyMap<string, Tensor>,
  layer: string,
  model: Model,
  path: string,
): Tensor {
  const found = seen.get(layer)
  if (found !== undefined) return found
  const names = model.layers.map((row) => row.name)
  throw new CotrainError({
    code: 'config-invalid',
    path: `trainer.config.${path}`,
    message: `no layer "${layer}" takes part in this task.`,
    hint: `Use "core" for the last layer of the core, or one of ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', ...' : ''}.`,
  })
}
