import type { WarmUp } from '../../../src-shared/contract/calls/config.ts'
import { warmUpAnswer } from '../../../src-shared/contract/calls/config.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { askWorker } from './ask-worker.ts'
import { hashOf } from './run-identity.ts'
import type { MakeAsking } from './worker-process.ts'

/** Longer than this nobody waits for an estimate. */
const LONGEST_MS = 120_000
/** Answers are small; the oldest is forgotten first. */
const MOST_KEPT = 50

export interface WarmUps {
  /** @throws CotrainError `cancelled` when another config was asked for meanwhile. */
  measure(config: RunConfig): Promise<WarmUp>
  /** The answer for a config that was timed before; null where it was not. */
  known(config: RunConfig): WarmUp | null
  close(): void
}

/** Keeps the answers of warm-ups; one works at a time, and the config asked for last is the one that counts. */
export function createWarmUps(command: MakeAsking, folder: string): WarmUps {
  const known = new Map<string, Promise<WarmUp>>()
  const answers = new Map<string, WarmUp>()
  let working: AbortController | null = null

  async function ask(config: RunConfig): Promise<WarmUp> {
    working?.abort(otherConfig())
    const own = (working = new AbortController())
    const timer = setTimeout(() => own.abort(noStep()), LONGEST_MS)
    try {
      return await askWorker(await command([config.trainer]), {
        job: 'warm-up',
        folder,
        request: config,
        answer: warmUpAnswer,
        doing: 'timing a few steps',
        signal: own.signal,
      })
    } finally {
      clearTimeout(timer)
      if (working === own) working = null
    }
  }

  return {
    measure: (config) => {
      const key = keyOf(config)
      const answer = known.get(key) ?? ask(config)
      known.set(key, answer)
      // What went wrong may go right the next time: data are added, memory is freed.
      const forget = (old: string): void => {
        known.delete(old)
        answers.delete(old)
      }
      answer.then(
        (found) => (found.problems.length > 0 ? forget(key) : void answers.set(key, found)),
        () => forget(key),
      )
      for (const oldest of known.keys()) if (known.size > MOST_KEPT) forget(oldest)
      return answer
    },
    known: (config) => answers.get(keyOf(config)) ?? null,
    close: () => working?.abort(otherConfig()),
  }
}

/** Neither labels nor the seed change what a config costs. */
const keyOf = (config: RunConfig): string => hashOf({ ...config, name: '', comment: '', tags: [], seed: 0 })

const noStep = (): CotrainError =>
  new CotrainError({
    code: 'engine-failed',
    message: `no step was done within ${LONGEST_MS / 1000} s.`,
    hint: 'The run can be queued all the same; its page shows the time left after the first epoch.',
  })

const otherConfig = (): CotrainError =>
  new CotrainError({ code: 'cancelled', message: 'another config is being timed.' })
