import type { Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import { expandDims, matMul, mul, reshape, sum, transpose } from '@tensorflow/tfjs-core'

/** Maps [B, H, W, C] seen through the mask of each unit [n, H, W] and weighted by its features [n, C]. -> [B, n] */
export function readMasked(map: Tensor4D, masks: Tensor3D, features: Tensor2D): Tensor2D {
  const seen = seenThrough(map, masks) // [n, B, C]
  return transpose(sum<Tensor2D>(mul(seen, expandDims(features, 1)), 2))
}

function seenThrough(map: Tensor4D, masks: Tensor3D): Tensor3D {
  const [batch, height, width, channels] = map.shape
  const cells = height * width
  const columns: Tensor2D = reshape(transpose(reshape(map, [batch, cells, channels]), [1, 0, 2]), [
    cells,
    batch * channels,
  ])
  return reshape(matMul(reshape(masks, [-1, cells]), columns), [-1, batch, channels])
}
