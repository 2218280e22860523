import type { Tensor } from '@tensorflow/tfjs-core'
import { add, floor, mul, scalar, square, sub } from '@tensorflow/tfjs-core'

/** Pi in two parts, of which the first has so few digits that its multiples are exact. */
const PI_HIGH = 3.140625
const PI_LOW = Math.PI - PI_HIGH
/** Terms of Taylor's series behind the first; on half a period the rest is below a float32's last digit. */
const SERIES = [3, 5, 7, 9, 11, 13].map((n) => (n % 4 === 3 ? -1 : 1) / factorial(n))

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1)
}

/** sin x, elementwise: WGSL's own may be off by 2^-11. */
export function sine(x: Tensor): Tensor {
  const k = floor(add(mul(x, 1 / Math.PI), 0.5))
  return mul(ofHalfPeriod(less(x, k)), signOf(k))
}

/** cos x, elementwise: x lies r beyond (k + 1/2) pi, and cos x = -(-1)^k sin r. */
export function cosine(x: Tensor): Tensor {
  const k = floor(mul(x, 1 / Math.PI))
  return mul(ofHalfPeriod(less(x, add(k, 0.5))), mul(signOf(k), -1))
}

/** x - h pi */
const less = (x: Tensor, h: Tensor): Tensor => sub(sub(x, mul(h, PI_HIGH)), mul(h, PI_LOW))

/** (-1)^k */
const signOf = (k: Tensor): Tensor => sub(1, mul(2, sub(k, mul(2, floor(mul(k, 0.5))))))

/** sin r for r within half a period around 0. */
function ofHalfPeriod(r: Tensor): Tensor {
  const r2 = square(r)
  const series = SERIES.reduceRight<Tensor>((sum, c) => mul(add(sum, c), r2), scalar(0))
  return mul(r, add(series, 1))
}
