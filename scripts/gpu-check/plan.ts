/** Which engine is checked: a value of COTRAIN_ENGINE. */
export interface CheckWish {
  readonly engine: string
  /** A wheel, a folder of wheels, or the engine folder of another home; null: from the network. */
  readonly from: string | null
  /** Whether `from` is an engine that is set up. */
  readonly isSetUp: boolean
  /** Take the proofs of that engine over as well, in place of a new one. */
  readonly keepsProof: boolean
}

export type StepName = 'build' | 'set up' | 'proof' | 'golden' | 'training' | 'kill and resume' | 'bench'

export interface CheckStep {
  readonly name: StepName
  /** What is done, for people. */
  readonly does: string
  readonly limitSeconds: number
  /** Nothing after it means anything without it. */
  readonly isNeeded: boolean
}

type Outcome = 'passed' | 'failed' | 'not run'

export interface CheckResult {
  readonly name: StepName
  readonly outcome: Outcome
  readonly seconds: number
  /** One sentence: what was found, or what went wrong. */
  readonly detail: string
  /** More, as Markdown. */
  readonly more?: string
}

/** Engines that must be set up, and what `cotrain setup --engine` calls them; the others come with the packages. */
const SET_UP: Readonly<Record<string, string>> = { gpu: 'gpu', native: 'cpu' }

/** How an engine is set up; null where nothing is to be fetched. */
export function setUpWords({ engine, from, isSetUp }: CheckWish): readonly string[] | null {
  const which = SET_UP[engine]
  if (which === undefined || isSetUp) return null
  return ['setup', '--engine', which, ...(from === null ? [] : ['--from', from])]
}

/** Minutes that the limits are meant for: a card may be lent for no longer. */
export const USUAL_MINUTES = 10

/**
 * The steps in order. A step is ended at its limit, and the whole after `minutes` whatever is left to do; limits grow with
 * these, for machines that are slower than one with a card.
 */
export function checkPlan(wish: CheckWish, minutes = USUAL_MINUTES): readonly CheckStep[] {
  const words = setUpWords(wish)
  const setUp = wish.isSetUp
    ? `take the engine of ${wish.from ?? ''} into a home of its own, ${wish.keepsProof ? 'with' : 'without'} its proofs`
    : words === null
      ? `nothing: ${wish.engine} comes with the packages`
      : `cotrain ${words.join(' ')} in a home of its own, with the proof of the engine`
  const steps = [
    step('build', 'build the programs where a source is newer', 60, true),
    step('set up', setUp, 300, true),
    step(
      'proof',
      `the engine that computes is ${wish.engine}, and every operation is proved right`,
      180,
      true,
    ),
    step('golden', 'the numbers of the published code that depend on kernels', 120),
    step('training', 'one short co-training of digits and simulated V1 neurons', 90),
    step(
      'kill and resume',
      'the same again, killed with SIGKILL after its first checkpoint and resumed',
      120,
    ),
    step('bench', 'cotrain bench --quick', 120),
  ]
  const share = minutes / USUAL_MINUTES
  return steps.map((one) => ({ ...one, limitSeconds: Math.round(one.limitSeconds * share) }))
}

const step = (name: StepName, does: string, limitSeconds: number, isNeeded = false): CheckStep => ({
  name,
  does,
  limitSeconds,
  isNeeded,
})

/** Seconds that a step may take: its limit, and never more than what is left of the whole. */
export const allowance = ({ limitSeconds }: CheckStep, secondsLeft: number): number =>
  Math.max(0, Math.min(limitSeconds, secondsLeft))

/** Exit code 0 only where every step of the plan has passed. */
export const exitCode = (plan: readonly CheckStep[], results: readonly CheckResult[]): 0 | 1 =>
  plan.every(({ name }) => results.some((r) => r.name === name && r.outcome === 'passed')) ? 0 : 1

/** The weights of a run that was killed and resumed beside those of the undisturbed one. */
export interface Compared {
  readonly isEqual: boolean
  /** Largest difference of two values. */
  readonly largest: number
  /** Operations that differed between repeats when the engine was proved. */
  readonly varying: readonly string[]
  /** Times the run was started. */
  readonly starts: number
}

/** Equal bit for bit, or different where the proof names operations that vary. */
export function resumeVerdict({
  isEqual,
  largest,
  varying,
  starts,
}: Compared): Pick<CheckResult, 'outcome' | 'detail'> {
  if (starts < 2) return { outcome: 'failed', detail: 'the run was not resumed: it has one start only.' }
  if (isEqual)
    return { outcome: 'passed', detail: `killed and resumed: weights equal bit for bit (${starts} starts).` }
  const differs = `weights differ by up to ${largest.toExponential(2)}`
  if (varying.length === 0)
    return { outcome: 'failed', detail: `${differs}, although the proof names no operation that varies.` }
  return {
    outcome: 'passed',
    detail: `${differs}; the proof names operations that vary: ${varying.join(', ')}.`,
  }
}

/** The report as Markdown. */
export function reportText(
  head: readonly string[],
  plan: readonly CheckStep[],
  results: readonly CheckResult[],
): string {
  const rows = plan.map(({ name, limitSeconds }) => {
    const found = results.find((result) => result.name === name)
    const { outcome, seconds, detail } = found ?? { outcome: 'not run', seconds: 0, detail: '' }
    return `| ${name} | ${outcome} | ${seconds.toFixed(1)} | ${limitSeconds} | ${cell(detail)} |`
  })
  const total = results.reduce((sum, { seconds }) => sum + seconds, 0)
  const verdict = exitCode(plan, results) === 0 ? 'All steps passed' : 'Not all steps passed'
  const more = results.flatMap(({ name, more: text }) =>
    text === undefined ? [] : ['', `## ${name}`, '', text],
  )
  return [
    '# Check of an engine',
    '',
    ...head.map((line) => `- ${line}`),
    `- ${verdict}, in ${total.toFixed(0)} s`,
    '',
    '| step | outcome | s | limit, s | what was found |',
    '| --- | --- | ---: | ---: | --- |',
    ...rows,
    ...more,
    '',
  ].join('\n')
}

const cell = (text: string): string => text.replaceAll('|', '/').replace(/\s*\n\s*/g, ' ')
