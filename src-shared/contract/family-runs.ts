/** Which runs of a family are compared, and what its settings are called. */

interface Setting {
  readonly label: string
  readonly groupId: string | null
  readonly runs: readonly { readonly id: string | null; readonly status: string | null }[]
}

/** The service compares at most so many runs. */
const MOST_RUNS = 200

/** What is said where runs find no room in a comparison. */
export const leftWords = (left: number): string =>
  left === 0 ? '' : `${left} finished runs are not compared: there is room for ${MOST_RUNS}.`

/** What to compare: the finished runs, those of the baseline first; null while there is none. `left`: how many find no room. */
export function comparedRuns(
  settings: readonly Setting[],
  baseline: string | null,
): { wish: { ids: string[]; baseline: string | null }; left: number } | null {
  const idsOf = (list: readonly Setting[]): string[] =>
    list
      .flatMap(({ runs }) => runs)
      .filter(({ status }) => status === 'finished')
      .flatMap(({ id }) => id ?? [])
  const base = idsOf(settings.filter(({ label }) => label === baseline))
  const others = idsOf(settings.filter(({ label }) => label !== baseline))
  const all = [...new Set([...base, ...others])]
  const ids = all.slice(0, MOST_RUNS)
  return ids.length === 0 ? null : { wish: { ids, baseline: base[0] ?? null }, left: all.length - ids.length }
}

/** What settings are called in their family, by the id that their runs share. */
export const settingNames = (settings: readonly Setting[]): ReadonlyMap<string, string> =>
  new Map(settings.flatMap(({ groupId, label }) => (groupId === null ? [] : [[groupId, label]])))
