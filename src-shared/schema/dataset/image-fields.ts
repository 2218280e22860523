import type { z } from 'zod'
import { boolean, int } from '../field.ts'
import { imageAugmentationFields } from './image-augmentation-fields.ts'
import { imageSetFields, imageSplitFields } from './image-set-fields.ts'
import { imageTestFields } from './image-test-fields.ts'

const machine = {
  num_workers: int({
    default: 1,
    min: 0,
    max: 64,
    label: 'Loading threads',
    help: 'Threads that prepare batches; results do not depend on it.',
    group: 'Machine',
    advanced: true,
    identity: false,
  }),
  pin_memory: boolean({
    default: true,
    label: 'Pin memory',
    help: 'Read for compatibility; has no effect.',
    group: 'Machine',
    advanced: true,
    identity: false,
    effect: 'none',
  }),
  show_sample: boolean({
    default: false,
    label: 'Show sample',
    help: 'Read for compatibility; the data page shows samples.',
    group: 'Machine',
    advanced: true,
    identity: false,
    effect: 'none',
  }),
  download: boolean({
    default: false,
    label: 'Download',
    help: 'Read for compatibility; images are never fetched during a run.',
    group: 'Machine',
    advanced: true,
    identity: false,
    effect: 'none',
  }),
}

/** Options of an image-classification set (ImageDatasetConfig of neural_cotraining and nntransfer, and our additions). */
export const imageFields = {
  ...imageSetFields,
  ...imageSplitFields,
  ...imageAugmentationFields,
  ...imageTestFields,
  ...machine,
}

/** Resolved options of an image-classification set. */
export type ImageOptions = Readonly<z.infer<z.ZodObject<typeof imageFields, z.core.$strict>>>
