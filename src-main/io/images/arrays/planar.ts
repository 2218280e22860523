/** Images stored plane by plane (all red, all green, all blue) as pixels: [n, channels, size] to [n, size, channels]. */
export function interleavePlanes(planes: Uint8Array, count: number, channels: number): Uint8Array {
  const size = planes.length / count / channels
  const out = new Uint8Array(planes.length)
  for (let n = 0; n < count; n++) {
    const start = n * size * channels
    for (let c = 0; c < channels; c++)
      for (let i = 0; i < size; i++) out[start + i * channels + c] = planes[start + c * size + i]! // in range
  }
  return out
}
