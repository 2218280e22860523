import type { Ancestor } from '../../../src-shared/contract/calls/recipe.ts'
import { OVER } from '../../../src-shared/contract/run.ts'
import type { PlannedRun, PlannedStep } from '../../../src-shared/schema/expand-recipe.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import type { Need } from '../../../src-shared/schema/step-reference.ts'
import { withRuns } from '../../../src-shared/schema/step-reference.ts'
import type { FoundRun } from './held-runs.ts'

/** Where a run stands among those that it builds on. */
export interface Standing {
  /** Its config with the ids of those runs; null until they have finished. */
  readonly config: RunConfig | null
  readonly waitsFor: readonly Ancestor[]
  readonly blockedBy: Ancestor | null
}

export interface Graph {
  /** Asked in the order of the plan, so that the runs before it are known. @throws CotrainError where the best has no score. */
  standingOf(run: PlannedRun): Standing
  /** What is known of a run. */
  tell(run: PlannedRun, found: FoundRun, standing: Pick<Standing, 'blockedBy'>): void
}

interface Told {
  readonly ancestor: Ancestor
  readonly blockedBy: Ancestor | null
}

const placeOf = (step: string, label: string): string => `${step}\n${label}`

/** Follows a plan from step to step: nothing of it is kept, it is seen anew from the runs that are there. `scoreOf`: validation score of a finished run. */
export function followGraph(steps: readonly PlannedStep[], scoreOf: (id: string) => number): Graph {
  const titles = new Map(steps.map(({ name, title }) => [name, title]))
  const settings = new Map<string, Told[]>()
  const runsFor = ({ step, label, seed }: Need): readonly Told[] => {
    const all = settings.get(placeOf(step, label)) ?? []
    return seed === 'best' ? all : all.filter(({ ancestor }) => ancestor.seed === seed)
  }
  return {
    standingOf: ({ needs, config }) => {
      if (needs.length === 0) return { config, waitsFor: [], blockedBy: null }
      const runs = needs.map((need) => ({ need, all: runsFor(need) }))
      const all = runs.flatMap((one) => one.all)
      const blockedBy = all.map(blockOf).find((block) => block !== null) ?? null
      const waitsFor = all
        .map(({ ancestor }) => ancestor)
        .filter(({ status }) => status === null || !OVER.has(status))
      // A step that came to nothing has no run that could be waited for; its own problem says why.
      const isOpen = runs.some((one) => one.all.length === 0)
      if (blockedBy !== null || waitsFor.length > 0 || isOpen) return { config: null, waitsFor, blockedBy }
      const ids = runs.map(({ need, all: own }) => [need.id, chosenOf(own, scoreOf)] as const)
      return { config: withRuns(config, new Map(ids)), waitsFor, blockedBy }
    },
    tell: (run, { id, status }, { blockedBy }) => {
      const key = placeOf(run.step, run.label)
      const step = titles.get(run.step) ?? run.step
      const ancestor = { step, label: run.label, seed: run.config.seed, id, status }
      settings.set(key, [...(settings.get(key) ?? []), { ancestor, blockedBy }])
    },
  }
}

/** The first cause: what blocks a run blocks all that build on it. */
const blockOf = ({ ancestor, blockedBy }: Told): Ancestor | null =>
  blockedBy ??
  (ancestor.status !== null && ancestor.status !== 'finished' && OVER.has(ancestor.status) ? ancestor : null)

/** Of several seeds the one with the best validation score, of equals the smallest seed. */
function chosenOf(runs: readonly Told[], scoreOf: (id: string) => number): string {
  const ids = runs.map(({ ancestor: { id, seed } }) => ({ id: id ?? '', seed }))
  const [only] = ids
  if (ids.length === 1 && only !== undefined) return only.id
  const scored = ids.map((run) => ({ ...run, score: scoreOf(run.id) }))
  return scored.toSorted((a, b) => b.score - a.score || a.seed - b.seed)[0]?.id ?? ''
}
