/** Which runs of a family are compared, and what its settings are called. */

interface Setting {
  readonly label: string
  readonly groupId: string | null
  readonly runs: readonly { readonly id: string | null; readonly status: string | null }[]
}

/** The service compares at most so many runs. */
const MOST_RUNS = 200

/** What to compare: the finished runs, those of the baseline first; null while there is none. */
export function comparedRuns(
  settings: readonly Setting[],
  baseline: string | null,
): { ids: string[]; baseline: string | null } | null {
  const idsOf = (list: readonly Setting[]): string[] =>
    list
      .flatMap(({ runs }) => runs)
      .filter(({ status }) => status === 'finished')
      .flatMap(({ id }) => id ?? [])
  const base = idsOf(settings.filter(({ label }) => label === baseline))
  const others = idsOf(settings.filter(({ label }) => label !== baseline))
  const ids = [...new Set([...base, ...others])].slice(0, MOST_RUNS)
  return ids.length === 0 ? null : { ids, baseline: base[0] ?? null }
}

/** What settings are called in their family, by the id that their runs share. */
export const settingNames = (settings: readonly Setting[]): ReadonlyMap<string, string> =>
  new Map(settings.flatMap(({ groupId, label }) => (groupId === null ? [] : [[groupId, label]])))
