import { shallowRef } from 'vue'
import type { ParamsIn, Result } from '../../../../src-shared/contract/contract.ts'
import type { Problem } from '../../../../src-shared/contract/errors.ts'
import { call } from '../../../api/client.ts'
import { problemsIn } from '../../../api/transport.ts'

export type LogLine = Result<'runs.log'>['lines'][number]
type Filter = Pick<Required<ParamsIn<'runs.log'>>, 'id' | 'search' | 'level'>

/** Lines fetched at once. */
const PAGE = 500
/** Lines of one answer when everything is copied. */
const MOST = 10_000

/** A log that is fetched page by page as it is looked at. Answers to an earlier filter are dropped. */
export function useLogPages() {
  const total = shallowRef<number | null>(null)
  const pages = shallowRef<ReadonlyMap<number, readonly LogLine[]>>(new Map())
  /** Why lines are not there; empty once the log could be read again. */
  const problems = shallowRef<readonly Problem[]>([])
  const asked = new Set<number>()
  let filter: Filter | null = null

  async function fetchPage(page: number, of: Filter): Promise<void> {
    if (asked.has(page)) return
    asked.add(page)
    try {
      const answer = await call('runs.log', { ...of, limit: PAGE, offset: page * PAGE })
      if (filter !== of) return
      total.value = answer.total
      pages.value = new Map(pages.value).set(page, answer.lines)
    } catch (error) {
      asked.delete(page)
      if (filter === of) problems.value = problemsIn(error)
    }
  }

  /** Begins anew with other words or another level; lines shown stay until the answer is there. */
  async function open(next: Filter): Promise<void> {
    filter = next
    asked.clear()
    try {
      const { total: count, lines } = await call('runs.log', { ...next, limit: PAGE })
      if (filter !== next) return
      const first = Math.floor(Math.max(0, count - lines.length) / PAGE)
      total.value = count
      problems.value = []
      pages.value = new Map()
      for (let page = first; page * PAGE < count; page++) void fetchPage(page, next)
    } catch (error) {
      if (filter === next) problems.value = problemsIn(error)
    }
  }

  const lineAt = (i: number): LogLine | null => pages.value.get(Math.floor(i / PAGE))?.[i % PAGE] ?? null

  function need(from: number, to: number): void {
    if (filter === null) return
    for (let page = Math.floor(from / PAGE); page <= Math.floor(to / PAGE); page++)
      void fetchPage(page, filter)
  }

  async function all(): Promise<readonly LogLine[]> {
    const lines: LogLine[] = []
    for (let offset = 0; filter !== null; offset += MOST) {
      const answer = await call('runs.log', { ...filter, limit: MOST, offset })
      lines.push(...answer.lines)
      if (offset + answer.lines.length >= answer.total || answer.lines.length === 0) break
    }
    return lines
  }

  return { total, pages, problems, open, need, lineAt, all }
}
