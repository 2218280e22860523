import type { Rng } from '../../src-shared/util/rng.ts'

/** Numbers at which size checks tend to fail, as 32-bit words. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff]

type Mutation = (bytes: Uint8Array, rng: Rng) => Uint8Array

const place = (bytes: Uint8Array, rng: Rng): number => rng.int(Math.max(1, bytes.length))

/** Headers decide most: half of the changes fall into the first 256 bytes or the last 128. */
function likelyPlace(bytes: Uint8Array, rng: Rng): number {
  const choice = rng.int(4)
  if (choice === 0) return rng.int(Math.min(bytes.length, 256))
  if (choice === 1) return Math.max(0, bytes.length - 1 - rng.int(128))
  return place(bytes, rng)
}

const flipBit: Mutation = (bytes, rng) => {
  const at = likelyPlace(bytes, rng)
  bytes[at] = (bytes[at] ?? 0) ^ (1 << rng.int(8))
  return bytes
}

const setByte: Mutation = (bytes, rng) => {
  bytes[likelyPlace(bytes, rng)] = rng.int(256)
  return bytes
}

const setWord: Mutation = (bytes, rng) => {
  const width = [1, 2, 4, 8][rng.int(4)] ?? 4
  const at = likelyPlace(bytes, rng)
  const value = EDGES[rng.int(EDGES.length)] ?? 0
  const little = rng.int(2) === 0
  for (let i = 0; i < width && at + i < bytes.length; i++)
    bytes[at + (little ? i : width - 1 - i)] =
      i < 4 ? (value >>> (8 * i)) & 255 : value === 0xffffffff ? 255 : 0
  return bytes
}

const truncate: Mutation = (bytes, rng) => bytes.slice(0, place(bytes, rng))

const remove: Mutation = (bytes, rng) => {
  const from = place(bytes, rng)
  const to = Math.min(bytes.length, from + 1 + rng.int(32))
  return Uint8Array.from([...bytes.subarray(0, from), ...bytes.subarray(to)])
}

const insert: Mutation = (bytes, rng) => {
  const at = place(bytes, rng)
  const added = Array.from({ length: 1 + rng.int(16) }, () => rng.int(256))
  return Uint8Array.from([...bytes.subarray(0, at), ...added, ...bytes.subarray(at)])
}

const copyRange: Mutation = (bytes, rng) => {
  const [from, to, length] = [place(bytes, rng), place(bytes, rng), 1 + rng.int(64)]
  bytes.set(bytes.slice(from, Math.min(from + length, bytes.length)).subarray(0, bytes.length - to), to)
  return bytes
}

/** Text headers: one digit becomes another. */
const changeDigit: Mutation = (bytes, rng) => {
  const digits = [...bytes.keys()].filter((i) => (bytes[i] ?? 0) >= 0x30 && (bytes[i] ?? 0) <= 0x39)
  const at = digits[rng.int(Math.max(1, digits.length))]
  if (at !== undefined) bytes[at] = 0x30 + rng.int(10)
  return bytes
}

const MUTATIONS: readonly Mutation[] = [
  flipBit,
  flipBit,
  setByte,
  setByte,
  setWord,
  setWord,
  truncate,
  remove,
  insert,
  copyRange,
  changeDigit,
]

/** A damaged copy of a file: one to four small changes drawn from the stream. */
export function mutate(bytes: Uint8Array, rng: Rng): Uint8Array {
  let out = new Uint8Array(bytes)
  const changes = 1 + rng.int(4)
  for (let i = 0; i < changes && out.length > 0; i++)
    out = new Uint8Array((MUTATIONS[rng.int(MUTATIONS.length)] ?? flipBit)(out, rng))
  return out
}
