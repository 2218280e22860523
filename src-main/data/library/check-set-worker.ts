import { parentPort, workerData } from 'node:worker_threads'
import type { CheckStart } from './check-in-thread.ts'
import { checkSet } from './check-set.ts'

/** Entry of the thread in which a set is checked: reading and comparing pixels must not hold up the window. */
const { home, folder, id } = workerData as CheckStart // given by the one that starts this thread

await checkSet(id, {
  home,
  folder,
  now: () => performance.now(),
  date: () => new Date(),
  progress: (text, fraction) => parentPort?.postMessage({ text, fraction }),
})
