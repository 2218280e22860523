import { entryBeside, startThread } from '../../process/entries.ts'
import type { DataDeps } from '../content/data-deps.ts'

/** What the thread is started with. */
export interface CheckStart {
  readonly home: string
  readonly folder: string
  readonly id: string
}

/** Checks a set in a thread, which holds up neither the window nor the end of the program. Rejects where the thread dies. */
export function checkInThread(
  start: CheckStart,
  { progress, signal }: Pick<DataDeps, 'progress' | 'signal'>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const given: CheckStart = { home: start.home, folder: start.folder, id: start.id }
    const thread = startThread(entryBeside(import.meta.url, './check-set-worker.ts'), given)
    thread.unref()
    const stop = (): void => void thread.terminate()
    signal?.addEventListener('abort', stop)
    thread.on('message', (news: { text: string; fraction: number | null }) =>
      progress?.(news.text, news.fraction),
    )
    thread.once('error', reject)
    thread.once('exit', () => {
      signal?.removeEventListener('abort', stop)
      resolve()
    })
  })
}
