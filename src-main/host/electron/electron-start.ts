/** A start waits for other programs (the system, a network drive); after this long the log says for which. */
const SLOW_MS = 20_000

/** A step of the start that failed, named for people. */
export class StartFault extends Error {
  constructor(step: string, cause: unknown) {
    super(`${step}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.name = 'StartFault'
  }
}

export type Step = <T>(name: string, work: () => T | Promise<T>) => Promise<T>

/**
 * Steps of a start. Each is in the log before it begins, so that one that never ends or takes the app along is the last that
 * the log names. @throws StartFault naming the step that failed
 */
export function reportedSteps(log: (text: string) => void, slowMs = SLOW_MS): Step {
  return async (name, work) => {
    log(`start: ${name}`)
    const slow = setInterval(() => log(`start: still waiting for: ${name}`), slowMs)
    try {
      return await work()
    } catch (error) {
      throw new StartFault(name, error)
    } finally {
      clearInterval(slow)
    }
  }
}
