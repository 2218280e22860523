/** An 8-bit RGB image, [height, width, 3] row-major. */
export interface RgbImage {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** Whose severity constants and variants: the `imagecorruptions` package at any size, or the ImageNet-C generator for 64 or 32 px. */
export type ConstantSet = 'ic' | 'hd64' | 'hd32'

/**
 * The random numbers of a corruption, taken in the order of use of the published code; tests hand in given ones.
 * A field is row-major.
 */
export interface Draws {
  /** n standard-normal numbers. */
  normals(n: number): Float64Array
  /** n numbers uniform in [0, 1). */
  uniforms(n: number): Float64Array
  /** One number uniform in [low, high). */
  uniform(low: number, high: number): number
  /** One integer uniform in [low, high). */
  integer(low: number, high: number): number
}

/** What a corruption may depend on besides the image and its constants. */
export interface CorruptionContext {
  readonly constants: ConstantSet
  readonly draws: Draws
  /** Frost textures, RGB, at least one; asked for by frost alone, since drawing them takes a moment. */
  textures(): readonly RgbImage[]
}

/** Image -> bytes of the corrupted image, same size. `constants` are those of one severity. */
export type Corruption<C> = (image: RgbImage, constants: C, context: CorruptionContext) => Uint8Array
