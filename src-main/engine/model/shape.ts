import type { NeuralSet, TaskName } from '../types.ts'

/** Height, width and channels of one image or feature map (no batch axis). */
export interface Shape3 {
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** What a model must know about one recording session. */
export interface SessionShape {
  readonly area: NeuralSet
  readonly key: string
  readonly units: number
  /** [units] mean response over the whole training set; the readout bias starts there. */
  readonly meanResponse?: ArrayLike<number>
  /** [units] mean response over the first training batch, for `bias_init: first_batch`. */
  readonly firstBatchMean?: ArrayLike<number>
  /** [units, d] row-major cortical coordinates, for position predictors. */
  readonly sourceGrid?: { readonly values: ArrayLike<number>; readonly dimensions: number }
  /** [units] identities shared across sessions, for shared features and shared grids. */
  readonly matchIds?: ArrayLike<number>
}

/** Everything about the data that decides the shapes of a model. */
export interface ModelShapes {
  readonly inputs: Partial<Readonly<Record<TaskName, Shape3>>>
  readonly sessions: readonly SessionShape[]
  /** Number of classes of the data set, null without classification. */
  readonly classes: number | null
}

/** A sliding window along one axis; padding is given for both sides. */
export interface Window {
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
  readonly before: number
  readonly after: number
}

/** Positions of a window along an axis of `size` cells (floor, as torch does). */
export function windowCount(size: number, window: Window): number {
  const reach = (window.kernel - 1) * window.dilation + 1
  return Math.floor((size + window.before + window.after - reach) / window.stride) + 1
}

export const elements = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1)

export const shapeList = (shape: Shape3): readonly [number, number, number] => [
  shape.height,
  shape.width,
  shape.channels,
]
