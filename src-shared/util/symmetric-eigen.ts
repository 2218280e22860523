/** Values in descending order; vectors [n, n] with vector k in column k, of length 1. */
export interface Eigen {
  readonly values: Float64Array
  readonly vectors: Float64Array
}

/** QL steps for one value; two or three are usual. */
const MOST_STEPS = 60

/**
 * Eigenvalues and eigenvectors of a symmetric matrix [n, n] by rows: Householder's reduction to a tridiagonal matrix, then QL with implicit
 * shifts (Martin, Reinsch and Wilkinson 1968; tred2 and tql2 of EISPACK, as in JAMA). @throws RangeError for values that are not finite
 */
export function symmetricEigen(a: Float64Array, n: number): Eigen {
  if (!a.every((v) => Number.isFinite(v)))
    throw new RangeError('a matrix with missing values has no eigenvalues')
  const v = a.slice()
  const d = new Float64Array(n)
  const e = new Float64Array(n)
  if (n > 0) {
    tridiagonal(v, d, e, n)
    diagonal(v, d, e, n)
  }
  const order = Array.from(d.keys()).sort((i, j) => d[j]! - d[i]!)
  const vectors = new Float64Array(n * n)
  order.forEach((from, to) => {
    for (let row = 0; row < n; row++) vectors[row * n + to] = v[row * n + from]!
  })
  return { values: Float64Array.from(order, (i) => d[i]!), vectors }
}

/** Householder's reduction: `d` gets the diagonal, `e` what is below it from 1 on, `v` the rotation. */
function tridiagonal(v: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  for (let j = 0; j < n; j++) d[j] = v[(n - 1) * n + j]!
  for (let i = n - 1; i > 0; i--) {
    const scale = d.subarray(0, i).reduce((sum, value) => sum + Math.abs(value), 0)
    if (scale === 0) {
      e[i] = d[i - 1]!
      for (let j = 0; j < i; j++) {
        d[j] = v[(i - 1) * n + j]!
        v[i * n + j] = v[j * n + i] = 0
      }
      d[i] = 0
    } else d[i] = reflect(v, d, e, { n, i, scale })
  }
  collect(v, d, n)
  e[0] = 0
}

/** One reflection of row `i`; gives h, half the squared length of its vector. */
function reflect(
  v: Float64Array,
  d: Float64Array,
  e: Float64Array,
  { n, i, scale }: { readonly n: number; readonly i: number; readonly scale: number },
): number {
  let h = 0
  for (let k = 0; k < i; k++) {
    d[k] = d[k]! / scale
    h += d[k]! ** 2
  }
  let f = d[i - 1]!
  const g = f > 0 ? -Math.sqrt(h) : Math.sqrt(h)
  e[i] = scale * g
  h -= f * g
  d[i - 1] = f - g
  e.fill(0, 0, i)
  for (let j = 0; j < i; j++) {
    f = d[j]!
    v[j * n + i] = f
    let sum = e[j]! + v[j * n + j]! * f
    for (let k = j + 1; k < i; k++) {
      sum += v[k * n + j]! * d[k]!
      e[k] = e[k]! + v[k * n + j]! * f
    }
    e[j] = sum
  }
  f = 0
  for (let j = 0; j < i; j++) {
    e[j] = e[j]! / h
    f += e[j]! * d[j]!
  }
  const part = f / (h + h)
  for (let j = 0; j < i; j++) e[j] = e[j]! - part * d[j]!
  for (let j = 0; j < i; j++) {
    for (let k = j; k < i; k++) v[k * n + j] = v[k * n + j]! - (d[j]! * e[k]! + e[j]! * d[k]!)
    d[j] = v[(i - 1) * n + j]!
    v[i * n + j] = 0
  }
  return h
}

/** Multiplies the reflections out. */
function collect(v: Float64Array, d: Float64Array, n: number): void {
  for (let i = 0; i < n - 1; i++) {
    v[(n - 1) * n + i] = v[i * n + i]!
    v[i * n + i] = 1
    const h = d[i + 1]!
    if (h !== 0) {
      for (let k = 0; k <= i; k++) d[k] = v[k * n + i + 1]! / h
      for (let j = 0; j <= i; j++) {
        let g = 0
        for (let k = 0; k <= i; k++) g += v[k * n + i + 1]! * v[k * n + j]!
        for (let k = 0; k <= i; k++) v[k * n + j] = v[k * n + j]! - g * d[k]!
      }
    }
    for (let k = 0; k <= i; k++) v[k * n + i + 1] = 0
  }
  for (let j = 0; j < n; j++) {
    d[j] = v[(n - 1) * n + j]!
    v[(n - 1) * n + j] = 0
  }
  v[n * n - 1] = 1
}

/** QL with implicit shifts on the tridiagonal matrix. */
function diagonal(v: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  e.copyWithin(0, 1)
  e[n - 1] = 0
  const now = { shift: 0, size: 0 }
  for (let l = 0; l < n; l++) {
    now.size = Math.max(now.size, Math.abs(d[l]!) + Math.abs(e[l]!))
    let m = l
    while (m < n - 1 && Math.abs(e[m]!) > Number.EPSILON * now.size) m++
    for (let step = 0; m > l && Math.abs(e[l]!) > Number.EPSILON * now.size; step++) {
      if (step === MOST_STEPS) throw new RangeError('the eigenvalues of a matrix were not found')
      now.shift += shifted(d, e, l, n)
      rotate(v, d, e, { n, l, m })
    }
    d[l] = d[l]! + now.shift
    e[l] = 0
  }
}

/** Takes the shift of a step off the diagonal from `l` on, and gives it. */
function shifted(d: Float64Array, e: Float64Array, l: number, n: number): number {
  const g = d[l]!
  const p = (d[l + 1]! - g) / (2 * e[l]!)
  const r = p < 0 ? -Math.hypot(p, 1) : Math.hypot(p, 1)
  d[l] = e[l]! / (p + r)
  d[l + 1] = e[l]! * (p + r)
  const h = g - d[l]
  for (let i = l + 2; i < n; i++) d[i] = d[i]! - h
  return h
}

/** One sweep of rotations from `m` up to `l`. */
function rotate(
  v: Float64Array,
  d: Float64Array,
  e: Float64Array,
  { n, l, m }: { readonly n: number; readonly l: number; readonly m: number },
): void {
  const [next, below] = [d[l + 1]!, e[l + 1]!]
  let p = d[m]!
  let [c, c2, c3] = [1, 1, 1]
  let [s, s2] = [0, 0]
  for (let i = m - 1; i >= l; i--) {
    c3 = c2
    c2 = c
    s2 = s
    const g = c * e[i]!
    const h = c * p
    const r = Math.hypot(p, e[i]!)
    e[i + 1] = s * r
    s = e[i]! / r
    c = p / r
    p = c * d[i]! - s * g
    d[i + 1] = h + s * (c * g + s * d[i]!)
    for (let k = 0; k < n; k++) {
      const [left, right] = [v[k * n + i]!, v[k * n + i + 1]!]
      v[k * n + i + 1] = s * left + c * right
      v[k * n + i] = c * left - s * right
    }
  }
  p = (-s * s2 * c3 * below * e[l]!) / next
  e[l] = s * p
  d[l] = c * p
}
