import type { Tensor } from '@tensorflow/tfjs-core'
import { tidy } from '@tensorflow/tfjs-core'
import { adopt, attr, deleteRaw, runRaw } from '../base/native-ops.ts'

/** Sums that differ where one bit of a tensor does, one a tensor: results are compared by them, so that both need not be held. */
export const checksums = (tensors: readonly Tensor[]): readonly number[] => tensors.map(checksum)

/** FNV-1a over words of 32 bits. Other than by value, NaN equals itself and 0 differs from -0. */
function checksum(value: Tensor): number {
  const { buffer, byteOffset, byteLength } = value.dataSync()
  if (byteLength % 4 !== 0) return ofWords(new Uint8Array(buffer, byteOffset, byteLength))
  return ofWords(new Uint32Array(buffer, byteOffset, byteLength / 4))
}

function ofWords(words: Uint32Array | Uint8Array): number {
  let sum = 0x811c9dc5
  for (let i = 0; i < words.length; i++) sum = Math.imul(sum ^ words[i]!, 0x01000193)
  return sum
}

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
