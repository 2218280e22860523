import { screen, within } from '@testing-library/dom'
import CompareView from '../../../../src-renderer/features/compare/CompareView.vue'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { FakeService } from '../../../support/fake-service.ts'
import type { Answers, Shown, Showing } from '../../../support/show.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { inApp } from '../in-app.ts'
import { COMPARISON, RUNS } from './small-comparison.ts'

export const IDS = RUNS.map((r) => r.id)
export const ALL = `/compare?runs=${IDS.join(',')}`
/** The comparison of some of the runs. */
export const tableOf: FakeService['compare.table'] = ({ ids, baseline, source }) => {
  const kept = <T>(values: readonly T[]): T[] => values.filter((_, i) => ids.includes(IDS[i] ?? ''))
  return {
    ...COMPARISON,
    runs: kept(RUNS),
    baseline,
    source,
    differences: COMPARISON.differences.map((d) => ({
      ...d,
      values: kept(d.values),
      defaults: kept(d.defaults),
    })),
    metrics: COMPARISON.metrics.map((m) => ({ ...m, values: kept(m.values), deltas: kept(m.deltas) })),
    groups: COMPARISON.groups.filter((g) => g.ids.some((id) => ids.includes(id))),
  }
}
const answers: Answers = {
  'runs.list': () => ({ total: RUNS.length, runs: RUNS }),
  'compare.table': tableOf,
  'compare.evidence': () => null,
}
export async function opened(at: string, more: Answers = {}, given: Showing = {}): Promise<Shown> {
  const page = await show(inApp(CompareView), { answers: { ...answers, ...more }, ...given, at })
  await settled()
  return page
}
export const query = ({ where }: Shown): URLSearchParams => new URLSearchParams(where().split('?')[1] ?? '')
export const rows = (): HTMLElement[] => within(byRole('region', 'Comparison')).getAllByRole('row').slice(1)
export const refuse = (message: string): never => {
  throw new CotrainError({ code: 'internal', message, hint: 'Look at the log.' })
}
export async function choose({ user }: Shown, menu: string | RegExp, item: string): Promise<void> {
  await user.click(screen.getAllByRole('button', { name: menu })[0] ?? document.body)
  await user.click(byRole('menuitem', item))
  await settled()
}
