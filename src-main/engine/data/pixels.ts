import type { PixelType } from '../types.ts'

/** Bytes from 0, black, to 255, white. */
export const BYTES: PixelType = { element: 'uint8', black: 0, white: 255, stored: 'uint8', whiteFrom: 'type' }

/** Numbers from 0, black, to 1, white, as computed images have them. */
export const UNIT_FLOATS: PixelType = {
  element: 'float32',
  black: 0,
  white: 1,
  stored: 'float32',
  whiteFrom: 'type',
}

/** An array that holds pixels as they are. */
export const pixelArray = ({ element }: PixelType, length: number): Uint8Array | Float32Array =>
  element === 'uint8' ? new Uint8Array(length) : new Float32Array(length)

/**
 * Writes pixels into `out` from `at` on: as they are, but floats into bytes as grey levels, 0 for black and 255 for white.
 * Whoever asks for bytes of a float image wants to see it or to work on it as on a photograph.
 */
export function writePixels(
  values: Uint8Array | Float32Array,
  type: PixelType,
  out: Uint8Array | Float32Array,
  at: number,
): void {
  if (values instanceof Uint8Array || out instanceof Float32Array) out.set(values, at)
  else for (let i = 0; i < values.length; i++) out[at + i] = greyLevel(values[i]!, type) // below length
}

/** Grey level 0..255 of a value; what is beyond black and white becomes black or white. */
const greyLevel = (value: number, { black, white }: PixelType): number =>
  Math.min(255, Math.max(0, Math.round(((value - black) / (white - black)) * 255)))
