/**
 * The integer 8x8 cosine transforms of the JPEG reference library ("islow"): Loeffler, Ligtenberg & Moschytz (1989)
 * with 12 multiplications, 13-bit constants and 2 extra bits between the passes. Bit-exact, so decoded images are too.
 */
const CONST_BITS = 13
const PASS1_BITS = 2
const fixed = (x: number): number => Math.round(x * (1 << CONST_BITS))

// Rotations of the algorithm, from c_k = sqrt(2) cos(k pi / 16).
const EVEN = fixed(0.541196100146197)
const EVEN_LOW = fixed(0.765366864730179)
const EVEN_HIGH = fixed(1.847759065022573)
const ODD = fixed(1.175875602419359)
const ODD_07 = fixed(0.298631336)
const ODD_16 = fixed(2.053119869)
const ODD_25 = fixed(3.072711026)
const ODD_34 = fixed(1.50132111)
const CROSS_1 = fixed(0.899976223)
const CROSS_2 = fixed(2.562915447)
const CROSS_3 = fixed(1.96157056)
const CROSS_4 = fixed(0.390180644)

const descale = (x: number, bits: number): number => (x + (1 << (bits - 1))) >> bits

/** One 8-point forward transform in place; samples lie `stride` apart. */
function forward8(d: Int32Array, at: number, stride: number, first: boolean): void {
  const bits = first ? CONST_BITS - PASS1_BITS : CONST_BITS + PASS1_BITS
  const [i1, i2, i3] = [at + stride, at + 2 * stride, at + 3 * stride]
  const [i4, i5, i6, i7] = [at + 4 * stride, at + 5 * stride, at + 6 * stride, at + 7 * stride]
  const s0 = d[at]! + d[i7]!
  const s1 = d[i1]! + d[i6]!
  const s2 = d[i2]! + d[i5]!
  const s3 = d[i3]! + d[i4]!
  const t7 = d[at]! - d[i7]!
  const t6 = d[i1]! - d[i6]!
  const t5 = d[i2]! - d[i5]!
  const t4 = d[i3]! - d[i4]!

  const low = s0 + s3
  const lowDifference = s0 - s3
  const high = s1 + s2
  const highDifference = s1 - s2
  d[at] = first ? (low + high) << PASS1_BITS : descale(low + high, PASS1_BITS)
  d[i4] = first ? (low - high) << PASS1_BITS : descale(low - high, PASS1_BITS)
  const shared = (highDifference + lowDifference) * EVEN
  d[i2] = descale(shared + lowDifference * EVEN_LOW, bits)
  d[i6] = descale(shared - highDifference * EVEN_HIGH, bits)

  const z5 = (t4 + t6 + t5 + t7) * ODD
  const z1 = -(t4 + t7) * CROSS_1
  const z2 = -(t5 + t6) * CROSS_2
  const z3 = z5 - (t4 + t6) * CROSS_3
  const z4 = z5 - (t5 + t7) * CROSS_4
  d[i7] = descale(t4 * ODD_07 + z1 + z3, bits)
  d[i5] = descale(t5 * ODD_16 + z2 + z4, bits)
  d[i3] = descale(t6 * ODD_25 + z2 + z3, bits)
  d[i1] = descale(t7 * ODD_34 + z1 + z4, bits)
}

/** One 8-point inverse transform in place; `bits` are dropped from the result. */
function inverse8(d: Int32Array, at: number, stride: number, bits: number): void {
  const [i1, i2, i3] = [at + stride, at + 2 * stride, at + 3 * stride]
  const [i4, i5, i6, i7] = [at + 4 * stride, at + 5 * stride, at + 6 * stride, at + 7 * stride]
  const shared = (d[i2]! + d[i6]!) * EVEN
  const e2 = shared - d[i6]! * EVEN_HIGH
  const e3 = shared + d[i2]! * EVEN_LOW
  const e0 = (d[at]! + d[i4]!) << CONST_BITS
  const e1 = (d[at]! - d[i4]!) << CONST_BITS

  const [t0, t1, t2, t3] = [d[i7]!, d[i5]!, d[i3]!, d[i1]!]
  const z5 = (t0 + t2 + t1 + t3) * ODD
  const z1 = -(t0 + t3) * CROSS_1
  const z2 = -(t1 + t2) * CROSS_2
  const z3 = z5 - (t0 + t2) * CROSS_3
  const z4 = z5 - (t1 + t3) * CROSS_4
  const o0 = t0 * ODD_07 + z1 + z3
  const o1 = t1 * ODD_16 + z2 + z4
  const o2 = t2 * ODD_25 + z2 + z3
  const o3 = t3 * ODD_34 + z1 + z4

  d[at] = descale(e0 + e3 + o3, bits)
  d[i7] = descale(e0 + e3 - o3, bits)
  d[i1] = descale(e1 + e2 + o2, bits)
  d[i6] = descale(e1 + e2 - o2, bits)
  d[i2] = descale(e1 - e2 + o1, bits)
  d[i5] = descale(e1 - e2 - o1, bits)
  d[i3] = descale(e0 - e3 + o0, bits)
  d[i4] = descale(e0 - e3 - o0, bits)
}

/** Samples (-128..127) -> coefficients times 8, in place; 64 values row-major. */
export function forwardDct(block: Int32Array): void {
  for (let row = 0; row < 64; row += 8) forward8(block, row, 1, true)
  for (let column = 0; column < 8; column++) forward8(block, column, 8, false)
}

/** Coefficients -> samples (-128..127, unclipped), in place. */
export function inverseDct(block: Int32Array): void {
  for (let column = 0; column < 8; column++) inverse8(block, column, 8, CONST_BITS - PASS1_BITS)
  for (let row = 0; row < 64; row += 8) inverse8(block, row, 1, CONST_BITS + PASS1_BITS + 3)
}
