import { createRng, type Rng } from '../../../../../src-shared/util/rng.ts'
import { drawsFrom } from '../base/draws.ts'
import { plasmaFractal } from './plasma-fractal.ts'
import type { RgbImage } from '../base/types.ts'

/**
 * Procedural frost: ice clouds (a plasma) with six-armed, branching crystals on top. It stands in for the benchmark's
 * photographs, whose origin is unknown, with about their brightness and contrast; results differ from published ones.
 */

/** Mean colour and spread of brightness (levels) of each texture; the range is that of the photographs. */
const SHEETS: readonly { readonly tint: readonly [number, number, number]; readonly spread: number }[] = [
  { tint: [78, 149, 166], spread: 20 },
  { tint: [201, 205, 214], spread: 22 },
  { tint: [196, 204, 216], spread: 24 },
  { tint: [138, 153, 165], spread: 28 },
  { tint: [112, 123, 135], spread: 42 },
]
const SIDE = 512
const CLOUD_DECAY = 1.6
const CRYSTALS = 60
/** Brightness of a crystal's spine against the clouds' standard deviation. */
const CRYSTAL_STRENGTH = 1.8
/** Brightness is kept within this many standard deviations. */
const LIMIT = 2.5
const SIXTY_DEGREES = Math.PI / 3
const SEED = 20190328

interface Ray {
  readonly x: number
  readonly y: number
  readonly angle: number
  readonly length: number
  readonly strength: number
}

const wrap = (i: number): number => Math.floor(i) & (SIDE - 1)

/** A thin line that fades to its tip. */
function drawRay(field: Float64Array, { x, y, angle, length, strength }: Ray): void {
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)]
  for (let t = 0; t < length; t += 0.5) {
    const at = wrap(y + t * dy) * SIDE + wrap(x + t * dx)
    field[at] = Math.max(field[at]!, strength * (1 - t / length))
  }
}

/** Six arms, each with side branches at 60 degrees that shorten towards the tip. */
function drawCrystal(field: Float64Array, rng: Rng): void {
  const centre = { x: rng.int(SIDE), y: rng.int(SIDE) }
  const turn = rng.uniform() * SIXTY_DEGREES
  const reach = 15 + 70 * rng.uniform()
  for (let arm = 0; arm < 6; arm++) {
    const angle = turn + arm * SIXTY_DEGREES
    const length = reach * (0.7 + 0.6 * rng.uniform())
    drawRay(field, { ...centre, angle, length, strength: CRYSTAL_STRENGTH })
    for (let t = 4; t < length; t += 3 + 4 * rng.uniform()) {
      const root = { x: centre.x + t * Math.cos(angle), y: centre.y + t * Math.sin(angle) }
      const branch = { length: (length - t) * 0.45, strength: 0.8 * CRYSTAL_STRENGTH }
      drawRay(field, { ...root, ...branch, angle: angle + SIXTY_DEGREES })
      drawRay(field, { ...root, ...branch, angle: angle - SIXTY_DEGREES })
    }
  }
}

function standardised(field: Float64Array): Float64Array {
  const mean = field.reduce((a, b) => a + b, 0) / field.length
  const sd = Math.sqrt(field.reduce((a, b) => a + (b - mean) ** 2, 0) / field.length)
  return field.map((v) => (v - mean) / sd)
}

function sheet(rng: Rng, { tint, spread }: (typeof SHEETS)[number]): RgbImage {
  const crystals = new Float64Array(SIDE * SIDE)
  for (let i = 0; i < CRYSTALS; i++) drawCrystal(crystals, rng.fork(i))
  const clouds = standardised(plasmaFractal(SIDE, CLOUD_DECAY, drawsFrom(rng.fork('clouds'))))
  const ice = standardised(clouds.map((v, i) => v + crystals[i]!))
  const data = new Uint8ClampedArray(SIDE * SIDE * 3)
  ice.forEach((v, p) => {
    const value = spread * Math.min(LIMIT, Math.max(-LIMIT, v))
    for (let c = 0; c < 3; c++) data[3 * p + c] = tint[c]! + value
  })
  return { width: SIDE, height: SIDE, data: new Uint8Array(data.buffer) }
}

let made: readonly RgbImage[] | null = null

/** The five procedural frost textures, RGB 512 x 512; the same in every process, made at first use. */
export function frostTextures(): readonly RgbImage[] {
  made ??= SHEETS.map((description, i) => sheet(createRng(SEED).fork('frost').fork(i), description))
  return made
}
