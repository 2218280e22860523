/** Bytes or floats: the element type of an image. */
export type Pixels = Uint8Array | Float32Array

/** An image of either type, [height, width, channels] row-major. */
export interface Image<P extends Pixels = Pixels> {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly data: P
}

/** Zeros of the same element type. */
export function zerosLike<P extends Pixels>(data: P, length: number): P {
  // the union of constructors does not know that it returns the type it was given
  return (data instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length)) as P
}
