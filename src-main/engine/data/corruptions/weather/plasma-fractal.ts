import type { Draws } from '../base/types.ts'

/** First roughness; each new point moves by roughness * U(-roughness, roughness). */
const ROUGHNESS = 100

/**
 * Diamond-square plasma (Fournier, Fussell & Carpenter 1982) on a torus, scaled to [0, 1].
 * @param side power of two
 * @param decay division of the roughness from one scale to the next
 * @returns [side, side] row-major
 */
export function plasmaFractal(side: number, decay: number, draws: Draws): Float64Array {
  const map = new Float64Array(side * side)
  let roughness = ROUGHNESS
  for (let step = side; step >= 2; step /= 2) {
    const half = step / 2
    /** Sets the points (y0 + i step, x0 + j step) to the mean of four neighbours, plus noise. */
    const fill = (y0: number, x0: number, dy: number, dx: number): void => {
      const noise = draws.uniforms((side / step) ** 2)
      let k = 0
      for (let y = y0; y < side; y += step) {
        for (let x = x0; x < side; x += step) {
          const sum = diamond(map, side, y, x, dy, dx)
          map[y * side + x] = sum / 4 + roughness * (2 * roughness * noise[k++]! - roughness)
        }
      }
    }
    fill(half, half, half, half)
    fill(0, half, half, 0)
    fill(half, 0, half, 0)
    roughness /= decay
  }
  return scaled(map)
}

/** Corners at (y +- d, x +- d) for dx = d; the four straight neighbours at distance dy for dx = 0. */
function diamond(map: Float64Array, side: number, y: number, x: number, dy: number, dx: number): number {
  const wrap = side - 1
  const up = ((y - dy) & wrap) * side
  const down = ((y + dy) & wrap) * side
  const left = (x - dy) & wrap
  const right = (x + dy) & wrap
  if (dx !== 0) return map[up + left]! + map[up + right]! + map[down + left]! + map[down + right]!
  return map[up + x]! + map[down + x]! + map[y * side + left]! + map[y * side + right]!
}

function scaled(map: Float64Array): Float64Array {
  let low = Infinity
  let high = -Infinity
  for (let i = 0; i < map.length; i++) {
    if (map[i]! < low) low = map[i]!
    if (map[i]! > high) high = map[i]!
  }
  const range = high - low
  for (let i = 0; i < map.length; i++) map[i] = range > 0 ? (map[i]! - low) / range : 0
  return map
}
