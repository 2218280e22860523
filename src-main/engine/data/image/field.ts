/** A field of numbers, [height, width, channels] row-major. */
export interface Field {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly data: Float64Array
}
