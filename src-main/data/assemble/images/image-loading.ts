import type { ImageOptions } from '../../../../src-shared/schema/dataset/image-fields.ts'
import type { Examples, WaitClock } from '../../../engine/data/loaders/create-loader.ts'
import type { Views } from '../../../engine/data/loaders/image-inputs.ts'
import type { ImageSource, Loader } from '../../../engine/types.ts'
import type { Corrupter } from '../../batches/corruption-threads.ts'
import type { ImagePlans } from './image-plans.ts'
import type { ImageSetFiles } from '../../image-sets/image-set-files.ts'
import type { InputMaker } from '../../batches/input-maker.ts'

export interface ImagePartRequest {
  readonly options: ImageOptions
  readonly set: ImageSetFiles
  readonly fingerprint: string
  readonly seed: number
  readonly clock: WaitClock
  readonly inputs: InputMaker
  readonly corruptions: Corrupter
}

/** Images with labels at the size that the plans start from, and the positions that are used. */
export interface ImageSide {
  readonly images: ImageSource
  readonly labels: Int32Array
  readonly positions: Int32Array
}

/** What the conditions share with the loaders of training. */
export interface ImageLoading {
  readonly plans: ImagePlans
  readonly validation: ImageSide
  readonly test: ImageSide
  loader(side: ImageSide, views: Views, examples?: Examples): Loader
}
