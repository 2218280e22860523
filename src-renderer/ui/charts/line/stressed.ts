import type { Series } from '../frame/series.ts'

/** More lines than this are drawn thin and pale until one is looked at. */
export const MANY_LINES = 12

/** The lines with the one looked at on top and the others faded; many lines are quiet. Costs nothing beside making them. */
export function stressed(series: readonly Series[], looked: string | null): readonly Series[] {
  const isLooked = series.some((s) => s.id === looked)
  const quiet = series.length > MANY_LINES ? { stress: 'quiet' as const } : {}
  if (!isLooked && series.length <= MANY_LINES) return series
  return series.map((s) =>
    s.id === looked ? { ...s, stress: 'strong' } : { ...s, ...quiet, faded: isLooked },
  )
}
