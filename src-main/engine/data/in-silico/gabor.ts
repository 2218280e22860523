/** Where and how a Gabor function lies in an image; pixels and radians. */
export interface GaborPlace {
  readonly x0: number
  readonly y0: number
  readonly theta: number
  readonly frequency: number
  readonly sigmaU: number
  readonly sigmaV: number
}

/** Weights on a rectangle of the image, row-major; zero outside. */
export interface Patch {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  readonly weights: Float32Array
}

/** Envelopes are cut where they fall to exp(-3.5^2 / 2) = 0.2 % of their height. */
const CUT = 3.5

/**
 * Gabor function cos(2 pi f u + phase) under a Gaussian envelope, made free of its mean within the envelope and
 * scaled to unit L2 norm. `size` is the image's width and height.
 */
export function gaborPatch(place: GaborPlace, phase: number, size: number): Patch {
  const { x0, y0, theta, frequency, sigmaU, sigmaV } = place
  const [cos, sin] = [Math.cos(theta), Math.sin(theta)]
  const patch = emptyPatch(
    x0,
    y0,
    CUT * Math.hypot(sigmaU * cos, sigmaV * sin),
    CUT * Math.hypot(sigmaU * sin, sigmaV * cos),
    size,
  )
  const envelope = new Float64Array(patch.weights.length)
  const carrier = new Float64Array(patch.weights.length)
  let i = 0
  for (let y = patch.top; y < patch.top + patch.height; y++) {
    for (let x = patch.left; x < patch.left + patch.width; x++, i++) {
      const u = (x - x0) * cos + (y - y0) * sin
      const v = -(x - x0) * sin + (y - y0) * cos
      envelope[i] = Math.exp(-(u * u) / (2 * sigmaU ** 2) - (v * v) / (2 * sigmaV ** 2))
      carrier[i] = Math.cos(2 * Math.PI * frequency * u + phase)
    }
  }
  fillZeroMeanUnitNorm(patch.weights, envelope, carrier)
  return patch
}

/** e * (c - sum(e c) / sum(e)), divided by its L2 norm. */
function fillZeroMeanUnitNorm(out: Float32Array, envelope: Float64Array, carrier: Float64Array): void {
  let sum = 0
  let weighted = 0
  for (let i = 0; i < out.length; i++) {
    sum += envelope[i]!
    weighted += envelope[i]! * carrier[i]!
  }
  const mean = weighted / sum
  let power = 0
  for (let i = 0; i < out.length; i++) power += (envelope[i]! * (carrier[i]! - mean)) ** 2
  const norm = power > 0 ? 1 / Math.sqrt(power) : 0
  for (let i = 0; i < out.length; i++) out[i] = envelope[i]! * (carrier[i]! - mean) * norm
}

/** Gaussian of unit sum over the part of the image that it covers. */
export function gaussianPatch(x0: number, y0: number, sigma: number, size: number): Patch {
  const patch = emptyPatch(x0, y0, CUT * sigma, CUT * sigma, size)
  let i = 0
  let sum = 0
  for (let y = patch.top; y < patch.top + patch.height; y++) {
    for (let x = patch.left; x < patch.left + patch.width; x++, i++) {
      const value = Math.exp(-((x - x0) ** 2 + (y - y0) ** 2) / (2 * sigma ** 2))
      patch.weights[i] = value
      sum += value
    }
  }
  for (let j = 0; j < patch.weights.length; j++) patch.weights[j] = patch.weights[j]! / sum
  return patch
}

function emptyPatch(x0: number, y0: number, reachX: number, reachY: number, size: number): Patch {
  const left = Math.max(0, Math.floor(x0 - reachX))
  const top = Math.max(0, Math.floor(y0 - reachY))
  const width = Math.min(size - 1, Math.ceil(x0 + reachX)) - left + 1
  const height = Math.min(size - 1, Math.ceil(y0 + reachY)) - top + 1
  return { left, top, width, height, weights: new Float32Array(width * height) }
}

/** Sum of weights times image; `image` is [size, size] from `offset` on. */
export function applyPatch(patch: Patch, image: Float32Array, offset: number, size: number): number {
  const { left, top, width, height, weights } = patch
  let sum = 0
  let w = 0
  for (let y = 0; y < height; y++) {
    const row = offset + (top + y) * size + left
    for (let x = row; x < row + width; x++) sum += weights[w++]! * image[x]!
  }
  return sum
}

/** Writes the patch into a full image of zeros. */
export function placePatch(patch: Patch, out: Float32Array, offset: number, size: number): void {
  for (let y = 0; y < patch.height; y++) {
    const row = patch.weights.subarray(y * patch.width, (y + 1) * patch.width)
    out.set(row, offset + (patch.top + y) * size + patch.left)
  }
}
