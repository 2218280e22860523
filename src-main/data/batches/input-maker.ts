import type { ChangeTable } from '../../engine/data/loaders/pipeline.ts'
import type { Views } from '../../engine/data/loaders/image-inputs.ts'
import { imageInputs } from '../../engine/data/loaders/image-inputs.ts'
import type { InputSource } from '../../engine/data/loaders/input-source.ts'
import type { ImageSource } from '../../engine/types.ts'

/** Makes network inputs of images; plans that take long are run in other threads where there are any. */
export type InputMaker = (images: ImageSource, views: Views) => InputSource

/** Everything in this thread. */
export const inputsHere =
  (table: ChangeTable): InputMaker =>
  (images, views) =>
    imageInputs(images, views, table)
