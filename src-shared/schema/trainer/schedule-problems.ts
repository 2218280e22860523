import type { Problem } from '../../contract/errors.ts'

interface Schedule {
  readonly scheduler?: string
  readonly scheduler_options?: { readonly milestones: readonly number[] }
  readonly interval: number
  readonly max_iter: number
  readonly lr_warmup?: number
}

interface OptimizerGroups {
  readonly optimizer: string
  readonly optimizer_options: Readonly<Record<string, unknown>>
  readonly specific_opt_options: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

const invalid = (path: string, message: string, hint: string): Problem => ({
  code: 'config-invalid',
  path,
  message,
  hint,
})

/** Numbers of a schedule that training never comes to. */
export function scheduleProblems(schedule: Schedule): readonly Problem[] {
  const { interval, max_iter: epochs } = schedule
  if (epochs > 0 && interval > epochs) {
    return [
      invalid(
        'interval',
        `is ${interval}, more than the ${epochs} epochs of max_iter: nothing would be evaluated in between.`,
        `Use ${epochs} or less.`,
      ),
    ]
  }
  return schedule.scheduler === 'manual' ? milestoneProblems(schedule) : []
}

/**
 * The rate drops after the m-th evaluation that the schedule counts: those of the warm-up are not counted, and after the
 * last one nothing is trained any more.
 */
function milestoneProblems(schedule: Schedule): readonly Problem[] {
  const { interval, max_iter: epochs, lr_warmup: warmUp = 0, scheduler_options: options } = schedule
  const path = 'scheduler_options.milestones'
  const milestones = options?.milestones ?? []
  if (milestones.length === 0) {
    return [
      invalid(path, 'the manual scheduler has no milestones.', 'Name the epochs at which the rate drops.'),
    ]
  }
  if (milestones.some((m, i) => m < (milestones[i - 1] ?? 0)))
    return [invalid(path, 'the milestones do not rise.', 'Write them in ascending order.')]
  const first = Math.max(1, Math.ceil(warmUp / interval))
  const last = Math.ceil(epochs / interval) - first
  return milestones
    .filter((milestone) => milestone > last)
    .map((milestone) =>
      invalid(
        path,
        `milestone ${milestone} has no effect: ${whyNever(schedule)}.`,
        last < 1 ? 'Train longer, or take the scheduler out.' : `Use 1 to ${last}, or train longer.`,
      ),
    )
}

function whyNever({ interval, max_iter: epochs, lr_warmup: warmUp = 0 }: Schedule): string {
  const evaluated = interval === 1 ? '' : `, evaluated every ${interval}`
  const warm = warmUp > 1 ? `, the first ${warmUp} of which warm up` : ''
  return `training ends after ${epochs} epochs${evaluated}${warm}`
}

/** Options of a parameter group that its optimizer does not read, or that say nothing. */
export function groupProblems(config: OptimizerGroups): readonly Problem[] {
  const { optimizer, specific_opt_options: groups, optimizer_options: common } = config
  const isSgd = optimizer === 'SGD'
  const unread = isSgd ? ['betas', 'eps'] : ['momentum']
  return Object.entries(groups).flatMap(([name, options]) => {
    const path = `specific_opt_options.${name}`
    const given = Object.entries(options).filter(([key, value]) => key !== 'params' && value !== undefined)
    const problems = given
      .filter(([key]) => unread.includes(key))
      .map(([key]) =>
        invalid(
          `${path}.${key}`,
          `${optimizer} does not read this option.`,
          'Remove it, or choose another optimizer.',
        ),
      )
    const isSame = given.every(([key, value]) => JSON.stringify(common[key]) === JSON.stringify(value))
    return isSame
      ? [invalid(path, 'has the options that all parameters have.', 'Give it others, or remove it.')]
      : problems
  })
}
