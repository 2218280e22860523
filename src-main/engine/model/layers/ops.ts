import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { Window } from '../shape.ts'
import type { NormValues } from './norm.ts'

export function conv2d(x: Tensor4D, w: Tensor4D, b: Tensor1D | null, window: Window): Tensor4D {
  const { before, after, stride, dilation } = window
  const padded = before + after === 0 ? x : tf.pad(x, [[0, 0], [before, after], [before, after], [0, 0]])
  const y = tf.conv2d(padded, w, stride, 'valid', 'NHWC', dilation)
  return b === null ? y : tf.add(y, b)
}
export function depthwiseConv2d(x: Tensor4D, w: Tensor4D, b: Tensor1D | null, window: Window): Tensor4D {
  const { before, after, stride, dilation } = window
  const padded = before + after === 0 ? x : tf.pad(x, [[0, 0], [before, after], [before, after], [0, 0]])
  const y = tf.depthwiseConv2d(padded, w, stride, 'valid', 'NHWC', dilation)
  return b === null ? y : tf.add(y, b)
}
export function batchNorm(x: Tensor4D, n: NormValues): Tensor4D {
  const scale = (y: Tensor4D): Tensor4D => {
    const scaled = n.gamma === null ? y : tf.mul(y, n.gamma)
    return (n.beta === null ? scaled : tf.add(scaled, n.beta)) as Tensor4D
  }
  if (!n.useBatch) return scale(tf.mul(tf.sub(x, n.mean), tf.rsqrt(tf.add(n.variance, n.epsilon))) as Tensor4D)
  const { mean, variance } = tf.moments(x, [0, 1, 2])
  const count = x.size / (x.shape[3] ?? 1)
  n.onStatistics?.(mean as Tensor1D, tf.mul(variance, count / Math.max(1, count - 1)) as Tensor1D)
  return scale(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, n.epsilon))) as Tensor4D)
}
export const maxPool = (x: Tensor4D, size: number, stride: number, pad: number): Tensor4D =>
  tf.maxPool(pad === 0 ? x : tf.pad(x, [[0, 0], [pad, pad], [pad, pad], [0, 0]], -1e30), size, stride, 'valid')
export const avgPool = (x: Tensor4D, size: number, stride: number): Tensor4D => tf.avgPool(x, size, stride, 'valid')
export function dense(x: Tensor2D, w: Tensor2D, b: Tensor1D | null): Tensor2D {
  const y: Tensor2D = tf.matMul(x, w)
  return b === null ? y : tf.add(y, b)
}
export function sampleBilinear(map: Tensor4D, grid: Tensor, align: boolean): tf.Tensor3D {
  const [batch, height, width, channels] = map.shape
  const unnormalise = (u: Tensor, size: number) =>
    align ? tf.mul(tf.add(u, 1), (size - 1) / 2) : tf.div(tf.sub(tf.mul(tf.add(u, 1), size), 1), 2)
  const n = grid.shape[1] ?? 0
  const [gx, gy] = tf.split(grid, 2, 2) as [Tensor, Tensor] // [B, n, 1]
  const hat = (u: Tensor, size: number) =>
    tf.relu(tf.sub(1, tf.abs(tf.sub(unnormalise(u, size), tf.range(0, size)))))
  const wx = hat(gx, width)
  const wy = hat(gy, height)
  const weights = tf.mul(tf.expandDims(wy, 3), tf.expandDims(wx, 2)) // [B, n, H, W]
  return tf.matMul(
    tf.reshape(weights, [batch, n, height * width]),
    tf.reshape(map, [batch, height * width, channels]),
  ) as tf.Tensor3D
}
