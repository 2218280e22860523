import type { NeuralSession } from '../../types.ts'
import { pixelArray } from '../pixels.ts'
import type { Finding } from './finding.ts'

/** Side of the grid of luminance and contrast features: coarse enough for few images, fine enough to differ between them. */
const GRID = 4
const SHIFTS = [-2, -1, 0, 1, 2]
/** Below this many images correlations of single features are noise. */
const MIN_IMAGES = 100
/** How much better another offset must explain the responses: chance differences stay below a tenth in simulations. */
const MARGIN = 1.25

/** For each offset: mean over units of the best absolute correlation with a coarse image feature. */
export interface AlignmentScores {
  readonly shifts: readonly number[]
  readonly scores: readonly number[]
}

/**
 * Responses averaged per image against luminance and contrast on a coarse grid, with the images taken as given and moved by
 * one or two places: an error in counting from 0 or 1 shows as a better fit at another offset.
 */
export async function alignmentScores(session: NeuralSession): Promise<AlignmentScores | null> {
  const { means, images } = imageMeans(session)
  if (images.length < MIN_IMAGES) return null
  const features = await gridFeatures(session, images)
  const scores = SHIFTS.map((shift) => offsetScore(means, features, shift))
  return { shifts: SHIFTS, scores }
}

/** The hint for a person, when another offset fits clearly better. */
export function alignmentFindings(alignment: AlignmentScores | null): Finding[] {
  if (!alignment) return []
  const at = (shift: number): number => alignment.scores[alignment.shifts.indexOf(shift)] ?? 0
  const best = alignment.shifts.reduce((a, b) => (at(b) > at(a) ? b : a), 0)
  if (best === 0 || at(best) < MARGIN * at(0)) return []
  return [
    {
      code: 'shifted-images',
      severity: 'warning',
      message: `Responses fit the images ${Math.abs(best)} place${Math.abs(best) > 1 ? 's' : ''} ${best > 0 ? 'later' : 'earlier'} better than their own: ${at(best).toFixed(3)} against ${at(0).toFixed(3)}.`,
      reason: 'Image ids and images are probably counted from different starts.',
      fix: 'Import again and say where the ids count from (option idsFrom: 0 or 1).',
    },
  ]
}

/** Mean response of each unit to each shown image, images in their order. [images][units] */
function imageMeans({ imageIndex, responses, units }: NeuralSession): {
  means: Float64Array[]
  images: number[]
} {
  const sums = new Map<number, { total: Float64Array; counts: Float64Array }>()
  imageIndex.forEach((image, trial) => {
    const entry = sums.get(image) ?? {
      total: new Float64Array(units.length),
      counts: new Float64Array(units.length),
    }
    sums.set(image, entry)
    for (let unit = 0; unit < units.length; unit++) {
      const value = responses[trial * units.length + unit]! // in range
      if (!Number.isFinite(value)) continue
      entry.total[unit] = entry.total[unit]! + value
      entry.counts[unit] = entry.counts[unit]! + 1
    }
  })
  const images = [...sums.keys()].sort((a, b) => a - b)
  const means = images.map((image) => {
    const entry = sums.get(image)
    return Float64Array.from({ length: units.length }, (_, unit) =>
      entry ? entry.total[unit]! / Math.max(1, entry.counts[unit]!) : 0,
    )
  })
  return { means, images }
}

/** Mean and standard deviation of grey values in each cell. [images][2 x cells] */
async function gridFeatures(
  { images: source }: NeuralSession,
  positions: readonly number[],
): Promise<Float64Array[]> {
  const { height, width, channels } = source
  const image = pixelArray(source.pixels, height * width * channels)
  const cells = Int32Array.from(image, (_, i) => {
    const pixel = Math.floor(i / channels)
    const row = Math.floor((Math.floor(pixel / width) * GRID) / height)
    return row * GRID + Math.floor(((pixel % width) * GRID) / width)
  })
  const counts = new Float64Array(GRID * GRID)
  for (const cell of cells) counts[cell]!++ // below GRID * GRID
  const features: Float64Array[] = []
  for (const position of positions) {
    await source.read([position], image)
    const out = new Float64Array(2 * GRID * GRID)
    for (let i = 0; i < image.length; i++) {
      const [cell, value] = [cells[i]!, image[i]!] // i < length
      out[cell]! += value
      out[GRID * GRID + cell]! += value * value
    }
    for (let cell = 0; cell < GRID * GRID; cell++) {
      const mean = out[cell]! / counts[cell]!
      const square = out[GRID * GRID + cell]! / counts[cell]!
      out[cell] = mean
      out[GRID * GRID + cell] = Math.sqrt(Math.max(0, square - mean * mean))
    }
    features.push(out)
  }
  return features
}

/** Rows that stay within the set at every offset, so that each score uses equally many. */
function offsetScore(
  means: readonly Float64Array[],
  features: readonly Float64Array[],
  shift: number,
): number {
  const border = Math.max(...SHIFTS)
  const rows = Array.from({ length: means.length - 2 * border }, (_, i) => i + border)
  const units = means[0]?.length ?? 0
  const columns = standardise(rows.map((row) => features[row + shift]!))
  const responses = standardise(rows.map((row) => means[row]!))
  let total = 0
  for (let unit = 0; unit < units; unit++) {
    let best = 0
    for (const column of columns) best = Math.max(best, Math.abs(dot(column, responses[unit]!) / rows.length))
    total += best
  }
  return total / Math.max(1, units)
}

/** Columns with mean 0 and variance 1; constant ones become 0. */
function standardise(rows: readonly Float64Array[]): Float64Array[] {
  const width = rows[0]?.length ?? 0
  return Array.from({ length: width }, (_, c) => {
    const column = Float64Array.from(rows, (row) => row[c]!)
    const mean = column.reduce((a, b) => a + b, 0) / column.length
    const std = Math.sqrt(column.reduce((a, b) => a + (b - mean) ** 2, 0) / column.length)
    return column.map((value) => (std > 0 ? (value - mean) / std : 0))
  })
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]! // equal lengths
  return sum
}
