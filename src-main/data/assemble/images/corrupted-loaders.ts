import type { ConstantSet } from '../../../engine/data/corruptions/base/types.ts'
import type { WaitClock } from '../../../engine/data/loaders/create-loader.ts'
import { createLoader, labelledExamples } from '../../../engine/data/loaders/create-loader.ts'
import type { Views } from '../../../engine/data/loaders/image-inputs.ts'
import type { Loader } from '../../../engine/types.ts'
import { corruptedImages } from './corrupted-images.ts'
import type { Corrupter } from '../../batches/corruption-threads.ts'
import type { DataDeps } from '../../content/data-deps.ts'
import type { ImageSide } from './image-loading.ts'
import { range } from './image-positions.ts'
import type { InputMaker } from '../../batches/input-maker.ts'
import { lazyInputs } from '../../batches/lazy-inputs.ts'

/** Which images are corrupted how, and under which modes they are scored. */
export interface CorruptedTests {
  readonly set: 'fly_c_test' | 'imagenet_fly_c_test'
  readonly side: ImageSide
  /** What the images are: fingerprint of the set and how they came to their size. */
  readonly identity: string
  /** Corruption -> severities. */
  readonly corruptions: Readonly<Partial<Record<string, readonly number[]>>>
  readonly constants: ConstantSet
  readonly grey: boolean
  /** Plan for the corrupted images. */
  readonly views: Views
  readonly batchSize: number
}

export interface CorruptedLoading {
  readonly seed: number
  readonly clock: WaitClock
  readonly inputs: InputMaker
  readonly corruptions: Corrupter
}

/** On-the-fly corruption tests: the images of a condition are made when it is scored, and kept on disk. */
export function addCorrupted(
  out: Map<string, Loader>,
  tests: CorruptedTests,
  loading: CorruptedLoading,
  deps: DataDeps,
): void {
  const { side, identity, constants, grey, views } = tests
  const { seed, clock, inputs } = loading
  const own = side.positions.map((p) => side.labels[p]!)
  const wanted = Object.entries(tests.corruptions).flatMap(([corruption, severities]) =>
    [...(severities ?? [])].sort().map((severity) => ({ corruption, severity })),
  )
  const { images, positions } = side
  const making = inTurn(
    wanted.map(
      (level) => () =>
        corruptedImages(
          { images, identity, positions, ...level, constants, grey, seed },
          loading.corruptions,
          deps,
        ),
    ),
  )
  wanted.forEach(({ corruption, severity }, i) => {
    const examples = labelledExamples(range(own.length), own, positions)
    const source = lazyInputs(views, inputs, () => making(i))
    const fixed = {
      key: 'img_classification',
      batchSize: tests.batchSize,
      shuffle: false,
      noise: { kind: 'fixed', seed },
      clock,
    } as const
    out.set(`${tests.set} ${corruption} ${severity}`, createLoader(examples, source, fixed))
  })
}

/** Each piece of work is done once; when one is handed out, the next begins, so that it is done by the time it is needed. */
function inTurn<T>(works: readonly (() => Promise<T>)[]): (at: number) => Promise<T> {
  const begun = new Map<number, Promise<T>>()
  const begin = (at: number): Promise<T> | undefined => {
    const work = works[at]
    if (!begun.has(at) && work !== undefined) {
      const promise = work()
      promise.catch(() => undefined) // whoever asks for it is told
      begun.set(at, promise)
    }
    return begun.get(at)
  }
  return async (at) => {
    const result = await begin(at)! // callers ask for work that exists
    void begin(at + 1)
    return result
  }
}
