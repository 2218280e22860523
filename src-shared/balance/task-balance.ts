import type { BalanceSide, TaskBalance } from '../contract/balance.ts'
import { studentQuantile } from '../util/student-t.ts'
import { adviceFor } from './balance-advice.ts'
import type { BalanceOptions } from './balance-advice.ts'

/** A curve of a run: places in epochs, and the values there. */
export interface BalanceCurve {
  readonly epoch: readonly number[]
  readonly value: readonly number[]
}

export interface Recorded {
  /** Norms of the gradient of the neural part of a step, and of that of classification. */
  readonly neural: BalanceCurve
  readonly classification: BalanceCurve
  /** Whether they are over the layers that both share; else each holds its task's own readouts as well. */
  readonly isShared: boolean
  /** Cosine between both over the parameters that they share. */
  readonly cosine: BalanceCurve
  /** Learned weights of the losses at the end. */
  readonly weights: Readonly<Record<string, number>>
}

/** A gradient that is less than twice the other leaves that one a say of its own in each step. */
const DOMINANT = 2
/** Fewer epochs make no interval worth its name. */
const LEAST_EPOCHS = 3
/** A mean says nothing of a run that swings from one side to the other: so many of its epochs have to be where the mean is. */
const MOST = 0.8
/** Cosines up to this are taken for unrelated. */
const UNRELATED = 0.1
const CONFIDENCE = 0.95

/**
 * Which task moves the network that both share. A step adds the gradients of its tasks; their norms and the cosine between them are recorded some fifty
 * times an epoch. Points of one epoch are much alike, so each epoch counts once, by its mean (of logarithms for the ratio); intervals are Student's over epochs. One
 * task dominates where the whole interval is beyond a factor of two; both are balanced where it is within and four in five epochs are too; else the epochs do not
 * settle it. An interval of the cosine that holds 0 says "unrelated" only where it is narrow, by the same share of epochs; else it says nothing.
 */
export function taskBalance(recorded: Recorded, options: BalanceOptions): TaskBalance {
  const ratios = byEpoch(ratioOf(recorded), Math.log)
  const cosines = byEpoch(recorded.cosine, (value) => value)
  const logRatio = interval([...ratios.values()])
  const cosine = interval([...cosines.values()])
  const ratio = logRatio && { mean: Math.exp(logRatio.mean), low: Math.exp(logRatio.low), high: Math.exp(logRatio.high) } // prettier-ignore
  const verdict = verdictOf(ratio, [...ratios.values()])
  const side = verdict === 'neural' || verdict === 'img_classification' ? verdict : null
  const since = side === null ? null : sinceOf(ratios, side)
  const direction = directionOf(cosine, [...cosines.values()])
  return {
    verdict,
    text: textOf({
      verdict,
      ratio,
      since,
      epochs: ratios.size,
      what: recorded.isShared ? 'the shared layers' : 'the weights',
    }),
    ratio,
    since,
    cosine,
    direction,
    directionText: directionText(direction, cosine),
    weights: { ...recorded.weights },
    advice: adviceFor(side, direction, options),
    epochs: [...new Set([...ratios.keys(), ...cosines.keys()])]
      .toSorted((a, b) => a - b)
      .map((epoch) => {
        const log = ratios.get(epoch)
        return { epoch, ratio: log === undefined ? null : Math.exp(log), cosine: cosines.get(epoch) ?? null }
      }),
  }
}

/** Both norms are of the same steps; a step with only one, or with a norm of 0, has no ratio. */
function ratioOf({ neural, classification }: Recorded): BalanceCurve {
  const other = new Map(classification.epoch.map((epoch, i) => [epoch, classification.value[i]!]))
  const both = neural.epoch.flatMap((epoch, i) => {
    const [a, b] = [neural.value[i]!, other.get(epoch) ?? 0]
    return a > 0 && b > 0 ? [{ epoch, value: a / b }] : []
  })
  return { epoch: both.map(({ epoch }) => epoch), value: both.map(({ value }) => value) }
}

/** Mean of each epoch (from 1) of what `of` makes of the values. A place of 2 is the end of the second epoch. */
function byEpoch({ epoch, value }: BalanceCurve, of: (value: number) => number): ReadonlyMap<number, number> {
  const sums = new Map<number, { sum: number; count: number }>()
  epoch.forEach((place, i) => {
    const one = of(value[i]!)
    if (!Number.isFinite(one)) return
    const at = Math.max(1, Math.ceil(place))
    const { sum, count } = sums.get(at) ?? { sum: 0, count: 0 }
    sums.set(at, { sum: sum + one, count: count + 1 })
  })
  return new Map([...sums].map(([at, { sum, count }]) => [at, sum / count]))
}

interface Bounded {
  readonly mean: number
  readonly low: number
  readonly high: number
}

function interval(values: readonly number[]): Bounded | null {
  if (values.length < LEAST_EPOCHS) return null
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1)
  const half = studentQuantile((1 + CONFIDENCE) / 2, values.length - 1) * Math.sqrt(variance / values.length)
  return { mean, low: mean - half, high: mean + half }
}

/** Whether most epochs, not their mean alone, are at most so far from 0. */
const mostWithin = (values: readonly number[], limit: number): boolean =>
  values.filter((value) => Math.abs(value) < limit).length >= MOST * values.length

function verdictOf(ratio: Bounded | null, logs: readonly number[]): TaskBalance['verdict'] {
  if (ratio === null) return 'unknown'
  if (ratio.low > DOMINANT) return 'neural'
  if (ratio.high < 1 / DOMINANT) return 'img_classification'
  const isWithin = ratio.low > 1 / DOMINANT && ratio.high < DOMINANT
  return isWithin && mostWithin(logs, Math.log(DOMINANT)) ? 'balanced' : 'unsettled'
}

/** The first epoch from which on every one is beyond the factor. */
function sinceOf(ratios: ReadonlyMap<number, number>, side: BalanceSide): number | null {
  const limit = Math.log(DOMINANT)
  const isBeyond = (log: number): boolean => (side === 'neural' ? log > limit : log < -limit)
  let since: number | null = null
  for (const [epoch, log] of [...ratios].toSorted(([a], [b]) => a - b))
    since = isBeyond(log) ? (since ?? epoch) : null
  return since
}

function directionOf(cosine: Bounded | null, values: readonly number[]): TaskBalance['direction'] {
  if (cosine === null) return 'unknown'
  if (cosine.low > 0) return 'together'
  if (cosine.high < 0) return 'apart'
  const isNarrow = cosine.low > -UNRELATED && cosine.high < UNRELATED
  return isNarrow && mostWithin(values, UNRELATED) ? 'unrelated' : 'unknown'
}

const times = (factor: number): string => factor.toPrecision(2)
const range = ({ low, high }: Bounded): string => `95 % interval over epochs ${times(low)} to ${times(high)}`

interface Found {
  readonly verdict: TaskBalance['verdict']
  readonly ratio: Bounded | null
  readonly since: number | null
  readonly epochs: number
  /** What is moved. */
  readonly what: string
}

function textOf({ verdict, ratio, since, epochs, what }: Found): string {
  if (epochs === 0)
    return 'No gradients of two tasks were recorded: only runs that train classification and responses together have them.'
  if (ratio === null)
    return `${epochs === 1 ? 'One epoch says' : `${epochs} epochs say`} too little; from ${LEAST_EPOCHS} on there is an interval.`
  const inverse = { mean: 1 / ratio.mean, low: 1 / ratio.high, high: 1 / ratio.low }
  const from =
    since === null
      ? ', though not in the last epochs'
      : since <= 1
        ? ', from the first epoch on'
        : `, since epoch ${since}`
  switch (verdict) {
    case 'neural':
      return `The neurons move ${what}: their gradient is ${times(ratio.mean)} times that of classification (${range(ratio)})${from}.`
    case 'img_classification':
      return `Classification moves ${what}: its gradient is ${times(inverse.mean)} times that of the neurons (${range(inverse)})${from}.`
    case 'balanced':
      return `Both tasks move ${what}: the neurons' gradient is ${times(ratio.mean)} times that of classification (${range(ratio)}).`
    default:
      return `It is not settled which task moves ${what}: the neurons' gradient is ${times(ratio.mean)} times that of classification, but the epochs differ (${range(ratio)}).`
  }
}

function directionText(direction: TaskBalance['direction'], cosine: Bounded | null): string {
  if (cosine === null) return ''
  const evidence = `cosine ${cosine.mean.toFixed(3)}, 95 % interval over epochs ${cosine.low.toFixed(3)} to ${cosine.high.toFixed(3)}`
  if (direction === 'together') return `They pull the shared layers the same way (${evidence}).`
  if (direction === 'apart')
    return `They pull the shared layers apart: what one task gains there costs the other (${evidence}).`
  if (direction === 'unrelated') return `They pull the shared layers in unrelated directions (${evidence}).`
  return `Whether they pull the shared layers together or apart cannot be told: the epochs differ (${evidence}).`
}
