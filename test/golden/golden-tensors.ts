import type { Tensor } from '@tensorflow/tfjs-core'
import { engine, tensor, transpose } from '@tensorflow/tfjs-core'
import { readValues } from '../../src-main/engine/tensor/index.ts'
import type { NamedArray } from '../../src-main/engine/types.ts'
import type { GoldenFile } from './read-golden.ts'
import { goldenTensor } from './read-golden.ts'

/** A stored tensor as ours, in the stored layout. */
export function asTensor<T extends Tensor>(file: GoldenFile, name: string): T {
  const { data, shape, dtype } = goldenTensor(file, name)
  return tensor(data, [...shape], dtype === 'I32' ? 'int32' : 'float32') as T
}

/** Stored images or maps N x C x H x W as N x H x W x C. */
export const asImages = <T extends Tensor>(file: GoldenFile, name: string): T =>
  toNhwc(asTensor(file, name)) as T

export const toNhwc = (x: Tensor): Tensor => transpose(x, [0, 2, 3, 1])
export const toNchw = (x: Tensor): Tensor => transpose(x, [0, 3, 1, 2])

export const namedArray = (file: GoldenFile, name: string): NamedArray => {
  const { data, shape } = goldenTensor(file, name)
  return { data, shape, dtype: 'float32' }
}

/** Values of a parameter as a tensor of ours. */
export const paramTensor = ({ data, shape }: NamedArray): Tensor => tensor(data, [...shape])

export interface Recipe {
  readonly shape: readonly number[]
  readonly seed: number
  readonly scale: number
  readonly offset: number
}

/** The hash of element i: murmur3's finaliser of (i + seed * golden ratio) in 32 bits. */
export function recipeHash(i: number, seed: number): number {
  let h = (i + Math.imul(seed, 0x9e3779b9)) >>> 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Reproducible weights: offset + scale * (2 h / 2^32 - 1), rounded to float32. */
export function fromRecipe({ shape, seed, scale, offset }: Recipe): NamedArray {
  const data = new Float32Array(shape.reduce((product, n) => product * n, 1))
  for (let i = 0; i < data.length; i++)
    data[i] = offset + scale * ((2 * recipeHash(i, seed)) / 4294967296 - 1)
  return { shape, dtype: 'float32', data }
}

/** Values of a tensor, which may be freed at once: a device may know no other way than by promise. */
export const read = (t: Tensor): Promise<Float32Array> => readValues(() => t)

/** Runs `f` and frees every tensor that it made; its result holds none. */
export async function inScope<T>(f: () => T | Promise<T>): Promise<T> {
  engine().startScope()
  try {
    return await f()
  } finally {
    engine().endScope()
  }
}
