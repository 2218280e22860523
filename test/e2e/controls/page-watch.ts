import type { Page, Request } from 'playwright-core'
import { factsOf } from '../../../src-shared/contract/contract.ts'
import { inPage } from './page-side.ts'

/** Calls that not every login may make, and that change nothing a person would see later. */
const LOOKS =
  /\.(?:cancel|inspect|list|look|modelCard|offers|plan|preflight|preview|set|setupPlan|trash|warmUp)$/
const isDeed = (method: string): boolean =>
  method === 'settings.set' || (factsOf(method)?.view !== true && !LOOKS.test(method))

/** So long nothing may have changed and no answer be outstanding. */
const QUIET_MS = 200
const STEP_MS = 40
const MOST_MS = 3_000
/** What is not answered by then is work that goes on by itself, such as the timing of steps. */
const LONG_MS = 1_200

/** What is seen of a page from outside. */
export interface Watch {
  /** Since `reset`: calls that change something, names of files that were saved, and choosers of files that were opened. */
  readonly calls: ReadonlySet<string>
  readonly files: readonly string[]
  choosers(): number
  reset(): void
  /** Waits until nothing goes on. */
  quiet(leastMs?: number): Promise<void>
}

export function watchPage(page: Page): Watch {
  const calls = new Set<string>()
  const files: string[] = []
  const outstanding = new Map<Request, number>()
  let choosers = 0
  page.on('request', (request) => {
    outstanding.set(request, Date.now())
    const method = /"method":"([\w.]+)"/.exec(request.postData() ?? '')?.[1]
    if (method !== undefined && isDeed(method)) calls.add(method)
  })
  page.on('requestfinished', (request) => outstanding.delete(request))
  page.on('requestfailed', (request) => outstanding.delete(request))
  page.on('download', (download) => files.push(download.suggestedFilename()))
  page.on('filechooser', () => (choosers += 1))
  return {
    calls,
    files,
    choosers: () => choosers,
    reset: () => {
      calls.clear()
      files.splice(0)
      choosers = 0
    },
    quiet: async (leastMs = 0) => {
      for (const began = Date.now(); Date.now() - began < MOST_MS;) {
        await page.waitForTimeout(STEP_MS)
        const isAsking = [...outstanding.values()].some((at) => Date.now() - at < LONG_MS)
        if (Date.now() - began < leastMs || isAsking) continue
        if ((await inPage(page, 'quietMs')) >= QUIET_MS) return
      }
    },
  }
}
