import { bilinearSample, type Positions } from '../../image/bilinear-sample.ts'
import { bytesOfUnit, unitOfBytes } from '../base/bytes.ts'
import type { Field } from '../../image/field.ts'
import { gaussianFilter } from '../blur/gaussian-filter.ts'
import type { Corruption, Draws, RgbImage } from '../base/types.ts'

/** [displacement, its smoothness, shift of the corners], each a share of the image side; imagecorruptions uses the first alone, in pixels. */
export type ElasticConstants = readonly [alpha: number, sigma: number, affine: number]

const unitField = (image: RgbImage): Field => ({ ...image, channels: 3, data: unitOfBytes(image.data) })

interface Wobble {
  readonly draws: Draws
  /** Raw displacements come from U(-range, range), */
  readonly range: number
  readonly sigma: number | { readonly vertical: number; readonly horizontal: number }
  /** and are scaled by this after smoothing. */
  readonly alpha: number
}

/** Every pixel's own place moved by smoothed random displacements, columns drawn before rows. */
function wobbled({ width, height }: RgbImage, { draws, range, sigma, alpha }: Wobble): Positions {
  const smooth = (): Float64Array => {
    const data = draws.uniforms(width * height).map((u) => 2 * range * u - range)
    return gaussianFilter({ width, height, channels: 1, data }, { sigma, border: 'reflect', truncate: 3 })
  }
  const columns = smooth().map((d, p) => (p % width) + Math.fround(alpha * d))
  const rows = smooth().map((d, p) => Math.floor(p / width) + Math.fround(alpha * d))
  return { rows, columns }
}

type Point = readonly [x: number, y: number]

/** Where the affine map that takes `to` back to `from` (three points each) sends every pixel. */
function affinePositions(
  width: number,
  height: number,
  from: readonly Point[],
  to: readonly Point[],
): Positions {
  const [[x0, y0], [x1, y1], [x2, y2]] = to as [Point, Point, Point]
  const det = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
  const along = (axis: 0 | 1): ((x: number, y: number) => number) => {
    const [v0, v1, v2] = from.map((point) => point[axis]) as [number, number, number]
    const perX = ((v1 - v0) * (y2 - y0) - (v2 - v0) * (y1 - y0)) / det
    const perY = ((v2 - v0) * (x1 - x0) - (v1 - v0) * (x2 - x0)) / det
    return (x, y) => v0 + perX * (x - x0) + perY * (y - y0)
  }
  const at = (value: (x: number, y: number) => number): Float64Array =>
    Float64Array.from({ length: width * height }, (_, p) => value(p % width, Math.floor(p / width)))
  return { columns: at(along(0)), rows: at(along(1)) }
}

/** Three points around the centre moved by up to `reach` pixels each way; the image follows, border mirrored. */
function randomAffine(image: RgbImage, reach: number, draws: Draws): Field {
  const { width, height } = image
  const [cy, cx] = [Math.floor(height / 2), Math.floor(width / 2)]
  const s = Math.floor(Math.min(width, height) / 3)
  const corners: Point[] = [
    [cx + s, cy + s],
    [cx + s, cy - s],
    [cx - s, cy - s],
  ]
  const moved = corners.map(([x, y]): Point => [
    x + draws.uniform(-reach, reach),
    y + draws.uniform(-reach, reach),
  ])
  const positions = affinePositions(width, height, corners, moved)
  return { width, height, channels: 3, data: bilinearSample(unitField(image), positions, 'mirror') }
}

/** Smoothed random displacement; the ImageNet-C form has a random affine map before it. */
export const elasticTransform: Corruption<ElasticConstants> = (image, [alpha, sigma, affine], context) => {
  const { draws, constants } = context
  const { width, height } = image
  if (constants === 'ic') {
    const perAxis = { vertical: 0.01 * height, horizontal: 0.01 * width }
    const positions = wobbled(image, { draws, range: 0.005 * height, sigma: perAxis, alpha })
    return bytesOfUnit(bilinearSample(unitField(image), positions, 'reflect'))
  }
  const side = constants === 'hd64' ? 64 : 32
  const tilted = randomAffine(image, side * affine, draws)
  const positions = wobbled(image, { draws, range: 1, sigma: side * sigma, alpha: side * alpha })
  return bytesOfUnit(bilinearSample(tilted, positions, 'reflect'))
}
