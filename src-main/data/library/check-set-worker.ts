import { parentPort, workerData } from 'node:worker_threads'
import { toProblems } from '../../../src-shared/contract/errors.ts'
import { checkAgain } from './check-again.ts'
import type { CheckNews, CheckStart } from './check-in-thread.ts'
import { checkSet } from './check-set.ts'

/** Entry of the thread in which a set is checked: reading and comparing pixels must not hold up the window. */
const { home, folder, id, what } = workerData as CheckStart // given by the one that starts this thread

const tell = (news: CheckNews): void => parentPort?.postMessage(news)

try {
  await (what === 'again' ? checkAgain : checkSet)(id, {
    home,
    folder,
    now: () => performance.now(),
    date: () => new Date(),
    progress: (text, fraction) => tell({ text, fraction }),
  })
} catch (error) {
  tell({ problems: toProblems(error) })
}
