/** A batch of maps in the order of torch, N x C x H x W, for references written as plain loops in double precision. */
export interface Maps {
  readonly shape: readonly [batch: number, channels: number, height: number, width: number]
  readonly data: Float64Array
}

export interface PlainWindow {
  readonly stride: number
  readonly pad: number
  readonly dilation: number
  /** Input channels are split into so many groups that do not mix. */
  readonly groups: number
}

/** Cross-correlation as torch.nn.functional.conv2d; weight [out, in / groups, kh, kw]. */
export function plainConv(
  x: Maps,
  weight: { readonly shape: readonly number[]; readonly data: ArrayLike<number> },
  bias: ArrayLike<number> | null,
  { stride, pad, dilation, groups }: PlainWindow,
): Maps {
  const [batch, channels, height, width] = x.shape
  const [out = 0, inner = 0, kh = 0, kw = 0] = weight.shape
  if (inner * groups !== channels) throw new Error(`${channels} channels for ${groups} groups of ${inner}`)
  const count = (size: number, k: number): number =>
    Math.floor((size + 2 * pad - (k - 1) * dilation - 1) / stride) + 1
  const [rows, columns] = [count(height, kh), count(width, kw)]
  const data = new Float64Array(batch * out * rows * columns)
  let at = 0
  for (let b = 0; b < batch; b++)
    for (let o = 0; o < out; o++)
      for (let r = 0; r < rows; r++)
        for (let c = 0; c < columns; c++) {
          let sum = bias?.[o] ?? 0
          for (let i = 0; i < inner; i++) {
            const channel = Math.floor(o / (out / groups)) * inner + i
            for (let u = 0; u < kh; u++)
              for (let v = 0; v < kw; v++) {
                const y = r * stride + u * dilation - pad
                const z = c * stride + v * dilation - pad
                if (y < 0 || z < 0 || y >= height || z >= width) continue
                sum +=
                  weight.data[((o * inner + i) * kh + u) * kw + v]! *
                  x.data[((b * channels + channel) * height + y) * width + z]!
              }
          }
          data[at++] = sum
        }
  return { shape: [batch, out, rows, columns], data }
}

/** f(value, channel) everywhere. */
export function plainMap(x: Maps, f: (value: number, channel: number) => number): Maps {
  const [, channels, height, width] = x.shape
  const area = height * width
  return { ...x, data: x.data.map((v, i) => f(v, Math.floor(i / area) % channels)) }
}

/** Mean and biased variance of each channel over batch and space, and the number of values. */
export function channelMoments(x: Maps): { mean: number[]; variance: number[]; count: number } {
  const [batch, channels, height, width] = x.shape
  const count = batch * height * width
  const sums = new Array<number>(channels).fill(0)
  plainMap(x, (v, c) => (sums[c]! += v))
  const mean = sums.map((s) => s / count)
  const squares = new Array<number>(channels).fill(0)
  plainMap(x, (v, c) => (squares[c]! += (v - mean[c]!) ** 2))
  return { mean, variance: squares.map((s) => s / count), count }
}

/** Maps side by side along channels. */
export function plainConcat(maps: readonly Maps[]): Maps {
  const [batch, , height, width] = maps[0]!.shape
  const channels = maps.reduce((n, m) => n + m.shape[1], 0)
  const data = new Float64Array(batch * channels * height * width)
  let at = 0
  for (let b = 0; b < batch; b++)
    for (const m of maps) {
      const size = m.shape[1] * height * width
      data.set(m.data.subarray(b * size, (b + 1) * size), at)
      at += size
    }
  return { shape: [batch, channels, height, width], data }
}
