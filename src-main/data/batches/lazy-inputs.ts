import type { Views } from '../../engine/data/loaders/image-inputs.ts'
import { outputShape } from '../../engine/data/loaders/image-inputs.ts'
import type { InputSource } from '../../engine/data/loaders/input-source.ts'
import type { ImageSource, Loader } from '../../engine/types.ts'
import type { InputMaker } from './input-maker.ts'

/** Inputs whose images are made when the first batch is asked for. */
export function lazyInputs(views: Views, make: InputMaker, open: () => Promise<ImageSource>): InputSource {
  let opening: Promise<InputSource> | null = null
  return {
    shape: outputShape(views[0]),
    views: views.length,
    ahead: 0,
    async prepare(request) {
      opening ??= open().then((images) => make(images, views))
      return (await opening).prepare(request)
    },
  }
}

/** A loader of known size that is opened at its first pass. */
export function lazyLoader(
  key: string,
  size: number,
  batchSize: number,
  open: () => Promise<Loader>,
): Loader {
  let opening: Promise<Loader> | null = null
  return {
    key,
    size,
    batches: Math.ceil(size / batchSize),
    async *epoch(rng) {
      opening ??= open()
      yield* (await opening).epoch(rng)
    },
  }
}

/** Several loaders one after the other. */
export function joinedLoaders(key: string, loaders: readonly Loader[]): Loader {
  const sum = (value: (loader: Loader) => number): number =>
    loaders.reduce((n, loader) => n + value(loader), 0)
  return {
    key,
    size: sum((loader) => loader.size),
    batches: sum((loader) => loader.batches),
    async *epoch(rng) {
      for (const [i, loader] of loaders.entries()) yield* loader.epoch(rng.fork(i))
    },
  }
}
