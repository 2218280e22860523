import { constantSetOf } from '../../../engine/data/corruptions/corrupt.ts'
import { middleOfImages } from '../../../engine/data/loaders/fit-images.ts'
import type { Loader } from '../../../engine/types.ts'
import { gaussMode } from '../../image-sets/condition-names.ts'
import { corruptedChannels } from './corrupted-images.ts'
import { addCorrupted } from './corrupted-loaders.ts'
import type { DataDeps } from '../../content/data-deps.ts'
import type { ImageLoading, ImagePartRequest, ImageSide } from './image-loading.ts'
import { everyNth } from './image-positions.ts'
import { fitKind } from '../../image-sets/image-set.ts'
import { fullSizeImages, storedCorruptions, stylisedImages } from './stored-conditions.ts'

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
    out.set(gaussMode(std), loading.loader(validation, plans.gauss(std)))
  }
  if (o.add_corrupted_test) await addAll(out, storedCorruptions(request, loading, deps))
  const size = { height: o.input_size, width: o.input_size }
  const positions = everyNth(test.positions, o.fly_subset)
  const flown = { ...test, images: middleOfImages(test.images, size), positions }
  const identity = `${request.fingerprint} test ${o.input_size} ${fitKind(o)} ${o.in_resize}`
  addFlown(out, 'fly_c_test', { side: flown, identity }, request, loading, deps)
  if (o.add_imagenet_fly_test) {
    const full = await fullSizeImages(request, deps)
    addFlown(out, 'imagenet_fly_c_test', full, request, loading, deps)
  }
  if (o.add_rotated_test) out.set('rotated_test', loading.loader(test, plans.turned))
  if (o.add_stylized_test) out.set('st_test', stylisedImages(request, loading, deps))
  return out
}

async function addAll(out: Map<string, Loader>, found: Promise<ReadonlyMap<string, Loader>>): Promise<void> {
  for (const [mode, loader] of await found) out.set(mode, loader)
}

/** The corruption tests of one set of images. */
function addFlown(
  out: Map<string, Loader>,
  set: 'fly_c_test' | 'imagenet_fly_c_test',
  { side, identity }: { readonly side: ImageSide; readonly identity: string },
  request: ImagePartRequest,
  { plans }: ImageLoading,
  deps: DataDeps,
): void {
  const { options: o } = request
  const grey = o.apply_grayscale
  addCorrupted(
    out,
    {
      set,
      side,
      identity,
      corruptions: o.add_fly_corrupted_test,
      constants: constantSetOf(o.constants, o.input_size, o.input_size),
      grey,
      views: plans.corrupted(corruptedChannels({ grey })),
      batchSize: o.batch_size,
    },
    request,
    deps,
  )
}
