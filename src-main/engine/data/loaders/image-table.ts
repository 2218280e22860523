import type { RgbImage } from '../corruptions/base/types.ts'
import { cropped, mirrored } from '../image/crop.ts'
import { imageChanges } from './image-changes.ts'
import { randomResizedCrop } from '../image/random-resized-crop.ts'
import { roundHalfEven } from '../image/round-half-even.ts'
import type { InputShape } from './input-source.ts'
import type { ChangeBytes, ChangeTable, PixelSize } from './pipeline.ts'

/** torchvision CenterCrop: odd margins round half to even. */
export function centreCrop(data: Uint8Array, shape: InputShape, { height, width }: PixelSize): Uint8Array {
  const left = roundHalfEven((shape.width - width) / 2)
  const top = roundHalfEven((shape.height - height) / 2)
  return cropped({ ...shape, data }, { left, top, width, height }).data
}

const resizedCrop: ChangeBytes<'random_resized_crop'> = (data, shape, rng, { size, flip }) => {
  const part = randomResizedCrop({ ...shape, data }, size, rng.fork('crop'))
  return (flip && rng.fork('flip').uniform() < 0.5 ? mirrored(part) : part).data
}

/** A quarter turn to either side, a half turn, or none (nntransfer's rotated test). */
const quarterTurn: ChangeBytes<'quarter_turn'> = (data, shape, rng) => {
  const turns = rng.int(4)
  const { height, width, channels } = shape
  const out = new Uint8Array(data.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = [
        [y, x],
        [x, width - 1 - y],
        [height - 1 - y, width - 1 - x],
        [height - 1 - x, y],
      ] as const
      const [fromY, fromX] = from[turns]! // turns is below 4
      for (let c = 0; c < channels; c++)
        out[(y * width + x) * channels + c] = data[(fromY * width + fromX) * channels + c]!
    }
  }
  return out
}

/** Every change that the loaders' plans name. `textures`: frost images of the user. */
export const imageTable = (textures?: readonly RgbImage[]): ChangeTable => ({
  ...imageChanges(textures),
  centre_crop: (data, shape, _, options) => centreCrop(data, shape, options),
  random_resized_crop: resizedCrop,
  quarter_turn: quarterTurn,
})
