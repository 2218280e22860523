import { constantSetOf } from '../../engine/data/corruptions/corrupt.ts'
import { createLoader, labelledExamples } from '../../engine/data/loaders/create-loader.ts'
import { middleOfImages } from '../../engine/data/loaders/fit-images.ts'
import type { Loader } from '../../engine/types.ts'
import { corruptedChannels, corruptedImages } from './corrupted-images.ts'
import type { DataDeps } from './data-deps.ts'
import type { ImageLoading, ImagePartRequest, ImageSide } from './image-loading.ts'
import { everyNth, range } from './image-positions.ts'
import { fitKind } from './image-set.ts'
import { lazyInputs } from './lazy-inputs.ts'
import { fullSizePictures, storedCorruptions, stylisedPictures } from './stored-conditions.ts'

/** Loaders of the final suite beyond train, validation and test, in published order, by the suite's mode names. */
export async function imageConditions(
  request: ImagePartRequest,
  loading: ImageLoading,
  deps: DataDeps,
): Promise<ReadonlyMap<string, Loader>> {
  const { options: o } = request
  const { plans, validation, test } = loading
  const out = new Map<string, Loader>()
  if (o.add_out_domain_test) {
    out.set('FinalValidationOutDomain', loading.loader(validation, plans.outDomain))
    out.set('FinalTestOutDomain', loading.loader(test, plans.outDomain))
  }
  for (const std of o.validation_gauss) {
    out.set(`Validation_gauss ${asPrinted(std)}`, loading.loader(validation, plans.gauss(std)))
  }
  if (o.add_corrupted_test) await addAll(out, storedCorruptions(request, loading, deps))
  const size = { height: o.input_size, width: o.input_size }
  const positions = everyNth(test.positions, o.fly_subset)
  const flown = { ...test, images: middleOfImages(test.images, size), positions }
  addCorrupted(
    out,
    'fly_c_test',
    flown,
    `${request.fingerprint} test ${o.input_size} ${fitKind(o)} ${o.in_resize}`,
    request,
    loading,
    deps,
  )
  if (o.add_imagenet_fly_test) {
    const full = await fullSizePictures(request, deps)
    addCorrupted(out, 'imagenet_fly_c_test', full.side, full.identity, request, loading, deps)
  }
  if (o.add_rotated_test) out.set('rotated_test', loading.loader(test, plans.turned))
  if (o.add_stylized_test) out.set('st_test', await stylisedPictures(request, loading, deps))
  return out
}

/** 1 -> "1.0": condition names carry numbers as the published tracker prints them. */
const asPrinted = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value))

async function addAll(out: Map<string, Loader>, found: Promise<ReadonlyMap<string, Loader>>): Promise<void> {
  for (const [mode, loader] of await found) out.set(mode, loader)
}

/** On-the-fly corruption tests: the pictures of a condition are made when it is scored, and kept on disk. */
function addCorrupted(
  out: Map<string, Loader>,
  set: 'fly_c_test' | 'imagenet_fly_c_test',
  { images, labels, positions }: ImageSide,
  identity: string,
  { options: o, seed, clock, inputs, corruptions }: ImagePartRequest,
  { plans }: ImageLoading,
  deps: DataDeps,
): void {
  const constants = constantSetOf(o.constants, o.input_size, o.input_size)
  const grey = o.apply_grayscale
  const own = positions.map((p) => labels[p] as number)
  const wanted = Object.entries(o.add_fly_corrupted_test).flatMap(([corruption, severities]) =>
    [...(severities ?? [])].sort().map((severity) => ({ corruption, severity })),
  )
  const making = inTurn(
    wanted.map(
      (level) => () =>
        corruptedImages({ images, identity, positions, ...level, constants, grey, seed }, corruptions, deps),
    ),
  )
  wanted.forEach(({ corruption, severity }, i) => {
    const source = lazyInputs(plans.corrupted(corruptedChannels({ grey })), inputs, () => making(i))
    const options = {
      key: 'img_classification',
      batchSize: o.batch_size,
      shuffle: false,
      noise: { kind: 'fixed', seed },
      clock,
    } as const
    out.set(
      `${set} ${corruption} ${severity}`,
      createLoader(labelledExamples(range(own.length), own, positions), source, options),
    )
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
    const result = await (begin(at) as Promise<T>) // callers ask for work that exists
    begin(at + 1)
    return result
  }
}
