import { createRng } from '../../../../src-shared/util/rng.ts'
import type { ImageSource } from '../../types.ts'
import type { InputRequest, InputShape, InputSource } from './input-source.ts'
import type { ChangeTable, Pipeline, PipelinePlan } from './pipeline.ts'
import { pipeline } from './pipeline.ts'

/** What the network gets from images of this plan. */
export const outputShape = (plan: PipelinePlan): InputShape => ({
  height: plan.size.height,
  width: plan.size.width,
  channels: plan.outChannels,
})

/** One plan, or two for paired views. */
export type Views = readonly [PipelinePlan] | readonly [PipelinePlan, PipelinePlan]

/** Prepares byte images in this thread. */
export function imageInputs(images: ImageSource, views: Views, table: ChangeTable): InputSource {
  const run = viewRunner(views, table)
  const each = images.height * images.width * images.channels
  return {
    shape: outputShape(views[0]),
    views: views.length,
    ahead: 0,
    prepare(request) {
      const bytes = new Uint8Array(request.positions.length * each)
      const reading = images.read(request.positions, bytes)
      return reading instanceof Promise ? reading.then(() => run(bytes, request)) : run(bytes, request)
    },
  }
}

/** Runs every view over the stored images of a request: [views * n, height, width, channels]. */
export function viewRunner(
  views: Views,
  table: ChangeTable,
): (bytes: Uint8Array, request: InputRequest) => Float32Array {
  const runs: readonly Pipeline[] = views.map((plan) => pipeline(plan, table))
  const { height, width, channels } = outputShape(views[0])
  return (bytes, { positions, draws, stream }) => {
    const root = createRng(stream)
    const size = positions.length * height * width * channels
    const out = new Float32Array(size * runs.length)
    runs.forEach((run, view) => {
      // A change's stream carries the view in its name, so that views share exactly what is meant to be shared.
      const rngOf = (i: number) => root.fork(positions[i]!).fork(draws[i]!)
      run(bytes, rngOf, out.subarray(view * size, (view + 1) * size))
    })
    return out
  }
}
