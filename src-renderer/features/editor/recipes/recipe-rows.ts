import type { RecipePlanView } from '../../../../src-shared/contract/calls/recipe.ts'
import { optionName } from '../../../../src-shared/schema/option-names.ts'
import type { TableColumn } from '../../../ui/table/table-column.ts'
import { columnWidth } from '../../../ui/table/table-column.ts'

export type PlannedRow = RecipePlanView['runs'][number] & { readonly key: string }

/** Statuses of runs that are not queued again. */
const THERE: ReadonlySet<string> = new Set(['finished', 'queued', 'preparing', 'running', 'stopping'])

const isThere = ({ status }: { readonly status: string | null }): boolean =>
  status !== null && THERE.has(status)

export const rowsOf = (plan: RecipePlanView): readonly PlannedRow[] =>
  plan.runs.map((run, i) => ({ ...run, key: String(i) }))

/** An axis is named by the key or the path of its option, which the form has a word for; other names are a recipe's own. */
function axisWord(axis: string, plan: RecipePlanView): string {
  const paths = plan.runs.flatMap(({ changes }) => changes.map(({ path }) => path))
  const path = paths.find((p) => p === axis || p.endsWith(`.${axis}`))
  return path === undefined ? axis : optionName(path)
}

/** A column per axis, else the name of the variant; then seed and what is there. */
export function planColumns(plan: RecipePlanView): readonly TableColumn<PlannedRow>[] {
  const axes = [...new Set(plan.runs.flatMap((run) => Object.keys(run.choices)))]
  const isWritten = plan.runs.some((run) => Object.keys(run.choices).length === 0)
  const name: TableColumn<PlannedRow> = { id: 'name', label: 'Run', value: (run) => run.name, width: 18 }
  return [
    ...(isWritten ? [name] : []),
    ...axes.map((axis) => {
      const label = axisWord(axis, plan)
      const value = (run: PlannedRow): string | null => run.choices[axis] ?? null
      return { id: `axis ${axis}`, label, value, width: columnWidth(label) }
    }),
    { id: 'seed', label: 'Seed', value: (run) => run.seed, isNumber: true, width: 6 },
    { id: 'status', label: 'Exists', value: (run) => run.status ?? 'new', width: 8 },
  ]
}

/** "12 runs, 3 exist already, 9 to queue." */
export function planText(plan: RecipePlanView): string {
  const count = plan.runs.length
  const there = plan.runs.filter(isThere).length
  const merged = plan.runs.reduce((n, run) => n + run.also.length, 0)
  const parts = [
    `${count} ${count === 1 ? 'run' : 'runs'}`,
    ...(there > 0
      ? [`${there} ${there === 1 ? 'exists' : 'exist'} already`, `${count - there} to queue`]
      : []),
    ...(plan.excluded > 0 ? [`${plan.excluded} left out`] : []),
    ...(merged > 0 ? [`${merged} the same as another one`] : []),
  ]
  return `${parts.join(', ')}.`
}

/** Why nothing of a plan can be queued; empty when something can. */
export function planObstacle({ problems, runs }: RecipePlanView): string {
  if (problems.length > 0) return 'Mend the problems first'
  if (runs.length === 0) return 'There are no runs in this plan'
  return runs.every(isThere) ? 'All these runs exist already' : ''
}

/** What the button that queues says. */
export function queueLabel(plan: RecipePlanView | null): string {
  if (plan === null || plan.runs.length === 0) return 'Queue the runs'
  const there = plan.runs.filter(isThere).length
  const missing = plan.runs.length - there
  if (there > 0 && missing > 0) return `Queue ${missing} missing ${missing === 1 ? 'run' : 'runs'}`
  return missing === 1 ? 'Queue the run' : `Queue ${missing} runs`
}
