import type { EluShift, Nonlinearity } from '../layers/nonlinearity.ts'
import type { InputRegulariser } from './laplace.ts'

/** One value for all layers, or one per layer. */
export type PerLayer<T> = T | readonly T[]

/** Options of Stacked2dCore and SE2dCore, with the published meaning. */
export interface StackedCoreOptions {
  readonly hiddenChannels: PerLayer<number>
  readonly inputKernel: number
  /** Per hidden layer where it is a list. */
  readonly hiddenKernel: PerLayer<number>
  readonly layers: number
  readonly gammaHidden: number
  readonly gammaInput: number
  /** Above 1: a layer reads the outputs of so many layers before it. */
  readonly skip: number
  readonly stride: number
  readonly inputStride: number
  readonly finalNonlinearity: boolean
  readonly eluShift: EluShift
  readonly bias: PerLayer<boolean>
  /** Share of the batch in the running statistics. */
  readonly momentum: number
  readonly padInput: boolean
  /** null: half of the dilated kernel. */
  readonly hiddenPadding: PerLayer<number> | null
  readonly batchNorm: PerLayer<boolean>
  readonly batchNormScale: PerLayer<boolean>
  readonly finalBatchNormScale: boolean
  readonly hiddenDilation: PerLayer<number>
  readonly laplacePadding: number | null
  readonly inputRegulariser: InputRegulariser
  /** Layers whose outputs the readout sees: null all, a number from there on, or a list. */
  readonly stack: number | readonly number[] | null
  readonly averageRegulariser: boolean
  readonly depthSeparable: boolean
  readonly attentionConv: boolean
  readonly linear: boolean
  readonly nonlinearity: Nonlinearity
  /** Number of last layers with a squeeze-and-excitation block. */
  readonly seBlocks: number
  readonly seReduction: number
  /** Hidden convolutions carry a bias in current neuralpredictors whatever `bias` says; without effect behind a norm. */
  readonly hiddenConvBias: boolean
}

/** Defaults of neuralpredictors' Stacked2dCore. */
export const STACKED_DEFAULTS: Omit<StackedCoreOptions, 'hiddenChannels' | 'inputKernel' | 'hiddenKernel'> = {
  layers: 3,
  gammaHidden: 0,
  gammaInput: 0,
  skip: 0,
  stride: 1,
  inputStride: 1,
  finalNonlinearity: true,
  eluShift: [0, 0],
  bias: true,
  momentum: 0.1,
  padInput: true,
  hiddenPadding: null,
  batchNorm: true,
  batchNormScale: true,
  finalBatchNormScale: true,
  hiddenDilation: 1,
  laplacePadding: 0,
  inputRegulariser: 'LaplaceL2',
  stack: null,
  averageRegulariser: true,
  depthSeparable: false,
  attentionConv: false,
  linear: false,
  nonlinearity: 'AdaptiveELU',
  seBlocks: 0,
  seReduction: 32,
  hiddenConvBias: true,
}

/** Value for layer `index` of a list that starts at the first layer (or the first hidden one, with `offset` 1). */
export function atLayer<T>(values: PerLayer<T>, index: number, offset = 0): T {
  if (!Array.isArray(values)) return values as T
  const list: readonly T[] = values
  const value = list[index - offset]
  if (value === undefined) throw new RangeError(`a list of ${list.length} values has none for layer ${index}`)
  return value
}

/** Layers in the stack, negative numbers counted from the end as in Python. */
export function stackedLayers(stack: StackedCoreOptions['stack'], layers: number): readonly number[] {
  const all = Array.from({ length: layers }, (_, i) => i)
  if (stack === null) return all
  if (typeof stack === 'number') return all.slice(stack)
  return stack.map((i) => (i < 0 ? layers + i : i))
}
