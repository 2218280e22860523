import { describe, expect, it } from 'vitest'
import {
  correlationForLoss,
  correlationPerUnit,
  correlationSampleDeviation,
  correlationToAverage,
} from '../../../../../../src-main/engine/eval/measures/correlation.ts'
import {
  gammaLoss,
  gaussianLoss,
  zeroInflatedGammaLoss,
  zeroInflatedLogNormalLoss,
  zeroInflatedLogStudentLoss,
} from '../../../../../support/measures/log-likelihoods.ts'
import {
  explainableVariance,
  fev,
  feve,
  gini,
  oracleConservative,
  oracleJackknife,
  signalToNoise,
} from '../../../../../../src-main/engine/eval/measures/reliability.ts'
import type { RepeatedResponses } from '../../../../../../src-main/engine/eval/measures/repeated-responses.ts'
import {
  repeatPerTrial,
  repeatsOfImages,
} from '../../../../../../src-main/engine/eval/measures/repeated-responses.ts'
import {
  lossPerUnit,
  RESPONSE_LOSSES,
} from '../../../../../../src-main/engine/eval/measures/response-losses.ts'
import type { ResponseMatrix } from '../../../../../../src-main/engine/eval/measures/response-matrix.ts'
import { unitColumn } from '../../../../../../src-main/engine/eval/measures/response-matrix.ts'
import { fromRecipe } from '../../../../../golden/golden-tensors.ts'
import type { ShortRecipe } from '../../../../../support/published/fixture.ts'
import { asRecipe, published } from '../../../../../support/published/fixture.ts'
import { expectClose } from '../../../../../support/published/trace.ts'

interface MeasureFixture {
  readonly called: string
  readonly data: Readonly<Record<'signal' | 'noise' | 'predictions', ShortRecipe>>
  readonly parts?: Readonly<Record<string, ShortRecipe>>
  readonly values: Readonly<Record<string, readonly number[]>>
}

/** Both sides compute in float64 from the same float32 numbers; nine digits are stored. */
const TOLERANCE = 1e-8

const fixture = published<MeasureFixture>('measures', 'repeated-responses')
const [images, repeats, units] = fixture.data.noise[0] as readonly [number, number, number]

const numbers = (r: ShortRecipe): Float32Array => fromRecipe(asRecipe(r)).data as Float32Array

/** Signal of the image plus noise of the trial, never below 0. */
const responses: RepeatedResponses = (() => {
  const [signal, noise] = [numbers(fixture.data.signal), numbers(fixture.data.noise)]
  const trial = (image: number, repeat: number): Float32Array =>
    Float32Array.from({ length: units }, (_, unit) =>
      Math.max(
        0,
        (signal[image * units + unit] as number) +
          (noise[(image * repeats + repeat) * units + unit] as number),
      ),
    )
  return repeatsOfImages(
    Array.from({ length: images }, (_, image) => Array.from({ length: repeats }, (_, r) => trial(image, r))),
  )
})()

const predictions: ResponseMatrix = {
  rows: images,
  units,
  values: Float64Array.from(numbers(fixture.data.predictions)),
}
const perTrial = repeatPerTrial(predictions, responses)

const byUnit = (f: (t: Float64Array, y: Float64Array) => number): Float64Array =>
  Float64Array.from({ length: units }, (_, unit) =>
    f(unitColumn(responses.trials, unit), unitColumn(perTrial, unit)),
  )

const REPEATED: Readonly<Record<string, () => ArrayLike<number>>> = {
  correlation: () => correlationPerUnit(responses.trials, perTrial).values,
  avg_correlation: () => correlationToAverage(responses, predictions).values,
  correlation_sample_deviation: () => byUnit(correlationSampleDeviation),
  correlation_loss: () => byUnit(correlationForLoss),
  oracle_jackknife: () => oracleJackknife(responses).values,
  oracle_conservative: () => oracleConservative(responses).values,
  explainable_variance: () => explainableVariance(responses).values,
  fev: () => fev(responses).values,
  feve: () => feve(responses, predictions).values,
  snr: () => signalToNoise(responses).values,
  gini: () => [gini(predictions.values)],
}

describe(`measures of repeated responses: ${fixture.called}`, () => {
  it.each(Object.keys(fixture.values))('%s', (name) => {
    expect(REPEATED).toHaveProperty(name)
    expectClose(name, REPEATED[name]?.() ?? [], fixture.values[name] ?? [], TOLERANCE)
  })
})

describe('losses as scores of each unit', () => {
  const { values } = published<MeasureFixture>('measures', 'response-losses')

  it('knows the published value of every one', () => {
    expect(Object.keys(values).sort()).toEqual(Object.keys(RESPONSE_LOSSES).sort())
  })

  it.each(Object.entries(RESPONSE_LOSSES))('%s', (name, loss) => {
    const reduction = name === 'poisson' ? 'sum' : 'mean'
    const found = lossPerUnit(responses.trials, perTrial, loss, reduction).values
    expectClose(name, found, values[name] ?? [], TOLERANCE)
  })
})

describe('likelihoods of single responses', () => {
  const { values, parts = {} } = published<MeasureFixture>('measures', 'likelihoods')
  const of = Object.fromEntries(Object.entries(parts).map(([name, r]) => [name, numbers(r)]))
  const part = (name: string, i: number): number => of[name]?.[i] ?? NaN
  const spike = (i: number) => ({ q: part('q', i), loc: part('loc', i) })

  const LIKELIHOODS: Readonly<Record<string, (t: number, i: number) => number>> = {
    gaussian: (t, i) => gaussianLoss(t, part('mean', i), part('variance', i)),
    gamma: (t, i) => gammaLoss(t, part('concentration', i), part('rate', i)),
    zero_inflated_gamma: (t, i) =>
      zeroInflatedGammaLoss(t, spike(i), part('concentration', i), 1 / part('rate', i)),
    zero_inflated_log_normal: (t, i) =>
      zeroInflatedLogNormalLoss(t, spike(i), part('mean', i), part('variance', i)),
    zero_inflated_log_student: (t, i) =>
      zeroInflatedLogStudentLoss(t, spike(i), {
        degrees: part('degrees', i),
        mean: part('mean', i),
        scale: part('variance', i),
      }),
  }

  it.each(Object.keys(values))('%s', (name) => {
    const found = Array.from(responses.trials.values, (t, i) => LIKELIHOODS[name]?.(t, i) ?? NaN)
    expectClose(name, found, values[name] ?? [], TOLERANCE)
  })
})
