/**
 * Discrete Fourier transform of length-n rows, in place, n a power of two (Cooley-Tukey). `sign` -1 forward, +1 back
 * (without the 1/n). Data from `offset`, one value every `stride`.
 */
function fft(
  re: Float64Array,
  im: Float64Array,
  n: number,
  offset: number,
  stride: number,
  sign: 1 | -1,
): void {
  const at = (i: number): number => offset + i * stride
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1
    for (; j & bit; bit >>= 1) j ^= bit
    j ^= bit
    if (i < j) {
      swap(re, at(i), at(j))
      swap(im, at(i), at(j))
    }
  }
  for (let length = 2; length <= n; length <<= 1) butterflies(re, im, n, length, at, sign)
}

function butterflies(
  re: Float64Array,
  im: Float64Array,
  n: number,
  length: number,
  at: (i: number) => number,
  sign: 1 | -1,
): void {
  const half = length / 2
  for (let k = 0; k < half; k++) {
    const angle = (sign * 2 * Math.PI * k) / length
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    for (let start = k; start < n; start += length) {
      const a = at(start)
      const b = at(start + half)
      const real = re[b]! * cos - im[b]! * sin
      const imaginary = re[b]! * sin + im[b]! * cos
      re[b] = re[a]! - real
      im[b] = im[a]! - imaginary
      re[a] = re[a]! + real
      im[a] = im[a]! + imaginary
    }
  }
}

function swap(values: Float64Array, i: number, j: number): void {
  const held = values[i]!
  values[i] = values[j]!
  values[j] = held
}

/** Two-dimensional transform of a square field [n, n], in place. */
export function fft2(re: Float64Array, im: Float64Array, n: number, sign: 1 | -1): void {
  for (let y = 0; y < n; y++) fft(re, im, n, y * n, 1, sign)
  for (let x = 0; x < n; x++) fft(re, im, n, x, n, sign)
}
