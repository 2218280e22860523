import { ref } from 'vue'
import { useRouter } from 'vue-router'
import type { Result } from '../../../../src-shared/contract/contract.ts'
import { call } from '../../../api/client.ts'
import { saveCharts, savePaperCard, saveTable } from './compare-exports.ts'
import type { CompareRow } from '../table/compare-rows.ts'
import type { Shown } from '../table/shown-table.ts'
import { completeSeeds } from '../../editor/queue/seed-list.ts'
import { useAnnouncer } from '../../../stores/announcer.ts'
import { useColours } from '../../../stores/colours.ts'
import { useRuns } from '../../../stores/runs.ts'
import { useToasts } from '../../../stores/toasts.ts'

/** What can be done with a comparison besides looking at it; failures are shown. */
export function useCompareActions(shown: () => Shown | null, addRuns: (ids: readonly string[]) => void) {
  const runs = useRuns()
  const colours = useColours()
  const toasts = useToasts()
  const announcer = useAnnouncer()
  const router = useRouter()
  /** What is being made, for as long as it takes. */
  const making = ref('')

  async function make(what: string, work: (given: Shown) => unknown): Promise<void> {
    const given = shown()
    if (given === null) return
    making.value = what
    await toasts.guard(async () => void (await work(given)))
    making.value = ''
  }

  /** Queues the seeds that a setting lacks and takes them into the comparison. */
  async function complete(row: CompareRow, count: number): Promise<void> {
    const seeds = completeSeeds(row.seeds, count).filter((s) => !row.seeds.includes(s))
    const made: Result<'runs.create'>[] = []
    await toasts.guard(async () => {
      const { config } = await call('runs.get', { id: row.run.id })
      for (const seed of seeds) made.push(await call('runs.create', { config: { ...config, seed } }))
    })
    if (made.length === 0) return
    // Those before a refused one are queued nevertheless.
    await runs.load()
    addRuns(made.map((run) => run.id))
    const queued = made.filter((run) => run.created).length
    announcer.say(`${queued} ${queued === 1 ? 'seed' : 'seeds'} queued`)
    const known = made.length - queued
    if (known > 0) toasts.tell(`${known} ${known === 1 ? 'seed was' : 'seeds were'} there already.`)
  }

  /** All known seeds of a setting. */
  const addSeeds = (row: CompareRow): void =>
    addRuns(runs.list.filter((r) => r.groupId === row.run.groupId).map((r) => r.id))

  return {
    making,
    complete,
    addSeeds,
    table: (format: Parameters<typeof saveTable>[1]) => make('the table', (s) => saveTable(s, format)),
    charts: () => make('the charts', (s) => saveCharts(s, colours.style)),
    card: (as: 'html' | 'zip') => make('the paper card', (s) => savePaperCard(s, colours.style, as)),
    open: (id: string) => void router.push(`/runs/${id}`),
    edit: (id: string) => void router.push({ path: '/edit', query: { from: id } }),
  }
}
