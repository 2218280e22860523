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

/** Every run the service knows, kept up to date by its news. */
export const useRuns = defineStore('runs', () => {
  const byId = shallowRef<ReadonlyMap<string, RunSummary>>(new Map())
  const progress = shallowRef<ReadonlyMap<string, RunProgress>>(new Map())
  const state = ref<'loading' | 'ready' | 'failed'>('loading')
  const problems = shallowRef<readonly Problem[]>([])

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
    try {
      const { runs } = await call('runs.list', {})
      byId.value = new Map(runs.map((r) => [r.id, r]))
      state.value = 'ready'
    } catch (error) {
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
    // News missed while the line was down is fetched at once.
    onLink((link) => link === 'open' && void load())
    if (state.value === 'loading') void load()
  }

  /** Puts an answer of the service in place without waiting for its news. */
  const put = (run: RunSummary): void => merge([{ runs: [run], removed: [] }])
  const drop = (id: string): void => merge([{ runs: [], removed: [id] }])

  return { byId, progress, list, live, state, problems, load, start, put, drop }
})
