import type { RecipePlanView } from '../../../../src-shared/contract/calls/recipe.ts'
import { blockedHint, blockedText, waitsText } from '../../../../src-shared/contract/blocked-words.ts'
import { formatProblem } from '../../../../src-shared/contract/errors.ts'
import { asTable, duration } from './output.ts'

type Row = RecipePlanView['runs'][number]

/** The runs of a recipe as a table, those of a graph as a tree of its steps; then what they come to, and what is wrong. */
export function planText(plan: RecipePlanView): string {
  const { runs, problems, excluded, name, steps } = plan
  const left = excluded === 0 ? '' : `, ${excluded} variants left out`
  const body =
    steps.length > 0 ? steps.flatMap((step) => stepLines(plan, step)) : runs.length > 0 ? [flat(runs)] : []
  return [
    ...body,
    ...(body.length > 0 ? [''] : []),
    `${name}: ${runs.length} runs (${countsOf(runs)})${left}${costOf(runs)}.`,
    ...blocks(runs),
    ...problems.map((problem) => formatProblem(problem)),
  ].join('\n')
}

const flat = (runs: readonly Row[]): string =>
  asTable(
    ['id', 'name', 'seed', 'status'],
    runs.map((run) => [run.id?.slice(0, 10) ?? '', run.name, String(run.seed), run.status ?? 'new']),
  )

function stepLines({ steps, runs }: RecipePlanView, step: RecipePlanView['steps'][number]): string[] {
  const own = runs.filter((run) => run.step === step.name)
  const titles = step.after.map((name) => steps.find((one) => one.name === name)?.title ?? name)
  const after = titles.length === 0 ? '' : ` (on ${titles.join(', ')})`
  const indent = '  '.repeat(step.depth)
  return [
    `${indent}${step.title}${after}: ${countsOf(own)}`,
    ...own.map((run) => {
      const label = run.label === '' ? '' : `${run.label}, `
      const id = run.id === null ? '' : `  ${run.id.slice(0, 10)}`
      return `${indent}  ${label}seed ${run.seed}: ${stateText(run)}${id}`
    }),
  ]
}

/** What a run is doing, or why it cannot. */
export function stateText({
  status,
  blockedBy,
  waitsFor,
}: Pick<Row, 'status' | 'blockedBy' | 'waitsFor'>): string {
  if (status !== null) return status
  if (blockedBy !== null) return blockedText(blockedBy)
  return waitsFor.length > 0 ? waitsText(waitsFor) : 'new'
}

function wordOf({ status, blockedBy, waitsFor }: Row): string {
  if (status !== null) return status
  return blockedBy !== null ? 'blocked' : waitsFor.length > 0 ? 'waiting' : 'new'
}

function countsOf(runs: readonly Row[]): string {
  const count = new Map<string, number>()
  for (const run of runs) count.set(wordOf(run), (count.get(wordOf(run)) ?? 0) + 1)
  return [...count].map(([word, n]) => `${n} ${word}`).join(', ')
}

/** Time of what is not finished, as far as it is known. */
function costOf(runs: readonly Row[]): string {
  const open = runs.filter(({ status }) => status !== 'finished')
  const known = open.flatMap(({ seconds }) => seconds ?? [])
  if (known.length === 0) return ''
  const rest = known.length === open.length ? '' : ` for ${known.length} of ${open.length}`
  return `, about ${duration(known.reduce((a, b) => a + b, 0))} to go${rest}`
}

/** Each run that blocks others once, with what to do. */
function blocks(runs: readonly Row[]): string[] {
  const all = new Map(
    runs.flatMap(({ blockedBy }) => (blockedBy === null ? [] : [[blockedBy.id, blockedBy] as const])),
  )
  return [...all.values()].map((by) => `${blockedText(by)}. ${blockedHint(by)}`)
}
