import { byteOfUnit, UNIT_OF_BYTE } from '../base/bytes.ts'
import type { Corruption } from '../base/types.ts'

/** (x - m) c + m with m the mean of the channel. */
export const contrast: Corruption<number> = ({ data }, factor) => {
  const mean = [0, 0, 0]
  for (let i = 0; i < data.length; i++) mean[i % 3]! += UNIT_OF_BYTE[data[i]!]!
  for (let c = 0; c < 3; c++) mean[c]! /= data.length / 3
  const out = new Uint8Array(data.length)
  for (let i = 0; i < data.length; i++) {
    const m = mean[i % 3]!
    out[i] = byteOfUnit((UNIT_OF_BYTE[data[i]!]! - m) * factor + m)
  }
  return out
}
