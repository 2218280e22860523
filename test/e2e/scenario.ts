import type { Page } from 'playwright-core'
import type { ServedApp } from './served-app.ts'

/** What a scenario is given: a home of its own and means to start the app on it. */
export interface Stage {
  readonly home: string
  /** Starts the host on the home: the web host, or the desktop app. */
  serve(env?: Readonly<Record<string, string>>): Promise<ServedApp>
  /** A page of the running host, signed in; the window of the desktop app. `theme` is what the system asks for. */
  open(look?: { theme?: 'light' | 'dark'; width?: number; height?: number }): Promise<Page>
  /** Console errors and page errors so far; any left at the end fails the scenario. */
  readonly faults: string[]
  /** Closes the pages and ends the host. */
  stop(): Promise<void>
}

/** One user task. It fails by throwing. */
export interface Scenario {
  readonly name: string
  /**
   * Played once more in the window of the desktop app: each time, or only when "desktop app" is asked for. Not where paths are
   * typed: there they are chosen in dialogs.
   */
  readonly onDesktop?: 'each time' | 'when asked'
  run(stage: Stage): Promise<void>
}

export function check(what: string, isTrue: boolean, detail: unknown = ''): asserts isTrue {
  if (!isTrue) throw new Error(`${what}${detail === '' ? '' : `: ${JSON.stringify(detail)}`}`)
}

export function checkEqual(what: string, actual: unknown, expected: unknown): void {
  const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)]
  check(what, a === e, { actual, expected })
}

/** Polls until a value meets the condition; the error names what was waited for and the last value. */
export async function eventually<T>(
  what: string,
  look: () => T | Promise<T>,
  isMet: (value: T) => boolean,
  withinMs = 90_000,
): Promise<T> {
  const end = Date.now() + withinMs
  for (;;) {
    const value = await look()
    if (isMet(value)) return value
    if (Date.now() > end) throw new Error(`never happened: ${what}; last: ${JSON.stringify(value)}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
