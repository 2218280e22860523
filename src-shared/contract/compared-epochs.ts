import type { z } from 'zod'
import type { comparison } from './compare-views.ts'
import { epochOfSource } from './compare-views.ts'

type Compared = Pick<z.infer<typeof comparison>, 'source' | 'loggedEpochs'> & {
  readonly runs: readonly { readonly name: string; readonly shortId: string; readonly seed: number }[]
}

/**
 * What a reader of scores at an epoch has to know, a sentence each: runs that never got that far and are left out, and runs whose last
 * validation up to there is of an earlier epoch. Empty for other sources.
 */
export function epochNotes({ runs, source = 'final', loggedEpochs = [] }: Compared): readonly string[] {
  const wanted = epochOfSource(source)
  if (wanted === null) return []
  const names = (chosen: typeof runs): string =>
    chosen.map(({ name, shortId, seed }) => `${name || shortId} (seed ${seed})`).join(', ')
  const without = runs.filter((_, i) => loggedEpochs[i] == null)
  const earlier = [...new Set(loggedEpochs)]
    .filter((e) => e != null && e !== wanted)
    .sort((a, b) => Number(a) - Number(b))
  return [
    ...(without.length === 0
      ? []
      : [`Left out, for no values were logged as far as epoch ${wanted}: ${names(without)}.`]),
    ...earlier.map(
      (epoch) =>
        `Epoch ${epoch} in place of ${wanted}, the last with a validation up to there: ${names(runs.filter((_, i) => loggedEpochs[i] === epoch))}.`,
    ),
  ]
}
