import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { NeuralSet, TaskName } from '../../types.ts'

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
  /** Names its random streams; the key where there is none. */
  readonly stream?: string
  readonly units: number
  /** [units] mean response over the whole training set; the readout bias starts there. */
  readonly meanResponse?: ArrayLike<number>
  /** [units] mean response over the first training batch, for `bias_init: first_batch`. */
  readonly firstBatchMean?: ArrayLike<number>
  /** Numbers of behaviour and of eye position that go with a trial; absent: not known yet. */
  readonly behavior?: number
  readonly pupil?: number
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
function windowCount(size: number, window: Window): number {
  const reach = (window.kernel - 1) * window.dilation + 1
  return Math.floor((size + window.before + window.after - reach) / window.stride) + 1
}

/** Map behind a window; an image that is too small for the network is refused. */
export function slide(input: Shape3, window: Window, channels: number, layer: string): Shape3 {
  const output = {
    height: windowCount(input.height, window),
    width: windowCount(input.width, window),
    channels,
  }
  if (output.height >= 1 && output.width >= 1) return output
  throw new CotrainError({
    code: 'config-invalid',
    path: 'model.config',
    message: `the images are too small for this network: nothing is left behind ${layer}, which reads ${input.height} x ${input.width}.`,
    hint: 'Use larger images, fewer pooling layers or smaller kernels.',
  })
}

/** Number of values in a tensor of this shape. */
export const elements = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1)

/** [height, width, channels]. */
export const shapeList = (shape: Shape3): readonly [number, number, number] => [
  shape.height,
  shape.width,
  shape.channels,
]
