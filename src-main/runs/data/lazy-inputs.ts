import type { Views } from '../../engine/data/loaders/image-inputs.ts'
import { imageInputs, outputShape } from '../../engine/data/loaders/image-inputs.ts'
import type { InputSource } from '../../engine/data/loaders/input-source.ts'
import type { ImageSource } from '../../engine/types.ts'

/** Inputs whose pictures are made when the first batch is asked for. */
export function lazyInputs(views: Views, open: () => Promise<ImageSource>): InputSource {
  let opening: Promise<InputSource> | null = null
  return {
    shape: outputShape(views[0]),
    views: views.length,
    ahead: 0,
    async prepare(request) {
      opening ??= open().then((images) => imageInputs(images, views, {}))
      return (await opening).prepare(request)
    },
  }
}
