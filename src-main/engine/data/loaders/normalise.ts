/** How an image becomes grey: on floats with the weights of ITU-R 601 (sum 0.9999), or on bytes as Pillow does. */
export type GreyMode = 'tensor' | 'byte'

export interface Normalisation {
  /** One value, or one for each channel. */
  readonly mean: readonly number[]
  readonly std: readonly number[]
}

export const IDENTITY: Normalisation = { mean: [0], std: [1] }

const TENSOR_WEIGHTS = [0.2989, 0.587, 0.114] as const

/** Value of `list` for a channel; a single value serves all. */
const of = (list: readonly number[], channel: number): number => list[list.length === 1 ? 0 : channel]!

/** Pillow's `convert("L")`: fixed-point luma of RGB bytes. */
export const byteGrey = (r: number, g: number, b: number): number =>
  (19595 * r + 38470 * g + 7471 * b + 32768) >> 16

export interface ByteFinish {
  readonly channels: number
  readonly grey: GreyMode | null
  readonly normalisation: Normalisation
  /** Channels written; a grey image is repeated. */
  readonly outChannels: number
}

/** Bytes [pixels, channels] to normalised floats [pixels, outChannels] by table look-up; built once for each data set. */
export function byteFinisher({
  channels,
  grey,
  normalisation,
  outChannels,
}: ByteFinish): (bytes: Uint8Array, out: Float32Array) => void {
  const { mean, std } = normalisation
  const plain = (c: number) =>
    Float32Array.from({ length: 256 }, (_, v) => (v / 255 - of(mean, c)) / of(std, c))
  if (channels === 1) return repeated(plain(0), outChannels)
  if (grey === null) return coloured(Array.from({ length: channels }, (_, c) => plain(c)))
  const tables =
    grey === 'tensor'
      ? TENSOR_WEIGHTS.map((w) => Float64Array.from({ length: 256 }, (_, v) => (w * v) / 255))
      : null
  const table = plain(0)
  return (bytes, out) => {
    for (let i = 0, p = 0; p < bytes.length; p += channels) {
      const [r, g, b] = [bytes[p]!, bytes[p + 1]!, bytes[p + 2]!]
      const value =
        tables === null
          ? table[byteGrey(r, g, b)]!
          : ((tables[0] as Float64Array)[r]! +
              (tables[1] as Float64Array)[g]! +
              (tables[2] as Float64Array)[b]! -
              of(mean, 0)) /
            of(std, 0)
      for (let c = 0; c < outChannels; c++) out[i++] = value
    }
  }
}

function repeated(table: Float32Array, outChannels: number): (bytes: Uint8Array, out: Float32Array) => void {
  return (bytes, out) => {
    let i = 0
    for (const byte of bytes) for (let c = 0; c < outChannels; c++) out[i++] = table[byte]!
  }
}

function coloured(tables: readonly Float32Array[]): (bytes: Uint8Array, out: Float32Array) => void {
  return (bytes, out) => {
    for (let i = 0; i < bytes.length; i++) out[i] = tables[i % tables.length]![bytes[i]!]!
  }
}

/** Floats [pixels, channels] on the 0..1 scale to normalised floats [pixels, outChannels]; byte grey has no meaning here. */
export function floatFinish(
  values: Float32Array,
  { channels, grey, normalisation, outChannels }: ByteFinish,
  out: Float32Array,
): void {
  const { mean, std } = normalisation
  for (let i = 0, p = 0; p < values.length; p += channels) {
    if (channels > 1 && grey === null) {
      for (let c = 0; c < channels; c++) out[i++] = (values[p + c]! - of(mean, c)) / of(std, c)
      continue
    }
    let value = values[p]!
    if (channels > 1) value = TENSOR_WEIGHTS.reduce((sum, w, c) => sum + w * values[p + c]!, 0)
    for (let c = 0; c < outChannels; c++) out[i++] = (value - of(mean, 0)) / of(std, 0)
  }
}
