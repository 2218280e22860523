import { CotrainError, type Problem } from '../../../src-shared/contract/errors.ts'
import { entryBeside, startThread } from '../../process/entries.ts'
import type { DataDeps } from '../content/data-deps.ts'

/** What the thread is started with. */
export interface CheckStart {
  readonly home: string
  readonly folder: string
  readonly id: string
  /** rest: what adding has left for later; again: everything, compared with the record. */
  readonly what: 'rest' | 'again'
}

/** What the thread tells: how far it is, or what it ended with. */
export type CheckNews =
  { readonly text: string; readonly fraction: number | null } | { readonly problems: readonly Problem[] }

/**
 * Checks a set in a thread, which holds up neither the window nor the end of the program. Ends where it is called off. Rejects with
 * what the thread threw, or where it dies.
 */
export function checkInThread(
  { home, folder, id, what }: CheckStart,
  { progress, signal }: Pick<DataDeps, 'progress' | 'signal'>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const given: CheckStart = { home, folder, id, what }
    const thread = startThread(entryBeside(import.meta.url, './check-set-worker.ts'), given)
    thread.unref()
    const stop = (): void => void thread.terminate()
    signal?.addEventListener('abort', stop)
    thread.on('message', (news: CheckNews) => {
      if ('problems' in news) reject(new CotrainError(news.problems))
      else progress?.(news.text, news.fraction)
    })
    thread.once('error', reject)
    thread.once('exit', () => {
      signal?.removeEventListener('abort', stop)
      resolve()
    })
  })
}
