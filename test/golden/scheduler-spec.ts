import type { SchedulerSpec } from '../../src-main/engine/train/schedule/scheduler.ts'

/** A bare scheduler: what its name says, what its entry may state, and the rates it must give. */
export interface SchedulerCase {
  readonly name: string
  readonly metrics: readonly (number | null)[]
  readonly initial_lr: number
  readonly lr_after_step: readonly number[]
  /** Options of the published scheduler, where the file states them. */
  readonly options?: Readonly<Record<string, unknown>>
}

const NUMBER = '([0-9.e-]+)'
const PLATEAU = new RegExp(`^plateau_(max|min)_(rel|abs)_p(\\d+)`)
const STEP = new RegExp(`^step_(\\d+)_${NUMBER}`)
/** Default of the framework's plateau scheduler. */
const THRESHOLD = 1e-4
/** Ratios of rates are powers of a factor up to rounding. */
const SAME = 1e-6

interface Drop {
  /** Scheduler steps taken, this one included. */
  readonly step: number
  readonly ratio: number
  readonly rate: number
}

function dropsOf({ initial_lr, lr_after_step }: SchedulerCase): readonly Drop[] {
  return lr_after_step.flatMap((rate, i) => {
    const before = i === 0 ? initial_lr : (lr_after_step[i - 1] as number)
    return rate === before ? [] : [{ step: i + 1, ratio: rate / before, rate }]
  })
}

const same = (a: number, b: number): boolean => Math.abs(a / b - 1) < SAME

/**
 * The scheduler of an entry. Its name says kind, mode and patience; sizes that neither name nor entry states are read off
 * the expected rates: the factor is the first drop, the floor the rate of the first smaller drop after it. What is
 * compared then is when rates drop, which they must do exactly where the published ones do.
 */
export function schedulerSpec(entry: SchedulerCase): SchedulerSpec {
  const stated = (key: string): number | undefined => entry.options?.[key] as number | undefined
  const drops = dropsOf(entry)
  const plateau = PLATEAU.exec(entry.name)
  if (plateau !== null) {
    const factor = stated('factor') ?? drops[0]?.ratio ?? 1
    return {
      kind: 'plateau',
      mode: plateau[1] as 'max' | 'min', // the pattern admits nothing else
      thresholdMode: plateau[2] as 'rel' | 'abs',
      patience: Number(plateau[3]),
      factor,
      threshold: stated('threshold') ?? THRESHOLD,
      minRate: stated('min_lr') ?? drops.find(({ ratio }) => !same(ratio, factor))?.rate ?? 0,
    }
  }
  const step = STEP.exec(entry.name)
  if (step !== null) return { kind: 'step', stepSize: Number(step[1]), factor: Number(step[2]) }
  if (entry.name.startsWith('multistep')) return milestones(entry, drops)
  throw new Error(
    `the name ${entry.name} says no scheduler: plateau_<max|min>_<rel|abs>_p<patience>, step_<size>_<factor> or multistep`,
  )
}

/** A milestone named twice drops the rate by the factor twice. */
function milestones(entry: SchedulerCase, drops: readonly Drop[]): SchedulerSpec {
  const factor = (entry.options?.['gamma'] as number | undefined) ?? Math.max(...drops.map((d) => d.ratio))
  const found = drops.flatMap(({ step, ratio }) =>
    Array<number>(Math.round(Math.log(ratio) / Math.log(factor))).fill(step),
  )
  const stated = entry.options?.['milestones'] as readonly number[] | undefined
  return { kind: 'multi-step', milestones: [...(stated ?? found)], factor }
}
