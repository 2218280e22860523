/** Geometry of a window that slides over images: sizes in pixels, the same in both directions. */
export interface Window {
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
  readonly padding: number
}

/** A convolution as the references see it. */
export interface ConvShape extends Window {
  readonly batch: number
  /** Side of the square input. */
  readonly side: number
  readonly channelsIn: number
  readonly channelsOut: number
}

/** Side of the output of a square input. */
export const outputSide = ({ kernel, stride, dilation, padding }: Window, side: number): number =>
  Math.floor((side + 2 * padding - ((kernel - 1) * dilation + 1)) / stride) + 1

/** Flat index into [batch, side, side, channels]. */
export const pixel = (n: number, y: number, x: number, c: number, side: number, channels: number): number =>
  ((n * side + y) * side + x) * channels + c

/** [batch, row, column, channel] of a flat index into [batch, side, side, channels]. */
export function place(index: number, side: number, channels: number): [number, number, number, number] {
  const c = index % channels
  const p = (index - c) / channels
  const x = p % side
  const y = ((p - x) / side) % side
  return [Math.floor(p / (side * side)), y, x, c]
}
