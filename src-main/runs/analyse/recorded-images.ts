import { createRng } from '../../../src-shared/util/rng.ts'
import type { AnimalState } from '../../engine/analysis/network-responder.ts'
import type { Images } from '../../engine/analysis/responder.ts'
import type { RecordedResponses } from '../../engine/analysis/triggered-average.ts'
import type { Batch, DataSet, Loader, NeuralSet } from '../../engine/types.ts'

/** Images of a recording as the network reads them, each once, and the mean state of the animal at them. */
export interface RecordedImages extends Images {
  readonly state: AnimalState
}

/** Up to `wanted` different images of these sessions: those of the test first, then of the validation, then of the training. */
export async function recordedImages(
  { test, validation, train }: DataSet,
  area: NeuralSet,
  sessions: readonly string[],
  wanted: number,
): Promise<RecordedImages> {
  const found: Float32Array[] = []
  const behavior = runningMean()
  const pupil = runningMean()
  for (const key of sessions) {
    // Numbers of images count within a session.
    const known = new Set<number>()
    for (const tier of [test, validation, train]) {
      const loader = tier[area]?.get(key)
      if (loader === undefined || found.length >= wanted) continue
      for await (const { index, inputs, batch } of rowsOf(loader)) {
        behavior.add(
          batch.behavior === undefined ? null : await batch.behavior.data<'float32'>(),
          index.length,
        )
        pupil.add(batch.pupil === undefined ? null : await batch.pupil.data<'float32'>(), index.length)
        const size = inputs.length / index.length
        index.forEach((image, i) => {
          if (known.has(image) || found.length >= wanted) return
          known.add(image)
          found.push(inputs.slice(i * size, (i + 1) * size))
        })
        if (found.length >= wanted) break
      }
    }
  }
  return {
    count: found.length,
    values: joined(found),
    state: { behavior: behavior.values(), pupil: pupil.values() },
  }
}

/** Training images of one session with the mean recorded responses of some units; null where there are none. */
export async function recordedResponses(
  { train }: DataSet,
  area: NeuralSet,
  session: string,
  units: readonly number[],
  wanted: number,
): Promise<RecordedResponses | null> {
  const loader = train[area]?.get(session)
  if (loader === undefined || wanted === 0) return null
  const places = new Map<number, number>()
  const shown: Float32Array[] = []
  const sums: { readonly sum: Float64Array; readonly count: Float64Array }[] = []
  for await (const { index, inputs, batch } of rowsOf(loader)) {
    const [size, columns] = [inputs.length / index.length, batch.targets.shape[1] ?? 0]
    const targets = await batch.targets.data<'float32'>()
    index.forEach((image, i) => {
      const place = places.get(image) ?? shown.length
      if (place === shown.length) {
        if (shown.length >= wanted) return
        places.set(image, place)
        shown.push(inputs.slice(i * size, (i + 1) * size))
        sums.push({ sum: new Float64Array(units.length), count: new Float64Array(units.length) })
      }
      const { sum, count } = sums[place]! // pushed above, or before
      units.forEach((unit, u) => {
        const value = targets[i * columns + unit]!
        if (Number.isNaN(value)) return
        sum[u] = sum[u]! + value
        count[u] = count[u]! + 1
      })
    })
  }
  const responses = Float32Array.from(sums.flatMap(({ sum, count }) => [...sum].map((v, u) => v / count[u]!))) // 0 / 0: missing
  const size = shown[0]?.length ?? 0
  return { images: shown.length, size, shown: joined(shown), units: units.length, responses }
}

/** Batches of a loader with their inputs as numbers; tensors are freed behind each. */
export async function* rowsOf(
  loader: Loader,
): AsyncGenerator<{ readonly index: Int32Array; readonly inputs: Float32Array; readonly batch: Batch }> {
  for await (const batch of loader.epoch(createRng(0))) {
    try {
      yield { index: batch.index, inputs: await batch.inputs.data<'float32'>(), batch }
    } finally {
      for (const tensor of [batch.inputs, batch.targets, batch.labels, batch.behavior, batch.pupil])
        tensor?.dispose()
    }
  }
}

/** Lists one behind the other. */
export function joined(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((n, p) => n + p.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** Means of columns over rows that come in batches. */
export function runningMean() {
  let rows = 0
  let sums: number[] = []
  return {
    add(values: Float32Array | null, count: number): void {
      if (values === null) return
      const width = values.length / count
      if (sums.length === 0) sums = new Array<number>(width).fill(0)
      values.forEach((v, i) => (sums[i % width] = sums[i % width]! + v))
      rows += count
    },
    values: (): number[] => sums.map((sum) => sum / rows),
  }
}
