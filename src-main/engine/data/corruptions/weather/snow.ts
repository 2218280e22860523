import { byteOfUnit, UNIT_OF_BYTE } from '../base/bytes.ts'
import type { Field } from '../../image/field.ts'
import { motionFilter } from '../blur/motion-blur.ts'
import { roundHalfEven } from '../../image/round-half-even.ts'
import { addZoomed, zoomedSize } from '../blur/spline-zoom.ts'
import type { Corruption, CorruptionContext } from '../base/types.ts'

/** Flakes N(mean, sd^2) enlarged by `zoom`, those below `threshold` dropped, blurred along the fall; `keep` of the image's colour stays. */
export type SnowConstants = readonly [
  mean: number,
  sd: number,
  zoom: number,
  threshold: number,
  radius: number,
  sigma: number,
  keep: number,
]

const emptyField = (width: number, height: number): Field => ({
  width,
  height,
  channels: 1,
  data: new Float64Array(width * height),
})

/** White of falling flakes in 0..1, rounded to 8 bit, [height, width]. */
function flakes(
  width: number,
  height: number,
  constants: SnowConstants,
  context: CorruptionContext,
): Float64Array {
  const [mean, sd, factor, threshold, radius, sigma] = constants
  const noise = context.draws.normals(width * height).map((z) => mean + sd * z)
  const angle = context.draws.uniform(-135, -45)
  const ic = context.constants === 'ic'
  // imagecorruptions blurs all of the enlarged layer and crops afterwards, the ImageNet-C generator crops first
  const layer = emptyField(ic ? zoomedSize(width, factor) : width, ic ? zoomedSize(height, factor) : height)
  const keep = ic ? 'top-left' : 'centre'
  addZoomed({ width, height, channels: 1, data: noise }, { factor, keep }, layer)
  const kept = layer.data.map((v) => (v < threshold ? 0 : Math.min(1, Math.max(0, v))))
  const fallen = motionFilter({ ...layer, data: kept }, { radius, sigma, angle })
  return Float64Array.from({ length: width * height }, (_, p) => {
    const at = Math.floor(p / width) * layer.width + (p % width)
    return roundHalfEven(fallen[at]! * 255) / 255
  })
}

/** Whitened colours plus a layer of flakes and the same layer turned by 180 degrees. */
export const snow: Corruption<SnowConstants> = ({ width, height, data }, constants, context) => {
  const layer = flakes(width, height, constants, context)
  const keep = constants[6]
  const out = new Uint8Array(data.length)
  for (let p = 0; p < layer.length; p++) {
    const [r, g, b] = [data[3 * p]!, data[3 * p + 1]!, data[3 * p + 2]!]
    const pale = 1.5 * ((0.299 * r + 0.587 * g + 0.114 * b) / 255) + 0.5
    const fallen = layer[p]! + layer[layer.length - 1 - p]!
    for (let c = 0; c < 3; c++) {
      const x = UNIT_OF_BYTE[data[3 * p + c]!]!
      out[3 * p + c] = byteOfUnit(keep * x + (1 - keep) * Math.max(x, pale) + fallen)
    }
  }
  return out
}
