import type { BrowserContext, Page, Route } from 'playwright-core'
import { ready, tell } from './state.ts'
import { strict } from './strict.ts'

/** Chromium gives no origin to a scheme that it does not know, so pages are here; the main process is told the real address. */
const STAND_IN = 'https://cotrain.invalid'
const SCHEME_ORIGIN = 'app://cotrain'

export const toPage = (url: string): string =>
  url.startsWith(SCHEME_ORIGIN) ? STAND_IN + url.slice(SCHEME_ORIGIN.length) : url
export const toMain = (url: string): string =>
  url.startsWith(`${STAND_IN}/`) ? SCHEME_ORIGIN + url.slice(STAND_IN.length) : url

type Answer = (request: Request) => Response | Promise<Response>

const privileged = new Set<string>()
const answers = new Map<string, Answer>()

export const protocol = strict('protocol', {
  registerSchemesAsPrivileged: (
    schemes: readonly { scheme: string; privileges: Record<string, boolean> }[],
  ): void => {
    ready.refuse('protocol.registerSchemesAsPrivileged')
    for (const { scheme, privileges } of schemes) if (privileges['standard'] === true) privileged.add(scheme)
  },
  handle: (scheme: string, answer: Answer): void => {
    ready.need('protocol.handle')
    answers.set(scheme, answer)
  },
})

/** Every request of a window comes here; none reaches a network. */
export const answerRequests = (page: Page): Promise<void> =>
  page.route('**/*', answerRoute).then(() => undefined)

/** Pages that are no windows of the app, which Chromium opens before anybody is asked. */
export const refuseRequests = (context: BrowserContext): Promise<void> =>
  context.route('**/*', (route) => route.abort('blockedbyclient')).then(() => undefined)

async function answerRoute(route: Route): Promise<void> {
  const url = toMain(route.request().url())
  const answer = answers.get(new URL(url).protocol.slice(0, -1))
  // Without the privilege `standard` a scheme has no origin, and its relative addresses lead nowhere.
  if (answer === undefined || !privileged.has('app')) {
    tell({ kind: 'network', url })
    return route.abort('blockedbyclient').catch(() => undefined)
  }
  const response = await answer(new Request(url, { method: route.request().method() }))
  const body = Buffer.from(await response.arrayBuffer())
  // The page may have gone meanwhile.
  await route
    .fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body })
    .catch(() => undefined)
}
