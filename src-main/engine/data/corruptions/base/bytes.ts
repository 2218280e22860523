/**
 * Float results become bytes by truncation, not rounding, as in both published generators. The factor 255 is
 * applied after clipping, in double precision, so that k / 255 comes back as k.
 */

/** [0, 1] values -> bytes; values outside are clipped. */
export function bytesOfUnit(values: Float64Array): Uint8Array {
  const out = new Uint8Array(values.length)
  for (let i = 0; i < values.length; i++) out[i] = byteOfUnit(values[i]!)
  return out
}

/** One [0, 1] value -> byte. */
export function byteOfUnit(value: number): number {
  return value <= 0 ? 0 : value >= 1 ? 255 : (value * 255) | 0
}

/** 0..255 values -> bytes by clipping and truncation. */
export function byteOfLevel(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : value | 0
}

/** 0..255 values -> bytes. */
export function bytesOfLevels(values: Float64Array): Uint8Array {
  const out = new Uint8Array(values.length)
  for (let i = 0; i < values.length; i++) out[i] = byteOfLevel(values[i]!)
  return out
}

/** k -> k / 255 for every byte. */
export const UNIT_OF_BYTE = Float64Array.from({ length: 256 }, (_, k) => k / 255)

/** Bytes -> [0, 1]. */
export function unitOfBytes(bytes: Uint8Array): Float64Array {
  const out = new Float64Array(bytes.length)
  for (let i = 0; i < bytes.length; i++) out[i] = UNIT_OF_BYTE[bytes[i]!]!
  return out
}
