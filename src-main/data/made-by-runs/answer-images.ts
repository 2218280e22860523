import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { reshape, tensor4d, tidy } from '@tensorflow/tfjs-core'
import type { InputSource } from '../../engine/data/loaders/input-source.ts'
import type { Network } from '../../engine/eval/network.ts'
import { EVALUATION, forward } from '../../engine/eval/network.ts'
import type { NeuralSet } from '../../engine/types.ts'

const BATCH = 64

/** What an answer is made of: [batch, values] for a batch of images. */
export type Answer = (inputs: Tensor4D) => Tensor2D

/** Predicted responses of one session's units, in evaluation mode. */
export const predictedResponses =
  (network: Network, area: NeuralSet, session: string): Answer =>
  (inputs) =>
    forward(network, inputs, { task: area, session })

/** Activations of one layer while the network classifies, flattened: [batch, height * width * channels]. */
export const layerActivations =
  (network: Network, layer: string): Answer =>
  (inputs) =>
    tidy(() => {
      const context = { ...EVALUATION, capture: new Set([layer]) }
      const { representations } = network.model.apply(
        network.params,
        inputs,
        { task: 'img_classification' },
        context,
      )
      const map = representations.get(layer)
      if (map === undefined) throw new RangeError(`the model has no layer "${layer}"`)
      return reshape(map, [inputs.shape[0], -1]) // two axes were asked for
    })

/** Answers to every image, one row each, as `keep` takes them from a batch; all of them fit into memory. */
export async function answersTo(
  inputs: InputSource,
  count: number,
  answer: Answer,
  keep: (values: Float32Array, width: number) => Float32Array,
  progress: (done: number) => void,
): Promise<Float32Array> {
  const { height, width, channels } = inputs.shape
  const rows: Float32Array[] = []
  for (let start = 0; start < count; start += BATCH) {
    const positions = Int32Array.from({ length: Math.min(BATCH, count - start) }, (_, i) => start + i)
    const values = await inputs.prepare({ positions, draws: new Int32Array(positions.length), stream: 0 })
    const batch = tensor4d(values, [positions.length, height, width, channels])
    const output = answer(batch)
    rows.push(keep(await output.data<'float32'>(), output.shape[1]))
    output.dispose()
    batch.dispose()
    progress((start + positions.length) / count)
  }
  const out = new Float32Array(rows.reduce((n, row) => n + row.length, 0))
  let at = 0
  for (const row of rows) {
    out.set(row, at)
    at += row.length
  }
  return out
}
