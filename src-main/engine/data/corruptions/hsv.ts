import { byteOfUnit, UNIT_OF_BYTE } from './bytes.ts'
import type { Corruption } from './types.ts'

/**
 * Value and saturation of HSV changed without going through the hue: with value V = max, saturation S = (max - min) / max
 * and a channel's place f = (max - channel) / (max - min), which the hue fixes, channel = V (1 - S f).
 */

const clip = (x: number): number => (x < 0 ? 0 : x > 1 ? 1 : x)

/** V <- clip(V + c). */
export const brightness: Corruption<number> = ({ data }, added) => {
  const out = new Uint8Array(data.length)
  for (let i = 0; i < data.length; i += 3) {
    const value = UNIT_OF_BYTE[Math.max(data[i]!, data[i + 1]!, data[i + 2]!)]!
    const next = clip(value + added)
    for (let c = i; c < i + 3; c++) {
      // black has no hue and no saturation, so it turns grey
      out[c] = byteOfUnit(value === 0 ? next : next - next * ((value - UNIT_OF_BYTE[data[c]!]!) / value))
    }
  }
  return out
}

/** [factor, offset] */
export type SaturateConstants = readonly [factor: number, offset: number]

/** S <- clip(factor S + offset). */
export const saturate: Corruption<SaturateConstants> = ({ data }, [factor, offset]) => {
  const out = new Uint8Array(data.length)
  for (let i = 0; i < data.length; i += 3) {
    const value = UNIT_OF_BYTE[Math.max(data[i]!, data[i + 1]!, data[i + 2]!)]!
    const range = value - UNIT_OF_BYTE[Math.min(data[i]!, data[i + 1]!, data[i + 2]!)]!
    const next = clip(factor * (range === 0 ? 0 : range / value) + offset)
    for (let c = i; c < i + 3; c++) {
      // grey has hue 0 by convention: it is coloured towards red
      const place = range === 0 ? (c === i ? 0 : 1) : (value - UNIT_OF_BYTE[data[c]!]!) / range
      out[c] = byteOfUnit(value * (1 - next * place))
    }
  }
  return out
}
