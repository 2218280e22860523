import { expect, it } from 'vitest'
import {
  fev,
  feve,
  feveAbove,
  oracleConservative,
  oracleCross,
  oracleJackknife,
} from '../../../../../src-main/engine/eval/measures/reliability.ts'
import { repeatsOfImages } from '../../../../../src-main/engine/eval/measures/repeated-responses.ts'
import { matrixOfRows } from '../../../../../src-main/engine/eval/measures/response-matrix.ts'
import type { SessionPredictions } from '../../../../../src-main/engine/eval/predict-responses.ts'
import type { SessionScores } from '../../../../../src-main/engine/eval/score-session.ts'
import { ceilingScores, meanOf, scoreSession } from '../../../../../src-main/engine/eval/score-session.ts'
import { createRng } from '../../../../../src-shared/util/rng.ts'

/** Two units; `image` says what each trial showed, and predictions are told by image. */
function session(
  image: readonly number[],
  recorded: readonly number[][],
  predicted: ReadonlyMap<number, readonly number[]>,
): SessionPredictions {
  return {
    session: 's',
    units: 2,
    trials: image.length,
    image: Int32Array.from(image),
    recorded: Float32Array.from(recorded.flat()),
    predicted: Float32Array.from(image.flatMap((id) => predicted.get(id) ?? [NaN, NaN])),
  }
}

const rng = createRng(5)
const IMAGES = [9, 3, 3, 9, 7, 7, 3, 9]
const RECORDED = IMAGES.map((id) => [Math.fround(id + rng.uniform()), Math.fround(rng.uniform())])
const PREDICTED = new Map([
  [3, [3, 1]],
  [7, [6, 2]],
  [9, [10, 1.5]],
])

it('files every measure of reliability by unit, over the images in ascending order', () => {
  const { columns, images } = scoreSession(session(IMAGES, RECORDED, PREDICTED), undefined)
  const shown = (id: number) => RECORDED.filter((_, i) => IMAGES[i] === id)
  const responses = repeatsOfImages([shown(3), shown(7), shown(9)])
  const predictions = matrixOfRows([...PREDICTED.values()])
  expect(images).toBe(3)
  expect(Object.fromEntries(columns)).toMatchObject({
    fev: fev(responses).values,
    feve: feve(responses, predictions).values,
    feve_masked: feveAbove(responses, predictions).values,
    oracle: oracleJackknife(responses).values,
    oracle_cross: oracleCross(responses).values,
    oracle_conservative: oracleConservative(responses).values,
  })
  expect(columns.has('ceiling')).toBe(false)
})

it('has no measure of reliability where nothing is repeated', () => {
  const once = session([3, 7, 9], RECORDED.slice(0, 3), PREDICTED)
  expect([...scoreSession(once, undefined).columns.keys()]).toEqual([
    'correlation',
    'poisson',
    'avg_correlation',
  ])
  const twice = session([3, 7, 7], RECORDED.slice(0, 3), PREDICTED)
  expect(scoreSession(twice, undefined).columns.has('oracle')).toBe(true)
})

const scored = (columns: Readonly<Record<string, readonly number[]>>): SessionScores => ({
  session: 's',
  columns: new Map(Object.entries(columns).map(([name, values]) => [name, Float64Array.from(values)])),
  poisson: 0,
  correlation: { values: new Float64Array(0), defined: new Uint8Array(0) },
  images: 1,
})

it('means over the units that have a value, of the sessions that have the measure', () => {
  expect(meanOf([scored({ fev: [1, NaN] }), scored({}), scored({ fev: [4] })], 'fev')).toBe(2.5)
  expect(meanOf([scored({})], 'fev')).toBeNaN()
})

it('measures units against their ceiling where that is above one half', () => {
  const sessions = [
    scored({ ceiling: [0.8, 0.5, 0.6], avg_correlation: [0.4, 0.9, 0.6] }),
    scored({ ceiling: [1], avg_correlation: [0.2] }),
    scored({ ceiling: [1] }),
    scored({ avg_correlation: [1] }),
  ]
  const { reliable, fraction, units } = ceilingScores(sessions)
  expect(units).toBe(3)
  expect(reliable).toBeCloseTo((0.4 + 0.6 + 0.2) / 3, 12)
  expect(fraction).toBeCloseTo((0.5 + 1 + 0.2) / 3, 12)
})
