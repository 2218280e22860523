import { parentPort, workerData } from 'node:worker_threads'
import { toProblems } from '../../../src-shared/contract/errors.ts'
import type { Described, DescribeStart } from './describe-apart.ts'
import { describe } from './describe-apart.ts'

/** Entry of the thread in which a large data file is looked through: the service must not wait for it. */
const { path, what } = workerData as DescribeStart // given by the one that starts this thread

const tell = (said: Described): void => parentPort?.postMessage(said)

try {
  tell({ answer: await describe[what](path) })
} catch (error) {
  tell({ problems: toProblems(error) })
}
