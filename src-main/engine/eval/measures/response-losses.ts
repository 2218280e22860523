import { anscombe } from './reliability.ts'
import { checkSameShape, type ResponseMatrix } from './response-matrix.ts'
import { scoreUnits, type UnitScores } from './unit-scores.ts'

/** Loss of one trial: recorded response t, predicted mean response y. */
export type ResponseLoss = (t: number, y: number) => number

/** Guards of neuralpredictors: eps of the 2021 Poisson loss and of the exponential loss. */
export const LOG_GUARD = 1e-12
const EXPONENTIAL_GUARD = 1e-6

/** y - t ln(y + 1e-12): the Poisson loss all published validation numbers use. */
export const poisson: ResponseLoss = (t, y) => y - t * Math.log(y + LOG_GUARD)

/** Losses that need a predicted mean only (neuralpredictors), usable as metrics. */
export const RESPONSE_LOSSES: Readonly<Record<string, ResponseLoss>> = {
  poisson,
  mse: (t, y) => (t - y) ** 2,
  exponential: (t, y) => (t + EXPONENTIAL_GUARD) / (y + LOG_GUARD) + Math.log(y + LOG_GUARD),
  anscombe: (t, y) => (anscombe(t) - (anscombe(y) - 1 / (4 * Math.sqrt(y)))) ** 2,
}

/**
 * Loss per unit over trials [trials, units], summed or averaged; missing responses are left out. A loss that is not
 * finite (logarithm of a negative prediction) makes its unit undefined.
 */
export function lossPerUnit(
  responses: ResponseMatrix,
  predictions: ResponseMatrix,
  loss: ResponseLoss,
  reduction: 'sum' | 'mean',
): UnitScores {
  checkSameShape(responses, predictions)
  const { rows, units } = responses
  return scoreUnits(units, (unit) => {
    let sum = 0
    let count = 0
    for (let i = 0; i < rows; i++) {
      const t = responses.values[i * units + unit]!
      if (Number.isNaN(t)) continue
      sum += loss(t, predictions.values[i * units + unit]!)
      count++
    }
    return reduction === 'sum' ? sum : sum / count
  })
}
