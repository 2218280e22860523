import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { mtlCycle, mtlCycleLength } from './mtl-cycler.ts'
import { ratioAt, type RatioRule, type RatioSchedule } from './ratio.ts'
import { sessionCycle, sessionCycleLength } from './session-cycler.ts'
import type { CycleStep, TaskSources } from './source.ts'

/** Arguments of all cyclers under their published names. */
export interface CyclerArgs {
  readonly grad_accum_step?: number
  readonly main_key?: string
  readonly ratio?: number | RatioSchedule
  readonly rule?: RatioRule
}

/** A cycler ready for any epoch (from 1). */
export interface Cycler {
  epoch<B>(tasks: TaskSources<B>, epoch: number): AsyncGenerator<CycleStep<B>>
  /** `actual` batches of an epoch and the number the published code reports. */
  length<B>(tasks: TaskSources<B>, epoch: number): { actual: number; reported: number }
}

type Builder = (args: CyclerArgs) => Cycler

const sessions =
  (rounds: 'longest' | 'shortest'): Builder =>
  (args) => {
    const options = { rounds, gradAccumStep: args.grad_accum_step ?? 0 }
    return {
      epoch: (tasks) => sessionCycle(tasks, options),
      length: (tasks) => {
        const actual = sessionCycleLength(tasks, options)
        return { actual, reported: actual }
      },
    }
  }

const multiTask: Builder = (args) => {
  const options = (epoch: number) => ({
    mainTask: args.main_key ?? 'img_classification',
    ratio: ratioAt(args.ratio ?? 1, epoch),
    rule: args.rule ?? 'accumulate',
  })
  return {
    epoch: (tasks, epoch) => mtlCycle(tasks, options(epoch)),
    length: (tasks, epoch) => mtlCycleLength(tasks, options(epoch)),
  }
}

const BUILDERS: Readonly<Record<string, Builder>> = {
  MTL_Cycler: multiTask,
  LongCycler: sessions('longest'),
  ShortCycler: sessions('shortest'),
}

/** The cycler of a published name. @throws CotrainError for any other name. */
export function buildCycler(name: string, args: CyclerArgs = {}): Cycler {
  const build = Object.hasOwn(BUILDERS, name) ? BUILDERS[name] : undefined
  if (build !== undefined) return build(args)
  throw new CotrainError({
    code: 'config-invalid',
    path: 'trainer.train_cycler',
    message: `there is no cycler "${name}".`,
    hint: `Use one of ${Object.keys(BUILDERS).join(', ')}.`,
  })
}
