import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { ModelChoice } from '../../../src-shared/schema/registry.ts'
import { createRng } from '../../../src-shared/util/rng.ts'
import type { Network } from '../../engine/eval/network.ts'
import type { ModelShapes } from '../../engine/model/index.ts'
import { buildModel, initialValues } from '../../engine/model/index.ts'
import { createParamStore, createReplayer } from '../../engine/tensor/index.ts'
import type { NamedArray } from '../../engine/types.ts'
import { readSafetensors } from '../../io/formats/tensors/safetensors.ts'

/** A network with the weights of a file; close it to free its tensors. */
export interface TrainedNetwork {
  readonly network: Network
  close(): void
}

/** @throws CotrainError `file-invalid` naming the tensor that the file lacks */
export function openTrainedNetwork(
  choice: ModelChoice,
  shapes: ModelShapes,
  weights: string,
): TrainedNetwork {
  const model = buildModel(choice, shapes)
  const values = new Map<string, NamedArray>(initialValues(model.specs, createRng(0)))
  const { arrays } = readSafetensors(weights)
  for (const { name, shape } of model.specs) {
    const found = arrays.get(name)
    if (found === undefined || found.shape.join() !== shape.join()) {
      throw new CotrainError({
        code: 'file-invalid',
        path: weights,
        message: `the weights have no tensor "${name}" of shape ${shape.join(' x ')}.`,
        hint: 'Use images of the size that the run was trained on, or another run.',
      })
    }
    values.set(name, found)
  }
  const store = createParamStore(values)
  const replayer = createReplayer()
  const close = (): void => {
    replayer.dispose()
    store.dispose()
  }
  return { network: { model, params: store.tensors, replayer }, close }
}
