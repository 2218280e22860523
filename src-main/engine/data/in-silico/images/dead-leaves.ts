import type { Rng } from '../../../../../src-shared/util/rng.ts'

/** Smallest and largest leaf as a part of the image's width; radii follow r^-3 between them (scale invariance). */
const SMALLEST = 0.02
const LARGEST = 0.5
/** Leaves after which remaining gaps are filled with middle grey. */
const MOST_LEAVES = 20_000

/** Dead leaves: disks of random grey that hide one another (Lee, Mumford & Huang 2001), grey bytes [size, size] into `out`. */
export function deadLeaves(size: number, rng: Rng, out: Uint8Array): void {
  const covered = new Uint8Array(size * size)
  let open = size * size
  out.fill(128)
  // From the front to the back: a pixel keeps the first leaf that covers it.
  for (let leaf = 0; leaf < MOST_LEAVES && open > 0; leaf++) {
    const radius = drawRadius(size, rng)
    const x0 = (size + 2 * radius) * rng.uniform() - radius
    const y0 = (size + 2 * radius) * rng.uniform() - radius
    const grey = rng.int(256)
    const bottom = Math.min(size - 1, Math.floor(y0 + radius))
    for (let y = Math.max(0, Math.ceil(y0 - radius)); y <= bottom; y++) {
      const half = Math.sqrt(Math.max(0, radius * radius - (y - y0) ** 2))
      for (let x = Math.max(0, Math.ceil(x0 - half)); x <= Math.min(size - 1, Math.floor(x0 + half)); x++) {
        if (covered[y * size + x] === 1) continue
        covered[y * size + x] = 1
        out[y * size + x] = grey
        open--
      }
    }
  }
}

/** Inverse of the cumulative r^-3 law. */
function drawRadius(size: number, rng: Rng): number {
  const low = (SMALLEST * size) ** -2
  const high = (LARGEST * size) ** -2
  return (low + (high - low) * rng.uniform()) ** -0.5
}
