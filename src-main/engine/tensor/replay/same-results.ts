import type { Rank, Tensor } from '@tensorflow/tfjs-core'
import { cast, mul, range, reshape, slice, sum, tidy } from '@tensorflow/tfjs-core'
import { adopt, attr, deleteRaw, DT_FLOAT, DT_INT32, runNative1, runRaw } from '../base/native-ops.ts'

/** Values summed at a time: what the library needs for it stays small beside a tensor. */
const PIECE = 2 ** 20

/**
 * Sums that differ where one bit of a tensor does, one a tensor: results are compared by them, so that both need not be held. They are
 * summed where the tensors are: read into JavaScript, they would be held once more.
 */
export const checksums = (tensors: readonly Tensor[]): readonly number[] =>
  tensors.map((one) => tidy(() => checksum(one)))

/** Each word of 32 bits times another odd number, modulo 2^32. Other than by value, NaN equals itself and 0 differs from -0. */
function checksum(value: Tensor): number {
  const words = reshape<Rank.R1>(wordsOf(value), [-1])
  const odd = range(1, 2 * Math.min(PIECE, words.size) + 1, 2, 'int32')
  let total = 0
  for (let from = 0; from < words.size; from += PIECE) {
    const count = Math.min(PIECE, words.size - from)
    const part = tidy(() => sum(mul(slice(words, [from], [count]), slice(odd, [0], [count]))).dataSync()[0]!)
    total = Math.imul(total, 0x01000193) ^ part
  }
  return total
}

/** The bits of each value, as whole numbers. */
export const wordsOf = (value: Tensor): Tensor =>
  value.dtype === 'float32'
    ? runNative1('Bitcast', [attr.type('T', DT_FLOAT), attr.type('type', DT_INT32)], [value])
    : cast(value, 'int32')

/** Position of the first that differs, or -1. */
export const firstDifference = (a: readonly number[], b: readonly number[]): number =>
  a.findIndex((sum, i) => sum !== b[i])

/** The same of the values of variables, one after the other. */
const checksumsOf = (variables: readonly number[]): readonly number[] =>
  variables.map((variable) => tidy(() => checksum(adopt(valueOf(variable)))))

/**
 * Does what changes variables twice from the same values: `first`, whose changes are undone, then `second`. Variables copy a value
 * that is held when they change, so it is the values before that are kept here.
 * @returns position of the first variable that the two leave differently, or -1
 */
export function differenceAfter(
  variables: () => readonly number[],
  first: () => void,
  second: () => void,
): number {
  const before = variables().map(valueOf)
  try {
    first()
    const handles = variables()
    const sums = checksumsOf(handles)
    handles.forEach((handle, i) =>
      runRaw('AssignVariableOp', [attr.type('dtype')], [handle, before[i]!.id], 0),
    )
    second()
    return firstDifference(sums, checksumsOf(variables()))
  } finally {
    for (const { id } of before) deleteRaw(id)
  }
}

const valueOf = (variable: number) => runRaw('ReadVariableOp', [attr.type('dtype')], [variable], 1)[0]! // one output
