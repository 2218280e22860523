/** MD5 (RFC 1321) of text as UTF-8, in lower-case hex. For matching published hashes only; it secures nothing. */
export function md5Hex(text: string): string {
  const words = padded(new TextEncoder().encode(text))
  let state: readonly number[] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
  for (let block = 0; block < words.length; block += 16)
    state = compress(state, words.subarray(block, block + 16))
  return state.map(littleEndianHex).join('')
}

/** Rotations of the four rounds. */
const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]

/** floor(2^32 |sin(i + 1)|). */
const SINES = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 4294967296) >>> 0)

/** Message, one bit, zeros, and the length in bits, as little-endian 32-bit words. */
function padded(bytes: Uint8Array): Uint32Array {
  const words = new Uint32Array(((bytes.length + 8) >>> 6) * 16 + 16)
  const put = (i: number, byte: number): void => {
    words[i >>> 2] = words[i >>> 2]! | (byte << ((i & 3) * 8))
  }
  bytes.forEach((byte, i) => put(i, byte))
  put(bytes.length, 0x80)
  words[words.length - 2] = (bytes.length << 3) >>> 0
  words[words.length - 1] = Math.floor(bytes.length / 0x20000000)
  return words
}

/** Round function and message index of operation i. */
function operation(i: number, b: number, c: number, d: number): readonly [number, number] {
  if (i < 16) return [(b & c) | (~b & d), i]
  if (i < 32) return [(d & b) | (~d & c), (5 * i + 1) & 15]
  if (i < 48) return [b ^ c ^ d, (3 * i + 5) & 15]
  return [c ^ (b | ~d), (7 * i) & 15]
}

function compress(state: readonly number[], words: Uint32Array): readonly number[] {
  let [a, b, c, d] = state as [number, number, number, number]
  for (let i = 0; i < 64; i++) {
    const [mixed, index] = operation(i, b, c, d)
    const sum = (a + mixed + SINES[i]! + words[index]!) | 0
    const shift = SHIFTS[(i >>> 4) * 4 + (i & 3)]!
    ;[a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0]
  }
  return [a, b, c, d].map((word, i) => (state[i]! + word) >>> 0)
}

function littleEndianHex(word: number): string {
  return [0, 8, 16, 24].map((shift) => ((word >>> shift) & 255).toString(16).padStart(2, '0')).join('')
}
