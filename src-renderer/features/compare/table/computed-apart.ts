import { scoreCautions } from '../../../../src-shared/contract/run-end.ts'
import type { CompareRow } from './compare-rows.ts'
import type { Comparison } from '../base/comparison.ts'

/** What the shown runs were computed with, where that may explain a difference, and what must be known of their scores. */
export function computedApart(comparison: Comparison): readonly string[] {
  const { runs, groups, continued = {} } = comparison
  const nameOf = (id: string): string => {
    const run = runs.find((r) => r.id === id)
    return run === undefined ? id : `${run.name}, seed ${run.seed}`
  }
  return [
    ...formatsApart(comparison),
    ...runs.flatMap((run) => scoreCautions(run).map((text) => `${nameOf(run.id)}: ${text}`)),
    ...Object.entries(continued).map(([id, text]) => `${nameOf(id)}, was resumed with ${text}.`),
    ...groups.flatMap(({ name, mixed }) =>
      mixed === undefined ? [] : [`The seeds of ${name} were computed on ${mixed.join(' and on ')}.`],
    ),
  ]
}

/** The mark of one row: its runs were not all computed alike; '' where they were. */
export function rowMark({ runs, groups, continued = {} }: Comparison, { ids, parent }: CompareRow): string {
  const resumed = ids.flatMap((id) => (continued[id] === undefined ? [] : [continued[id]]))
  const mixed =
    parent !== null || ids.length < 2
      ? []
      : (groups.find((g) => ids.every((id) => g.ids.includes(id)))?.mixed ?? [])
  const cautions = runs.filter(({ id }) => ids.includes(id)).flatMap(scoreCautions)
  return [
    ...new Set(cautions.map((text) => text.replace(/\.$/, ''))),
    ...(resumed.length === 0 ? [] : [`Resumed with ${[...new Set(resumed)].join('; ')}`]),
    ...(mixed.length === 0 ? [] : [`Computed on ${mixed.join(' and on ')}`]),
  ].join('. ')
}

/** Which runs were computed in which number format, where they are not all the same. */
function formatsApart({ runs, precisions = [] }: Comparison): readonly string[] {
  const formats = [...new Set(precisions)]
  if (formats.length < 2) return []
  const parts = formats.map((format) => {
    const names = new Set(runs.filter((_, i) => precisions[i] === format).map(({ name }) => name))
    return `${format} (${[...names].join(', ')})`
  })
  return [`Computed in different number formats: ${parts.join(', ')}. A difference may be the format's.`]
}
