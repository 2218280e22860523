import type { SeriesStyle } from '../../../format/series-style.ts'
import type { Comparison, Grouping } from './comparison.ts'
import { groupStyles } from './group-styles.ts'

/** The style of a run, or over seeds that of its setting, as the curves have it. */
export function rowStyle(
  c: Comparison,
  grouping: Grouping,
  style: (id: string) => SeriesStyle,
): (id: string) => SeriesStyle {
  if (grouping === 'runs') return style
  const styles = groupStyles(c.groups, style)
  const byRun = new Map(c.groups.flatMap((g) => g.ids.map((id) => [id, styles.get(g.groupId)] as const)))
  return (id) => byRun.get(id) ?? style(id)
}
