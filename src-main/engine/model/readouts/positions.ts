import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import { add, clipByValue, expandDims, mul } from '@tensorflow/tfjs-core'
import type { Rng } from '../../../../src-shared/util/rng.ts'
import { drawn } from '../../tensor/index.ts'
import type { ForwardContext } from '../../types.ts'

export interface SamplingOptions {
  /** Stream of its own for this readout. */
  readonly stream: string
  readonly batch: number
  readonly units: number
  /** A position per image; false: one draw shared by the batch. */
  readonly batchSample: boolean
  readonly sample?: boolean
}

/** Standard-normal draws for positions, given by the caller of the model or drawn; null when positions are not sampled. */
export function positionNoise(context: ForwardContext, o: SamplingOptions): Tensor3D | null {
  if (!(o.sample ?? context.training)) return null
  if (context.readoutNoise !== undefined) return context.readoutNoise as Tensor3D // documented shape [B or 1, n, 2]
  const rows = o.batchSample ? o.batch : 1
  return drawn<Tensor3D>(context.rng, { purpose: o.stream, shape: [rows, o.units, 2], fill: normals })
}

/** Standard-normal numbers. */
export function normals(rng: Rng, count: number): Float32Array {
  const out = new Float32Array(count)
  for (let i = 0; i < count; i++) out[i] = rng.normal()
  return out
}

/**
 * Positions [B or 1, n, 2] in [-1, 1], x (column) first: mean plus spread, clamped, plus the gaze shift of each image, which is
 * not clamped again. The reparametrisation lets the gradient reach mean and spread, zero where clamped.
 */
export const placePositions = (mean: Tensor2D, spread: Tensor3D | null, context: ForwardContext): Tensor3D =>
  followGaze(drawnPositions(mean, spread), context)

/** The same before the gaze shift. */
export function drawnPositions(mean: Tensor2D, spread: Tensor3D | null): Tensor3D {
  const centre: Tensor3D = expandDims(mean, 0)
  return clipByValue(spread === null ? centre : add<Tensor3D>(centre, spread), -1, 1)
}

/** Positions [batch or 1, units, 2] moved by the gaze [batch, 2] of each image, where it is known. */
export const followGaze = (positions: Tensor3D, { shift }: ForwardContext): Tensor3D =>
  shift === undefined ? positions : add(positions, expandDims(shift, 1))

/** Independent spread along x and y: sigma [n, 2] or [n, 1]. */
export const diagonalSpread = (noise: Tensor3D | null, sigma: Tensor2D): Tensor3D | null =>
  noise === null ? null : mul(noise, expandDims(sigma, 0))
