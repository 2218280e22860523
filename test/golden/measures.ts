import {
  correlation,
  correlationForLoss,
  correlationPerUnit,
  correlationSampleDeviation,
  correlationToAverage,
} from '../../src-main/engine/eval/measures/correlation.ts'
import {
  explainableVariance,
  fev,
  feve,
  feveAbove,
  fractionOracle,
  gini,
  oracleConservative,
  oracleJackknife,
  signalToNoise,
} from '../../src-main/engine/eval/measures/reliability.ts'
import {
  repeatPerTrial,
  repeatsOfImages,
  type RepeatedResponses,
} from '../../src-main/engine/eval/measures/repeated-responses.ts'
import { LOG_GUARD, lossPerUnit, poisson } from '../../src-main/engine/eval/measures/response-losses.ts'
import {
  matrixOfRows,
  unitColumn,
  type ResponseMatrix,
} from '../../src-main/engine/eval/measures/response-matrix.ts'
import { poolScores, type UnitScores } from '../../src-main/engine/eval/measures/unit-scores.ts'
import { filesOf } from './compare-exact.ts'
import { type GoldenCase, type GoldenOutcome, notComparable } from './golden-case.ts'
import { goldenTensor, type GoldenFile } from './read-golden.ts'

export const area = 'measures'

interface MeasuresFile {
  readonly split: number
  /** Added to the argument of the logarithm in Poisson scores. */
  readonly poisson_eps?: number
  readonly tolerance: { readonly rtol: number; readonly atol: number }
  readonly results: Readonly<Record<string, unknown>>
  readonly ragged_results?: Readonly<Record<string, unknown>>
}

interface Inputs {
  readonly responses: RepeatedResponses
  /** [images, units] */
  readonly perImage: ResponseMatrix
  /** [trials, units] */
  readonly perTrial: ResponseMatrix
  readonly split: number
}

type Answer = number | ArrayLike<number>
type Compute = (inputs: Inputs) => Answer

/** Units from .. to of a session. */
function unitRange(scores: UnitScores, from: number, to: number): UnitScores {
  return { values: scores.values.slice(from, to), defined: scores.defined.slice(from, to) }
}

/** Mean over all units of both sessions, kept NaN where the published one is not finite. */
function sessionMean(scores: UnitScores, split: number): number {
  const pooled = poolScores([unitRange(scores, 0, split), unitRange(scores, split, scores.values.length)])
  return pooled.count < scores.values.length ? NaN : pooled.mean
}

const columns = (matrix: ResponseMatrix): Float64Array[] =>
  Array.from({ length: matrix.units }, (_, unit) => unitColumn(matrix, unit))

const rows = (matrix: ResponseMatrix): Float64Array[] =>
  Array.from({ length: matrix.rows }, (_, i) =>
    Float64Array.from(matrix.values.slice(i * matrix.units, (i + 1) * matrix.units)),
  )

type Pairwise = (a: ArrayLike<number>, b: ArrayLike<number>) => number

const byUnit =
  (measure: Pairwise): ((inputs: Inputs) => number[]) =>
  ({ responses, perTrial }) => {
    const predicted = columns(perTrial)
    return columns(responses.trials).map((column, unit) => measure(column, predicted[unit] as Float64Array))
  }

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

const SCORES: Readonly<Record<string, (inputs: Inputs) => UnitScores>> = {
  get_correlations: ({ responses, perTrial }) => correlationPerUnit(responses.trials, perTrial),
  get_avg_correlations: ({ responses, perImage }) => correlationToAverage(responses, perImage),
  get_oracles: ({ responses }) => oracleJackknife(responses),
  get_oracles_corrected: ({ responses }) => oracleConservative(responses),
  get_explainable_var: ({ responses }) => explainableVariance(responses),
  get_FEV: ({ responses, perImage }) => feve(responses, perImage),
  snr: ({ responses }) => signalToNoise(responses),
  fev: ({ responses }) => fev(responses),
}

const score = (name: string): ((inputs: Inputs) => UnitScores) => {
  const found = SCORES[name]
  if (found === undefined) throw new Error(`no score ${name}`)
  return found
}

const unitsOf =
  (name: string): Compute =>
  (inputs) =>
    score(name)(inputs).values

const PLAIN: Readonly<Record<string, Compute>> = {
  corr_per_neuron_raw: byUnit(correlation),
  corr_torch_per_neuron_raw: byUnit(correlationSampleDeviation),
  corr_module: byUnit(correlationForLoss),
  avg_corr_module: (inputs) => -average(byUnit(correlationForLoss)(inputs)),
  corr_axis_last_default: ({ responses, perTrial }) => {
    const predicted = rows(perTrial)
    return rows(responses.trials).map((row, i) => correlation(row, predicted[i] as Float64Array))
  },
  corr_all_axes: ({ responses, perTrial }) => correlation(responses.trials.values, perTrial.values),
  oracle_conservative: unitsOf('get_oracles_corrected'),
  oracle_jackknife: unitsOf('get_oracles'),
  explainable_var: unitsOf('get_explainable_var'),
  fev_explainable_fraction: unitsOf('fev'),
  fev_explained_fraction: unitsOf('get_FEV'),
  snr: unitsOf('snr'),
  monitored_oracle: unitsOf('get_oracles'),
  monitored_oracle_corrected: unitsOf('get_oracles_corrected'),
  monitored_explainable_var: unitsOf('get_explainable_var'),
  monitored_fev: unitsOf('fev'),
  monitored_feve: unitsOf('get_FEV'),
  gini_flat: ({ perImage }) => gini(perImage.values),
  gini_axis0: ({ perImage }) => columns(perImage).map(gini),
}

/** Names that carry a number or a choice in them. */
const PATTERNS: readonly (readonly [RegExp, (match: RegExpExecArray) => Compute])[] = [
  [
    /^snr_mean_neurons_(\d+)_on$/,
    (m) => (inputs) => average([...score('snr')(inputs).values].slice(Number(m[1]))),
  ],
  [/^get_poisson_loss_per_neuron_avg([01])$/, (m) => (inputs) => poissonOf(inputs, m[1] === '1').values],
  [/^get_poisson_loss_scalar_avg([01])$/, (m) => (inputs) => poissonScalar(inputs, m[1] === '1')],
  [
    /^get_FEV_threshold([0-9.]+)_per_neuron$/,
    (m) => (inputs) => masked(inputs, Number(m[1])).filter((v) => !Number.isNaN(v)),
  ],
  [
    /^get_FEV_threshold([0-9.]+)_scalar$/,
    (m) => (inputs) => average(masked(inputs, Number(m[1])).filter((v) => !Number.isNaN(v))),
  ],
  [/^(get_\w+)_per_neuron$/, (m) => unitsOf(m[1] as string)],
  [/^(get_\w+)_scalar$/, (m) => (inputs) => sessionMean(score(m[1] as string)(inputs), inputs.split)],
]

const masked = ({ responses, perImage }: Inputs, threshold: number): number[] => [
  ...feveAbove(responses, perImage, threshold).values,
]

const poissonOf = ({ responses, perTrial }: Inputs, mean: boolean): UnitScores =>
  lossPerUnit(responses.trials, perTrial, poisson, mean ? 'mean' : 'sum')

/** Summed losses are summed over units too. */
function poissonScalar(inputs: Inputs, mean: boolean): number {
  const perUnit = [...poissonOf(inputs, mean).values]
  return mean ? average(perUnit) : average(perUnit) * perUnit.length
}

function computeFor(name: string): Compute | null {
  if (Object.hasOwn(PLAIN, name)) return PLAIN[name] ?? null
  for (const [pattern, make] of PATTERNS) {
    const match = pattern.exec(name)
    if (match !== null) return make(match)
  }
  return null
}

/** Slope of correlation on oracle over a range of units. */
function fractionOutcome(
  inputs: Inputs,
  expected: Readonly<Record<string, unknown>>,
  file: MeasuresFile,
): GoldenOutcome {
  const [from, to] = expected['neurons'] as [number, number]
  const part = (name: string): Float64Array => score(name)(inputs).values.slice(from, to)
  const correlations = part('get_correlations')
  const actual = [
    fractionOracle(correlations, part('get_oracles')),
    fractionOracle(correlations, part('get_oracles_corrected')),
  ]
  return compare(actual, [expected['jackknife'], expected['corrected']], file)
}

/**
 * Values to the stated tolerance; null is not compared. Where the published value is not finite (division by a variance
 * of zero) ours marks the unit as undefined with NaN.
 */
function compare(
  actual: Answer,
  expected: unknown,
  { tolerance: { rtol, atol } }: MeasuresFile,
): GoldenOutcome {
  const ours = typeof actual === 'number' ? [actual] : Array.from(actual)
  const wanted = (Array.isArray(expected) ? expected : [expected]) as (number | null)[]
  const tolerance = `rtol ${rtol}, atol ${atol}`
  if (ours.length !== wanted.length) {
    return {
      maxError: Infinity,
      tolerance,
      ok: false,
      detail: `${ours.length} values instead of ${wanted.length}`,
    }
  }
  let maxError = 0
  let ok = true
  wanted.forEach((value, i) => {
    if (value === null) return
    const mine = ours[i] as number
    if (!Number.isFinite(value) && (Number.isNaN(mine) || mine === value)) return
    const error = Math.abs(mine - value)
    maxError = Math.max(maxError, Number.isNaN(error) ? Infinity : error)
    if (!(error <= atol + rtol * Math.abs(value))) ok = false
  })
  return { maxError, tolerance, ok }
}

function matrixOf(file: GoldenFile, name: string): ResponseMatrix {
  const { shape, data } = goldenTensor(file, name)
  return { rows: shape[0] as number, units: shape[1] as number, values: Float64Array.from(data) }
}

/** Row i shows image i (modulo the number of images) and uses its first counts[i] repeats; without counts all of all. */
function inputsOf(file: GoldenFile, values: MeasuresFile, counts: readonly number[] | null): Inputs {
  const { shape, data } = goldenTensor(file, 'responses')
  const [images, repeats, units] = shape as [number, number, number]
  const shown = counts ?? Array.from({ length: images }, () => repeats)
  const trial = (image: number, j: number) =>
    data.slice((image * repeats + j) * units, (image * repeats + j + 1) * units)
  const responses = repeatsOfImages(
    shown.map((count, i) => Array.from({ length: count }, (_, j) => trial(i % images, j))),
  )
  const predictions = rows(matrixOf(file, 'predictions'))
  const perImage = matrixOfRows(shown.map((_, i) => predictions[i % images] as Float64Array))
  return { responses, perImage, perTrial: repeatPerTrial(perImage, responses), split: values.split }
}

function caseOf(
  file: GoldenFile,
  values: MeasuresFile,
  prefix: string,
  name: string,
  expected: unknown,
  inputs: () => Inputs,
): GoldenCase {
  const run = async (): Promise<GoldenOutcome> => {
    if (name.startsWith('fraction_oracle'))
      return fractionOutcome(inputs(), expected as Record<string, unknown>, values)
    const compute = computeFor(name)
    if (compute === null) notComparable('no measure is known under this name')
    const { poisson_eps = LOG_GUARD } = values
    if (name.includes('poisson') && poisson_eps !== LOG_GUARD)
      notComparable(`the Poisson score adds ${LOG_GUARD} to the logarithm's argument, not ${poisson_eps}`)
    return compare(compute(inputs()), expected, values)
  }
  return { name: `${file.name}/${prefix}${name}`, run }
}

/** One case per named result of every file in `<folder>/measures`. */
export async function cases(folder: string): Promise<GoldenCase[]> {
  const files = await filesOf(folder, area)
  return files.flatMap((file) => {
    const values = file.values as MeasuresFile // the format of this area
    const all = (): Inputs => inputsOf(file, values, null)
    const plain = Object.entries(values.results).map(([name, expected]) =>
      caseOf(file, values, '', name, expected, all),
    )
    const { repeats_per_image: counts, ...ragged } = values.ragged_results ?? {}
    const few = (): Inputs => inputsOf(file, values, counts as number[])
    return [
      ...plain,
      ...Object.entries(ragged).map(([name, expected]) =>
        caseOf(file, values, 'ragged/', name, expected, few),
      ),
    ]
  })
}
