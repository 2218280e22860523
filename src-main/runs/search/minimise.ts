/** A function with its gradient at a point; a value that is not finite is one to stay away from. */
export type Smooth = (x: Float64Array) => { readonly value: number; readonly gradient: Float64Array }

/** Decrease that a step must bring, as a share of what the slope promises (Armijo). */
const ENOUGH = 1e-4
const SMALLEST_STEP = 1e-10
/** The longest first step, in the units of x: logarithms. */
const FIRST_STEP = 0.5

/** A minimum near `start` by BFGS with halved steps (Nocedal and Wright, Numerical Optimization, algorithm 6.1). */
export function minimise(
  f: Smooth,
  start: Float64Array,
  iterations = 60,
): { x: Float64Array; value: number } {
  const n = start.length
  let x = start
  let now = f(x)
  let inverse = identity(n)
  let isFresh = true
  for (let iteration = 0; iteration < iterations; iteration++) {
    let direction = times(inverse, now.gradient).map((v) => -v)
    let slope = dot(direction, now.gradient)
    if (!(slope < 0)) {
      inverse = identity(n)
      direction = now.gradient.map((v) => -v)
      slope = dot(direction, now.gradient)
    }
    if (!(slope < -1e-12)) break
    let size = isFresh ? Math.min(1, FIRST_STEP / Math.sqrt(dot(direction, direction))) : 1
    let next = x
    let there = now
    for (; size > SMALLEST_STEP; size /= 2) {
      const length = size
      next = x.map((v, i) => v + length * direction[i]!)
      there = f(next)
      if (there.value <= now.value + ENOUGH * size * slope) break
    }
    if (size <= SMALLEST_STEP) break
    const step = next.map((v, i) => v - x[i]!)
    const change = there.gradient.map((v, i) => v - now.gradient[i]!)
    const gained = now.value - there.value
    x = next
    now = there
    isFresh = false
    if (gained < 1e-9 * (1 + Math.abs(now.value))) break
    inverse = updated(inverse, step, change)
  }
  return { x, value: now.value }
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0)
const times = (m: Float64Array, x: Float64Array): Float64Array =>
  x.map((_, i) => dot(m.subarray(i * x.length, (i + 1) * x.length), x))

function identity(n: number): Float64Array {
  const out = new Float64Array(n * n)
  for (let i = 0; i < n; i++) out[i * n + i] = 1
  return out
}

/** The BFGS update of the inverse Hessian; left as it is where the curvature along the step is not positive. */
function updated(h: Float64Array, s: Float64Array, y: Float64Array): Float64Array {
  const curvature = dot(s, y)
  if (curvature < 1e-12) return h
  const n = s.length
  const hy = times(h, y)
  const factor = (1 + dot(y, hy) / curvature) / curvature
  return h.map((v, at) => {
    const i = Math.floor(at / n)
    const j = at % n
    return v + factor * s[i]! * s[j]! - (hy[i]! * s[j]! + s[i]! * hy[j]!) / curvature
  })
}
