import type { Tensor } from '@tensorflow/tfjs-core'
import { add, div, log, mul, reciprocal, square, sub } from '@tensorflow/tfjs-core'
import { differentiable } from '../base/differentiable.ts'

/** Arguments are raised by this much first: Stirling's series is exact to float32 from there on. */
const SHIFT = 8
const HALF_LOG_TWO_PI = 0.9189385332046727

/** log Gamma(x), elementwise, for x > 0: Stirling's series at x + 8 and the recurrence log Gamma(x) = log Gamma(x+1) - log x. */
export function lgamma<T extends Tensor>(x: T): T {
  return differentiable<T, [T]>(
    { x },
    (save) => {
      save([x])
      return logGammaOf(x)
    },
    (dy, [saved]) => ({ x: () => mul(dy, digamma(saved)) }),
  )
}

function logGammaOf<T extends Tensor>(x: T): T {
  const z = add(x, SHIFT)
  const inverse = reciprocal(z)
  const inverse2 = square(inverse)
  // 1/(12 z) - 1/(360 z^3) + 1/(1260 z^5)
  const series = mul(inverse, add(mul(inverse2, sub(mul(inverse2, 1 / 1260), 1 / 360)), 1 / 12))
  const stirling = add(sub(mul(sub(z, 0.5), log(z)), z), add(series, HALF_LOG_TWO_PI))
  let raised = log(x)
  for (let i = 1; i < SHIFT; i++) raised = add(raised, log(add(x, i)))
  return sub(stirling, raised)
}

/** d/dx log Gamma(x), elementwise, for x > 0; has no gradient of its own. */
function digamma<T extends Tensor>(x: T): T {
  const z = add(x, SHIFT)
  const inverse2 = square(reciprocal(z))
  // log z - 1/(2 z) - 1/(12 z^2) + 1/(120 z^4) - 1/(252 z^6)
  const series = mul(inverse2, sub(1 / 12, mul(inverse2, sub(1 / 120, mul(inverse2, 1 / 252)))))
  let value = sub<T>(sub(log(z), div(0.5, z)), series)
  for (let i = 0; i < SHIFT; i++) value = sub(value, reciprocal(add(x, i)))
  return value
}
