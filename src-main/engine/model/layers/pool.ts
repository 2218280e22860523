import type { Tensor4D } from '@tensorflow/tfjs-core'
import { matMul, max, reshape, tensor3d, transpose } from '@tensorflow/tfjs-core'
import { maxPool, meanPool } from '../../tensor/index.ts'
import type { Place } from '../base/param-spec.ts'
import type { Shape3, Window } from '../base/shape.ts'
import { slide } from '../base/shape.ts'
import type { Layer } from './layer.ts'

const pooled = (
  place: Place,
  kind: string,
  output: Shape3,
  apply: Layer['apply'],
  window?: Window,
): Layer => ({
  name: place.name,
  torch: place.torch,
  kind,
  block: place.block,
  specs: [],
  output,
  multiplyAdds: 0,
  ...(window === undefined ? {} : { window }),
  apply,
})

const windowOf = (size: number, stride: number, pad: number): Window => ({
  kernel: size,
  stride,
  dilation: 1,
  before: pad,
  after: pad,
})

const reduced = (input: Shape3, window: Window, place: Place): Shape3 =>
  slide(input, window, input.channels, place.name)

export interface MaxPoolOptions {
  /** Side of the window, default 2. */
  readonly size?: number
  /** Default: the size. */
  readonly stride?: number
  /** Cells that never win, on each side; default 0. */
  readonly pad?: number
  /** The input is a ReLU's output, perhaps behind dropout: ties are between zeros that get no gradient anyway. */
  readonly afterRelu?: boolean
}

/** Max pool; floor of the size. */
export function maxPoolLayer(place: Place, input: Shape3, o: MaxPoolOptions = {}): Layer {
  const { size = 2, stride = size, pad = 0, afterRelu = false } = o
  const window = windowOf(size, stride, pad)
  const apply: Layer['apply'] = (x) => maxPool(x, { size, stride, padding: pad, afterRelu })
  return pooled(place, `max pool ${size}x${size}`, reduced(input, window, place), apply, window)
}

/** Average pool without padding. */
export function avgPoolLayer(place: Place, input: Shape3, size: number): Layer {
  const window = windowOf(size, size, 0)
  return pooled(
    place,
    `average pool ${size}x${size}`,
    reduced(input, window, place),
    (x) => meanPool(x, size),
    window,
  )
}

/** torch's adaptive average pool to `size` x `size`; bin i covers floor(i*n/size) to ceil((i+1)*n/size). */
export function adaptivePoolLayer(place: Place, input: Shape3, size: number): Layer {
  const output = { height: size, width: size, channels: input.channels }
  if (input.height === size && input.width === size)
    return pooled(place, 'adaptive average pool', output, (x) => x)
  return pooled(place, 'adaptive average pool', output, (x) =>
    averageColumns(averageRows(x, input.height, size), input.width, size),
  )
}

function averageRows(x: Tensor4D, from: number, to: number): Tensor4D {
  const [batch, , width, channels] = x.shape
  return reshape(matMul(binWeights(batch, from, to), reshape(x, [batch, from, width * channels])), [
    batch,
    to,
    width,
    channels,
  ])
}

const averageColumns = (x: Tensor4D, from: number, to: number): Tensor4D =>
  transpose(averageRows(transpose(x, [0, 2, 1, 3]), from, to), [0, 2, 1, 3])

/** [batch, to, from] rows that average the cells of each bin. */
function binWeights(batch: number, from: number, to: number) {
  const one = new Float32Array(to * from)
  for (let i = 0; i < to; i++) {
    const start = Math.floor((i * from) / to)
    const end = Math.ceil(((i + 1) * from) / to)
    for (let j = start; j < end; j++) one[i * from + j] = 1 / (end - start)
  }
  const all = new Float32Array(batch * one.length)
  for (let b = 0; b < batch; b++) all.set(one, b * one.length)
  return tensor3d(all, [batch, to, from])
}

/** Largest value of each channel over all positions. */
export const globalMaxLayer = (place: Place, input: Shape3): Layer =>
  pooled(place, 'global max', { height: 1, width: 1, channels: input.channels }, (x) => max(x, [1, 2], true))
