import { byteOfUnit, UNIT_OF_BYTE } from '../base/bytes.ts'
import type { Corruption } from '../base/types.ts'

/** Hue, saturation and value, each in [0, 1]. */
interface Hsv {
  hue: number
  saturation: number
  value: number
}

const clip = (x: number): number => (x < 0 ? 0 : x > 1 ? 1 : x)

/** The colour of one pixel, into `hsv`; with two equal maxima the later channel decides the hue, grey has hue 0. */
function toHsv(r: number, g: number, b: number, hsv: Hsv): void {
  const value = Math.max(r, g, b)
  const range = value - Math.min(r, g, b)
  hsv.value = value
  hsv.saturation = range === 0 ? 0 : range / value
  const sextant = b === value ? 4 + (r - g) / range : g === value ? 2 + (b - r) / range : (g - b) / range
  const turns = sextant / 6
  hsv.hue = range === 0 ? 0 : turns < 0 ? turns + 1 : turns
}

/** Bytes of an HSV colour into out[at..at+2]. */
function writeRgb({ hue, saturation, value }: Hsv, out: Uint8Array, at: number): void {
  const sextant = Math.floor(hue * 6)
  const fraction = hue * 6 - sextant
  const v = byteOfUnit(value)
  const p = byteOfUnit(value * (1 - saturation))
  const q = byteOfUnit(value * (1 - fraction * saturation))
  const t = byteOfUnit(value * (1 - (1 - fraction) * saturation))
  const side = sextant % 6
  out[at] = side === 0 || side === 5 ? v : side === 1 ? q : side === 4 ? t : p
  out[at + 1] = side === 0 ? t : side < 3 ? v : side === 3 ? q : p
  out[at + 2] = side < 2 ? p : side === 2 ? t : side < 5 ? v : q
}

/** An image with every pixel's colour changed in place in HSV. */
function changedHsv(data: Uint8Array, change: (hsv: Hsv) => void): Uint8Array {
  const out = new Uint8Array(data.length)
  const hsv: Hsv = { hue: 0, saturation: 0, value: 0 }
  for (let i = 0; i < data.length; i += 3) {
    toHsv(UNIT_OF_BYTE[data[i]!]!, UNIT_OF_BYTE[data[i + 1]!]!, UNIT_OF_BYTE[data[i + 2]!]!, hsv)
    change(hsv)
    writeRgb(hsv, out, i)
  }
  return out
}

/** V <- clip(V + c). */
export const brightness: Corruption<number> = ({ data }, added) =>
  changedHsv(data, (hsv) => {
    hsv.value = clip(hsv.value + added)
  })

/** [factor, offset] */
export type SaturateConstants = readonly [factor: number, offset: number]

/** S <- clip(factor S + offset). */
export const saturate: Corruption<SaturateConstants> = ({ data }, [factor, offset]) =>
  changedHsv(data, (hsv) => {
    hsv.saturation = clip(factor * hsv.saturation + offset)
  })
