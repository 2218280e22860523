/** Two-dimensional Hermite functions and how they turn. */
export interface HermiteBasis {
  /** [functions, side * upsampling, side * upsampling], each of norm 1. */
  readonly functions: Float64Array
  readonly count: number
  readonly points: number
  /** Angular frequency of each function. */
  readonly frequency: readonly number[]
  /** `z`: symmetric; `r` and the `i` behind it: a pair that turns into each other. */
  readonly kind: readonly ('z' | 'r' | 'i')[]
}

/** Functions of ranks 0 to side - 1 (side (side + 1) / 2 of them) on a grid of side * upsampling points (Ecker et al. 2019). */
export function hermiteBasis(side: number, upsampling: number): HermiteBasis {
  const points = side * upsampling
  const { frequency, radial, kind } = orders(side)
  const reach = 2 * Math.sqrt(side) * (1 - 1 / points)
  const at = (i: number): number => (points === 1 ? -reach : -reach + (2 * reach * i) / (points - 1))
  const functions = new Float64Array(kind.length * points * points)
  kind.forEach((phase, f) => {
    const values = new Float64Array(points * points)
    const mu = frequency[f]!
    const nu = radial[f]!
    for (let i = 0; i < points; i++) {
      for (let j = 0; j < points; j++) {
        const square = at(i) ** 2 + at(j) ** 2
        const angle = mu * Math.atan2(at(i), at(j))
        const radius = Math.exp(-square / 4) * square ** (mu / 2) * polynomial(square, mu, nu)
        values[i * points + j] = radius * (phase === 'i' ? Math.sin(angle) : Math.cos(angle))
      }
    }
    const norm = Math.sqrt(values.reduce((sum, v) => sum + v * v, 0))
    functions.set(
      values.map((v) => v / norm),
      f * points * points,
    )
  })
  return { functions, count: kind.length, points, frequency, kind }
}

/** Angular and radial order of each function, rank by rank. */
function orders(side: number) {
  const frequency: number[] = []
  const radial: number[] = []
  const kind: ('z' | 'r' | 'i')[] = []
  for (let rank = 0; rank < side; rank++) {
    for (let mu = rank % 2; mu <= rank; mu += 2) {
      for (const phase of mu === 0 ? (['z'] as const) : (['r', 'i'] as const)) {
        frequency.push(mu)
        radial.push((rank - mu) / 2)
        kind.push(phase)
      }
    }
  }
  return { frequency, radial, kind }
}

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))

/** Laguerre-type polynomial in the squared radius. */
function polynomial(square: number, mu: number, nu: number): number {
  let total = 0
  for (let r = 0; r <= nu; r++) {
    const top = factorial(mu + nu) * factorial(nu) * (-2) ** (nu - r)
    const bottom = factorial(mu + r) * factorial(r) * factorial(nu - r)
    total += (top / bottom) * square ** r
  }
  return total
}

/** Matrix [functions, functions] that turns coefficients by an angle. */
export function turning(basis: HermiteBasis, angle: number): Float64Array {
  const out = new Float64Array(basis.count * basis.count)
  const set = (i: number, j: number, value: number): void => {
    out[i * basis.count + j] = value
  }
  basis.kind.forEach((kind, i) => {
    const by = basis.frequency[i]! * angle
    if (kind === 'z') set(i, i, 1)
    if (kind !== 'r') return
    set(i, i, Math.cos(by))
    set(i, i + 1, Math.sin(by))
    set(i + 1, i, -Math.sin(by))
    set(i + 1, i + 1, Math.cos(by))
  })
  return out
}

/** Each function summed over blocks of upsampling x upsampling points. [functions, side, side] */
export function summedDown(basis: HermiteBasis, upsampling: number): Float64Array {
  const side = basis.points / upsampling
  const out = new Float64Array(basis.count * side * side)
  for (let f = 0; f < basis.count; f++) {
    for (let i = 0; i < basis.points; i++) {
      for (let j = 0; j < basis.points; j++) {
        const to = (f * side + Math.floor(i / upsampling)) * side + Math.floor(j / upsampling)
        out[to] = out[to]! + basis.functions[(f * basis.points + i) * basis.points + j]!
      }
    }
  }
  return out
}
