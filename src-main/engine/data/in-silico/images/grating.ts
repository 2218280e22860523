/** A sinusoidal grating; radians, cycles per pixel, contrast 0..1. */
export interface Grating {
  readonly theta: number
  readonly frequency: number
  readonly phase: number
  readonly contrast: number
}

const ORIENTATIONS = 12
const FREQUENCIES = 6
const PHASES = 8

/** Grey bytes [size, size] into `out`; the phase is that at the image's centre. */
export function drawGrating(grating: Grating, size: number, out: Uint8Array): void {
  const middle = (size - 1) / 2
  const [cos, sin] = [Math.cos(grating.theta), Math.sin(grating.theta)]
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const u = (x - middle) * cos + (y - middle) * sin
      const wave = Math.cos(2 * Math.PI * grating.frequency * u + grating.phase)
      out[y * size + x] = Math.round(127.5 * (1 + grating.contrast * wave))
    }
  }
}

/** Grating `index` of the tuning-curve series: orientations run fastest, then frequencies over the given range, then phases. */
export function gratingOfSeries(index: number, lowest: number, highest: number): Grating {
  const orientation = index % ORIENTATIONS
  const frequency = Math.floor(index / ORIENTATIONS) % FREQUENCIES
  const phase = Math.floor(index / (ORIENTATIONS * FREQUENCIES))
  return {
    theta: (Math.PI * orientation) / ORIENTATIONS,
    frequency: lowest * (highest / lowest) ** (frequency / (FREQUENCIES - 1)),
    phase: (2 * Math.PI * phase) / PHASES,
    contrast: 1,
  }
}
