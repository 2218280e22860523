import { byteOfUnit, bytesOfUnit, UNIT_OF_BYTE } from '../base/bytes.ts'
import { gaussianFilter } from '../blur/gaussian-filter.ts'
import { waterDepth } from './water-depth.ts'
import type { Corruption, Draws, RgbImage } from '../base/types.ts'

/** Drops N(mean, sd^2) smoothed by `sigma`, below `threshold` dry; `strength` is the water's weight or the mud's smoothing. */
export type SpatterConstants = readonly [
  mean: number,
  sd: number,
  sigma: number,
  threshold: number,
  strength: number,
  liquid: 'water' | 'mud',
]

const PALE_TURQUOISE = [175 / 255, 238 / 255, 238 / 255]
const MUD_BROWN = [63 / 255, 42 / 255, 20 / 255]
/** Mud thinner than this does not stick. */
const MUD_THRESHOLD = 0.8

function liquidLayer({ width, height }: RgbImage, constants: SpatterConstants, draws: Draws): Float64Array {
  const [mean, sd, sigma, threshold] = constants
  const data = draws.normals(width * height).map((z) => mean + sd * z)
  const smooth = gaussianFilter({ width, height, channels: 1, data }, { sigma, border: 'nearest' })
  return smooth.map((v) => (v < threshold ? 0 : v))
}

/** x + m colour for water (m = depth over its maximum), x (1 - m) + m colour for mud. */
export const spatter: Corruption<SpatterConstants> = (image, constants, { draws }) => {
  const { width, height, data } = image
  const [, , , threshold, strength, liquid] = constants
  const layer = liquidLayer(image, constants, draws)
  const out = new Uint8Array(data.length)
  const blend = (amount: Float64Array, colour: readonly number[], transparent: boolean): Uint8Array => {
    for (let i = 0; i < data.length; i++) {
      const m = amount[Math.floor(i / 3)]!
      const x = UNIT_OF_BYTE[data[i]!]!
      out[i] = byteOfUnit((transparent ? x : x * (1 - m)) + m * colour[i % 3]!)
    }
    return out
  }
  if (liquid === 'water') {
    const depth = waterDepth({ width, height, data: bytesOfUnit(layer) })
    const deepest = depth.reduce((a, b) => Math.max(a, b), 0)
    const amount = depth.map((d) => (deepest === 0 ? 0 : (d / deepest) * strength))
    return blend(amount, PALE_TURQUOISE, true)
  }
  const wet = layer.map((v) => (v > threshold ? 1 : 0))
  const smooth = gaussianFilter(
    { width, height, channels: 1, data: wet },
    { sigma: strength, border: 'nearest' },
  )
  const amount = smooth.map((m) => (m < MUD_THRESHOLD ? 0 : m))
  return blend(amount, MUD_BROWN, false)
}
