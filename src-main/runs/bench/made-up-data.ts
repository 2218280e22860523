import type { Tensor } from '@tensorflow/tfjs-core'
import { tensor1d, tensor2d, tensor4d } from '@tensorflow/tfjs-core'
import type { Rng } from '../../../src-shared/util/rng.ts'
import { createRng } from '../../../src-shared/util/rng.ts'
import type { Batch, DataSet, Loader, TaskLoaders } from '../../engine/types.ts'
import { memoryImages } from '../../io/images/sources/memory-images.ts'
import type { ImageSetFiles } from '../../data/image-sets/image-set-files.ts'
import type { BenchNetwork, Pass } from './bench-network.ts'

const SEED = 1
/** More than are ever timed: no epoch ends meanwhile. */
const BATCHES = 1_000_000
/** Before the first step a run is validated; that is not what is timed. */
const VALIDATED = 2
/** Different images for the loader: more than it has in work at once. */
const LOADED = 256

/** Data in memory, the same in every process, of which each batch shows the same images. */
export function madeUpData({ passes, shapes }: Pick<BenchNetwork, 'passes' | 'shapes'>): DataSet {
  const rng = createRng(SEED)
  const all = (change: (pass: Pass) => Pass, batches: number): TaskLoaders =>
    Object.fromEntries(
      passes.map((pass) => {
        const loaders = keysOf(pass.task, shapes).map(
          (key) => [key, madeUpLoader(key, change(pass), batches, shapes, rng)] as const,
        )
        return [pass.task, new Map(loaders)]
      }),
    )
  return {
    train: all((pass) => pass, BATCHES),
    validation: all((pass) => ({ ...pass, images: VALIDATED }), 1),
    test: {},
    conditions: new Map(),
    sessions: new Map(),
    classNames: Array.from({ length: shapes.classes ?? 0 }, (_, i) => String(i)),
    waited: () => 0,
  }
}

/** The sessions of an area; classification has one set. */
const keysOf = (task: Pass['task'], { sessions }: BenchNetwork['shapes']): readonly string[] =>
  task === 'img_classification' ? [task] : sessions.filter(({ area }) => area === task).map(({ key }) => key)

/** A loader that gives the same batch again and again; its tensors are made anew each time, as in a run. */
export function madeUpLoader(
  key: string,
  { task, images }: Pass,
  batches: number,
  { inputs, sessions, classes }: BenchNetwork['shapes'],
  rng: Rng,
): Loader {
  const shape = inputs[task]
  if (shape === undefined) throw new RangeError(`no shape of images for ${task}`)
  const own = rng.fork(task)
  const pixels = Float32Array.from({ length: images * shape.height * shape.width * shape.channels }, () =>
    own.normal(),
  )
  const units = sessions.find((session) => session.key === key)?.units ?? 0
  const labels = Int32Array.from({ length: images }, () => own.int(classes ?? 1))
  const responses = Float32Array.from({ length: images * units }, () => 2 * own.uniform())
  const targets = (): Tensor =>
    task === 'img_classification' ? tensor1d(labels, 'int32') : tensor2d(responses, [images, units])
  const index = Int32Array.from({ length: images }, (_, i) => i)
  return {
    key,
    batches,
    size: batches * images,
    // eslint-disable-next-line @typescript-eslint/require-await -- loaders are asynchronous; this one never waits
    async *epoch(): AsyncGenerator<Batch> {
      for (let i = 0; i < batches; i++)
        yield {
          inputs: tensor4d(pixels, [images, shape.height, shape.width, shape.channels]),
          targets: targets(),
          index,
        }
    },
  }
}

/** A classification set in memory: noise in colour of this height and width. */
export function madeUpSet(pixels: number, classes: number): ImageSetFiles {
  const rng = createRng(SEED).fork('set')
  const size = { height: pixels, width: pixels, channels: 3 }
  const bytes = Uint8Array.from({ length: LOADED * pixels * pixels * 3 }, () => rng.int(256))
  const part = {
    images: memoryImages(bytes, size),
    labels: Int32Array.from({ length: LOADED }, (_, i) => i % classes),
    classNames: Array.from({ length: classes }, (_, i) => String(i)),
  }
  return {
    path: 'memory',
    content: () => Promise.resolve([]),
    formerFiles: () => [],
    train: () => Promise.resolve(part),
    test: () => Promise.resolve(part),
    classIds: () => Promise.resolve(part.classNames),
  }
}
