import type { Tensor2D } from '@tensorflow/tfjs-core'
import { add, div, gather, matMul, moments, sqrt, sub, tidy } from '@tensorflow/tfjs-core'
import { cholesky, solveCholesky } from '../../../../src-shared/util/cholesky.ts'
import { correlation } from '../measures/correlation.ts'

/** Ridge penalties that are tried for each unit, as shares of the mean squared length of an image's features. */
const PENALTIES: readonly number[] = [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30]
/** Every fifth training image chooses the penalty. */
const CHOOSING = 5
/** Keeps features that are equal in all images from being divided by zero. */
const SPREAD_GUARD = 1e-6

/** Responses [rows, units] row-major; NaN = missing. */
export interface Responses {
  readonly units: number
  readonly values: Float32Array
}

/**
 * Ridge regression from features [images, features] to each unit's mean responses, applied to other images.
 * Features are standardised by the training images; the penalty is chosen for each unit on every fifth of them by
 * correlation. Images without a response of a unit do not teach that unit. Returns [test images, units] row-major.
 * Source: the linear baselines of system identification (Wu, David and Gallant 2006).
 */
export async function ridgePredictions(
  train: Tensor2D,
  responses: Responses,
  test: Tensor2D,
): Promise<Float32Array> {
  const [x, xTest] = standardised(train, test)
  const out = new Float32Array(test.shape[0] * responses.units)
  try {
    for (const group of sameMissing(responses)) await fitGroup({ x, xTest, responses, group, out })
  } finally {
    x.dispose()
    xTest.dispose()
  }
  return out
}

function standardised(train: Tensor2D, test: Tensor2D): readonly [Tensor2D, Tensor2D] {
  const [x, xTest] = tidy((): [Tensor2D, Tensor2D] => {
    const { mean: centre, variance } = moments(train, 0)
    const spread = add(sqrt(variance), SPREAD_GUARD)
    return [div(sub(train, centre), spread), div(sub(test, centre), spread)]
  })
  return [x, xTest]
}

/** Units that were recorded for the same images share one decomposition. */
interface UnitGroup {
  readonly units: readonly number[]
  /** Rows that all of them have. */
  readonly rows: readonly number[]
}

function sameMissing({ units, values }: Responses): readonly UnitGroup[] {
  const rows = values.length / units
  const groups = new Map<string, { units: number[]; rows: number[] }>()
  for (let u = 0; u < units; u++) {
    const present = Array.from({ length: rows }, (_, r) => r).filter(
      (r) => !Number.isNaN(values[r * units + u]),
    )
    const key = present.join()
    const group = groups.get(key) ?? { units: [], rows: present }
    group.units.push(u)
    groups.set(key, group)
  }
  return [...groups.values()].filter((g) => g.rows.length > CHOOSING)
}

interface Fit {
  readonly x: Tensor2D
  readonly xTest: Tensor2D
  readonly responses: Responses
  readonly group: UnitGroup
  readonly out: Float32Array
}

async function fitGroup({ x, xTest, responses, group, out }: Fit): Promise<void> {
  const { units, rows } = group
  const of = (chosen: readonly number[]): Float64Array[] =>
    units.map((u) => Float64Array.from(chosen, (r) => responses.values[r * responses.units + u]!))
  const chosenBy = rows.filter((_, i) => i % CHOOSING === 0)
  const taughtBy = rows.filter((_, i) => i % CHOOSING !== 0)
  const best = await bestPenalties(x, { taughtBy, chosenBy, targets: of(taughtBy), truth: of(chosenBy) })
  const targets = of(rows)
  const full = await kernels(x, rows, xTest)
  for (const penalty of new Set(best)) {
    const members = units.flatMap((_, i) => (best[i] === penalty ? [i] : []))
    const answers = solve(
      full,
      members.map((i) => targets[i]!),
      penalty,
    )
    members.forEach((i, m) => answers[m]?.forEach((v, row) => (out[row * responses.units + units[i]!] = v)))
  }
}

interface Choosing {
  readonly taughtBy: readonly number[]
  readonly chosenBy: readonly number[]
  readonly targets: readonly Float64Array[]
  readonly truth: readonly Float64Array[]
}

/** For each unit the penalty whose predictions of the held-out images correlate best. */
async function bestPenalties(x: Tensor2D, c: Choosing): Promise<readonly number[]> {
  const held = tidy(() => gather(x, [...c.chosenBy]))
  const inner = await kernels(x, c.taughtBy, held)
  held.dispose()
  const found = c.targets.map(() => ({ penalty: PENALTIES[0]!, score: -Infinity }))
  for (const penalty of PENALTIES) {
    solve(inner, c.targets, penalty).forEach((predicted, i) => {
      const score = correlation(predicted, c.truth[i]!)
      const best = found[i] as { penalty: number; score: number }
      if (score > best.score) found[i] = { penalty, score }
    })
  }
  return found.map((f) => f.penalty)
}

/** Inner products among the training images [n, n] and of the asked images with them [m, n]. */
interface Kernels {
  readonly n: number
  readonly m: number
  readonly among: Float32Array
  readonly asked: Float32Array
}

async function kernels(x: Tensor2D, rows: readonly number[], asked: Tensor2D): Promise<Kernels> {
  const [among, across] = tidy((): [Tensor2D, Tensor2D] => {
    const chosen = gather(x, [...rows])
    return [matMul(chosen, chosen, false, true), matMul(asked, chosen, false, true)]
  })
  const out = {
    n: rows.length,
    m: asked.shape[0],
    among: await among.data<'float32'>(),
    asked: await across.data<'float32'>(),
  }
  among.dispose()
  across.dispose()
  return out
}

/** Predictions for the asked images, one series for each target: k (K + penalty I)^-1 (y - mean) + mean; NaN where there is no inverse. */
function solve(k: Kernels, targets: readonly Float64Array[], penalty: number): Float64Array[] {
  const { n, m } = k
  let trace = 0
  for (let i = 0; i < n; i++) trace += k.among[i * n + i]!
  const ridged = Float64Array.from(k.among)
  for (let i = 0; i < n; i++) ridged[i * n + i]! += (penalty * trace) / n
  const factor = cholesky(ridged, n)
  if (factor === null) return targets.map(() => new Float64Array(m).fill(NaN))
  return targets.map((y) => {
    const centre = y.reduce((s, v) => s + v, 0) / n
    const weights = solveCholesky(
      factor,
      y.map((v) => v - centre),
    )
    return Float64Array.from({ length: m }, (_, row) => {
      let value = centre
      for (let i = 0; i < n; i++) value += k.asked[row * n + i]! * weights[i]!
      return value
    })
  })
}
