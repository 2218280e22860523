import type { Right } from './proof-case.ts'
import { byRule } from './proof-case.ts'
import type { ConvShape } from './window.ts'
import { outputSide, pixel, place } from './window.ts'

/**
 * Convolutions in double precision as their definition says: y[n,i,j,o] = sum over kernel places and input channels of
 * x[n, i*stride + u*dilation - padding, j*stride + v*dilation - padding, c] * w[u,v,c,o], zero outside of x.
 */
export function rightConv(x: Float32Array, weight: Float32Array, s: ConvShape): Right {
  const out = outputSide(s, s.side)
  const at = (index: number): number => {
    const [n, i, j, o] = place(index, out, s.channelsOut)
    let sum = 0
    for (let u = 0; u < s.kernel; u++)
      for (let v = 0; v < s.kernel; v++) {
        const row = i * s.stride + u * s.dilation - s.padding
        const column = j * s.stride + v * s.dilation - s.padding
        if (row < 0 || column < 0 || row >= s.side || column >= s.side) continue
        for (let c = 0; c < s.channelsIn; c++)
          sum += num(x, pixel(n, row, column, c, s.side, s.channelsIn)) * num(weight, tap(u, v, c, o, s))
      }
    return sum
  }
  return byRule(s.batch * out * out * s.channelsOut, at, s.kernel * s.kernel * s.channelsIn)
}

/** Gradient with respect to x of the sum of dy * y. */
export function rightInputGradient(weight: Float32Array, dy: Float32Array, s: ConvShape): Right {
  const out = outputSide(s, s.side)
  const at = (index: number): number => {
    const [n, row, column, c] = place(index, s.side, s.channelsIn)
    let sum = 0
    for (let u = 0; u < s.kernel; u++)
      for (let v = 0; v < s.kernel; v++) {
        const i = (row + s.padding - u * s.dilation) / s.stride
        const j = (column + s.padding - v * s.dilation) / s.stride
        if (!isWithin(i, out) || !isWithin(j, out)) continue
        for (let o = 0; o < s.channelsOut; o++)
          sum += num(dy, pixel(n, i, j, o, out, s.channelsOut)) * num(weight, tap(u, v, c, o, s))
      }
    return sum
  }
  const size = s.batch * s.side * s.side * s.channelsIn
  return byRule(size, at, s.kernel * s.kernel * s.channelsOut)
}

/** Gradient with respect to the kernel of the sum of dy * y. */
export function rightFilterGradient(x: Float32Array, dy: Float32Array, s: ConvShape): Right {
  const out = outputSide(s, s.side)
  const at = (index: number): number => {
    const o = index % s.channelsOut
    const c = Math.floor(index / s.channelsOut) % s.channelsIn
    const v = Math.floor(index / (s.channelsOut * s.channelsIn)) % s.kernel
    const u = Math.floor(index / (s.channelsOut * s.channelsIn * s.kernel))
    let sum = 0
    for (let n = 0; n < s.batch; n++)
      for (let i = 0; i < out; i++)
        for (let j = 0; j < out; j++) {
          const row = i * s.stride + u * s.dilation - s.padding
          const column = j * s.stride + v * s.dilation - s.padding
          if (row < 0 || column < 0 || row >= s.side || column >= s.side) continue
          sum +=
            num(x, pixel(n, row, column, c, s.side, s.channelsIn)) *
            num(dy, pixel(n, i, j, o, out, s.channelsOut))
        }
    return sum
  }
  const size = s.kernel * s.kernel * s.channelsIn * s.channelsOut
  return byRule(size, at, s.batch * out * out)
}

const num = (values: Float32Array, index: number): number => values[index]!
const isWithin = (i: number, out: number): boolean => Number.isInteger(i) && i >= 0 && i < out
const tap = (u: number, v: number, c: number, o: number, s: ConvShape): number =>
  ((u * s.kernel + v) * s.channelsIn + c) * s.channelsOut + o
