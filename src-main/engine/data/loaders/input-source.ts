/** Shape of one network input. */
export interface InputShape {
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** The shape alone of something that has one. */
export const shapeOf = ({ height, width, channels }: InputShape): InputShape => ({ height, width, channels })

/** Which images to prepare, and the random streams of each. */
export interface InputRequest {
  /** [n] positions in the set. */
  readonly positions: Int32Array
  /** [n] distinguishes repeated draws of one image. */
  readonly draws: Int32Array
  /** Key of this pass: equal keys give equal noise and augmentation. */
  readonly stream: number
}

/** Turns chosen images into normalised network inputs, at once or in other threads. */
export interface InputSource {
  readonly shape: InputShape
  /** 2: the second view of each batch follows the first on the batch axis. */
  readonly views: 1 | 2
  /** Batches worth preparing before they are asked for; 0 where preparing happens at once. */
  readonly ahead: number
  /** [views * n, height, width, channels] */
  prepare(request: InputRequest): Float32Array | Promise<Float32Array>
}
