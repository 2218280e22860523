import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Problem } from '../../src-shared/contract/errors.ts'
import type { RunProgress, RunSummary } from '../../src-shared/contract/run.ts'
import { LIVE } from '../../src-shared/contract/run.ts'
import { call, listen, onLink } from '../api/client.ts'
import { problemsIn } from '../api/transport.ts'
import { batchUpdates } from './batch-updates.ts'

interface Change {
  readonly runs: readonly RunSummary[]
  readonly removed: readonly string[]
}

/** The line for news opens at once where it can be opened at all. */
const OPEN_WITHIN_MS = 400

/** An answer of a few hundred runs is taken in within a frame; thousands at once would hold up the window. */
const RUNS_AT_ONCE = 250

/** All runs, some at a time, from the start again where runs came or went meanwhile, which shifts the rest. */
async function askForAll(signal: AbortSignal): Promise<ReadonlyMap<string, RunSummary>> {
  const found = new Map<string, RunSummary>()
  let count: number | null = null
  for (let offset = 0; count === null || offset < count; offset += RUNS_AT_ONCE) {
    const { total, runs } = await call('runs.list', { limit: RUNS_AT_ONCE, offset }, signal)
    if (count !== null && total !== count) return askForAll(signal)
    count = total
    for (const run of runs) found.set(run.id, run)
  }
  return found
}

/** Every run the service knows, kept up to date by its news. */
export const useRuns = defineStore('runs', () => {
  const byId = shallowRef<ReadonlyMap<string, RunSummary>>(new Map())
  const progress = shallowRef<ReadonlyMap<string, RunProgress>>(new Map())
  const state = ref<'loading' | 'ready' | 'failed'>('loading')
  const problems = shallowRef<readonly Problem[]>([])
  let isAsked = false
  /** The question whose answer counts. */
  let asking = new AbortController()

  /** Newest first. */
  const list = computed(() => [...byId.value.values()].sort((a, b) => b.createdAt - a.createdAt))
  const live = computed(() => list.value.filter((r) => LIVE.has(r.status)))

  function merge(changes: readonly Change[]): void {
    const next = new Map(byId.value)
    for (const change of changes) {
      for (const run of change.runs) next.set(run.id, run)
      for (const id of change.removed) next.delete(id)
    }
    byId.value = next
  }

  async function load(): Promise<void> {
    isAsked = true
    // Asked again, as when the line opens late: the list is fetched once, not twice side by side.
    asking.abort()
    const { signal } = (asking = new AbortController())
    try {
      const all = await askForAll(signal)
      if (signal.aborted) return
      byId.value = all
      state.value = 'ready'
    } catch (error) {
      if (signal.aborted) return
      problems.value = problemsIn(error)
      if (byId.value.size === 0) state.value = 'failed'
    }
  }

  function start(): void {
    listen('runs.changed', batchUpdates(merge))
    listen(
      'run.progress',
      batchUpdates((items) => {
        const next = new Map(progress.value)
        for (const item of items) next.set(item.id, item.progress)
        progress.value = next
      }),
    )
    // The list is asked for once news arrives, so that none is missed; again after each loss of the line.
    onLink((link) => link === 'open' && void load())
    setTimeout(() => state.value === 'loading' && !isAsked && void load(), OPEN_WITHIN_MS)
  }

  /** Puts an answer of the service in place without waiting for its news. */
  const put = (run: RunSummary): void => merge([{ runs: [run], removed: [] }])
  const drop = (id: string): void => merge([{ runs: [], removed: [id] }])

  return { byId, progress, list, live, state, problems, load, start, put, drop }
})
