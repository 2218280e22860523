import type { SchedulerSpec } from '../../src-main/engine/train/schedule/scheduler.ts'
import { caseOptions, type CaseOptions, type PlainOptions } from './case-options.ts'
import { notComparable } from './golden-case.ts'

/** A bare scheduler: what it is, its options under torch's names, and the rates it must give. */
export interface SchedulerCase {
  readonly name: string
  readonly metrics: readonly (number | null)[]
  readonly initial_lr: number
  readonly lr_after_step: readonly number[]
  /** Class of torch, where the file states it; else its options or the first word of its name tell. */
  readonly scheduler?: string
  readonly options?: PlainOptions
}

type Kind = 'plateau' | 'step' | 'multistep'

/** torch's classes and short names -> kind; an option that only one class has tells as much. */
const KINDS: readonly (readonly [kind: Kind, name: RegExp, option: string])[] = [
  ['multistep', /^multi[-_]?step/i, 'milestones'],
  ['plateau', /plateau/i, 'patience'],
  ['step', /^step/i, 'step_size'],
]

/**
 * The scheduler of an entry, from its options; what they leave out is torch's default. An entry without options is read
 * by the words of its name where those say everything (`step_3_0.5`) and is skipped where they do not.
 */
export function schedulerSpec(entry: SchedulerCase): SchedulerSpec {
  const options = entry.options ?? optionsInName(entry.name)
  const kind = kindOf(entry, options)
  const o = caseOptions(entry.name, options)
  const spec = { plateau, step, multistep }[kind](o)
  for (const key of ['last_epoch', 'verbose']) o.raw(key) // say nothing about the rates
  o.finish()
  return spec
}

function kindOf({ name, scheduler }: SchedulerCase, options: PlainOptions): Kind {
  const stated = scheduler === undefined ? undefined : KINDS.find(([, pattern]) => pattern.test(scheduler))
  if (scheduler !== undefined && stated === undefined)
    notComparable(`no scheduler ${scheduler} is built here`)
  const found =
    stated ??
    KINDS.find(([, , option]) => option in options) ??
    KINDS.find(([, pattern]) => pattern.test(name))
  return found?.[0] ?? notComparable(`neither options nor name (${name}) say which scheduler this is`)
}

const STEP_NAME = /^step_(\d+)_([0-9.e-]+)$/

function optionsInName(name: string): PlainOptions {
  const step = STEP_NAME.exec(name)
  if (step !== null) return { step_size: Number(step[1]), gamma: Number(step[2]) }
  return notComparable('the file states no options of this scheduler, and its rates are what is compared')
}

/** Defaults of torch.optim.lr_scheduler.ReduceLROnPlateau. */
function plateau(o: CaseOptions): SchedulerSpec {
  const eps = o.number('eps', 1e-8)
  if (eps !== 1e-8) notComparable(`a least change of the rate of ${eps} is not offered, only 1e-8`)
  return {
    kind: 'plateau',
    mode: oneOf(o.text('mode', 'min'), ['min', 'max']),
    factor: o.number('factor', 0.1),
    patience: o.number('patience', 10),
    threshold: o.number('threshold', 1e-4),
    thresholdMode: oneOf(o.text('threshold_mode', 'rel'), ['rel', 'abs']),
    cooldown: o.number('cooldown', 0),
    minRate: o.number('min_lr', 0),
  }
}

function oneOf<T extends string>(value: string, allowed: readonly T[]): T {
  return allowed.find((name) => name === value) ?? notComparable(`${value} is none of ${allowed.join(', ')}`)
}

/** Default of torch's step schedulers. */
const GAMMA = 0.1

function step(o: CaseOptions): SchedulerSpec {
  const stepSize = o.number('step_size', NaN)
  if (Number.isNaN(stepSize)) notComparable('step_size has no default, and the file does not state it')
  return { kind: 'step', stepSize, factor: o.number('gamma', GAMMA) }
}

function multistep(o: CaseOptions): SchedulerSpec {
  const milestones = o.raw('milestones')
  if (!Array.isArray(milestones))
    return notComparable('milestones have no default, and the file does not state them')
  return { kind: 'multi-step', milestones: milestones.map(Number), factor: o.number('gamma', GAMMA) }
}
