import type { RunSummary } from '../../../src-shared/contract/run.ts'
import { canonicalJson } from '../../../src-shared/schema/canonical.ts'
import { runIdentity } from '../../../src-shared/schema/run-identity.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { runsNamed } from '../../../src-shared/schema/step-reference.ts'
import type { RunStore } from '../../store/run-store.ts'

/** What is known of a run of a recipe. */
export interface FoundRun {
  readonly id: string | null
  readonly status: RunSummary['status'] | null
  readonly groupId: string | null
}

export const NOT_MADE: FoundRun = { id: null, status: null, groupId: null }

/**
 * Finds the run of some options among those that carry the tag: the finished one, else the newest. Nothing is looked up in the
 * data.
 */
export function heldRuns(
  store: RunStore,
  tag: string,
  all: readonly RunSummary[],
): (config: RunConfig) => FoundRun {
  const byOptions = new Map<string, Held[]>()
  for (const run of all) {
    if (!run.readable || !run.tags.includes(tag)) continue
    const { options, named } = optionsOfRun(store, run.id)
    byOptions.set(options, [...(byOptions.get(options) ?? []), { run, named }])
  }
  return (config) => {
    const { options, named } = optionsOf(config)
    const own = (byOptions.get(options) ?? []).filter((held) => isSame(held.named, named))
    const run = (own.find((held) => held.run.status === 'finished') ?? own[0])?.run
    return { id: run?.id ?? null, status: run?.status ?? null, groupId: run?.groupId ?? null }
  }
}

interface Held {
  readonly run: RunSummary
  readonly named: readonly string[]
}

/** Ids may be written in short. */
const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((id, i) => id.startsWith(b[i] ?? ' ') || (b[i] ?? ' ').startsWith(id))

/** Every run of the store, the newest first. */
export const allRuns = (store: RunStore): readonly RunSummary[] =>
  store.list({ limit: Number.MAX_SAFE_INTEGER }).runs

interface Options {
  readonly options: string
  /** Runs whose responses are its data: options leave names of data out. */
  readonly named: readonly string[]
}

const ofConfigs = new WeakMap<RunConfig, Options>()
/** Options as one text, which is worked out once: the runs of a family are looked for again and again. */
function optionsOf(config: RunConfig): Options {
  const known = ofConfigs.get(config)
  if (known !== undefined) return known
  const made = { options: canonicalJson(runIdentity(config)), named: runsNamed(config.dataset) }
  ofConfigs.set(config, made)
  return made
}

const ofRuns = new WeakMap<RunStore, Map<string, Options>>()
/** The same of a run, whose config never changes. */
function optionsOfRun(store: RunStore, id: string): Options {
  const known = ofRuns.get(store) ?? new Map<string, Options>()
  ofRuns.set(store, known)
  const options = known.get(id) ?? optionsOf(store.read(id).config)
  known.set(id, options)
  return options
}
