import { statSync } from 'node:fs'
import type { Result } from '../../../src-shared/contract/contract.ts'
import type { Problem } from '../../../src-shared/contract/errors.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { entryBeside, startThread } from '../../process/entries.ts'
import type { DataDeps } from '../content/data-deps.ts'
import { describeResponses } from './describe-responses.ts'
import type { DataContent } from './library-content.ts'
import { neuronTables, withData } from './neuron-data.ts'

/** What can be asked about a data file, and its answer. */
interface Answers {
  content: DataContent
  neurons: Result<'data.neurons'>
}
type Asked = keyof Answers

/** What the thread is started with, and what it ends with. */
export interface DescribeStart {
  readonly path: string
  readonly what: Asked
}
export type Described = { readonly answer: Answers[Asked] } | { readonly problems: readonly Problem[] }

/** A smaller file is looked through sooner than a thread starts. */
const THREAD_FROM_BYTES = 4_000_000

/**
 * Statistics and findings of a data file, or its tables of units. Thousands of units take seconds, so large files are looked at in a
 * thread, and the service goes on answering.
 * @throws CotrainError `cancelled` where it was called off
 */
export function describeApart<A extends Asked>(
  path: string,
  what: A,
  { signal }: Pick<DataDeps, 'signal'> = {},
): Promise<Answers[A]> {
  if (statSync(path).size < THREAD_FROM_BYTES) return describe[what](path)
  return new Promise((resolve, reject) => {
    const start: DescribeStart = { path, what }
    const thread = startThread(entryBeside(import.meta.url, './describe-worker.ts'), start)
    const stop = (): void => void thread.terminate()
    signal?.addEventListener('abort', stop)
    thread.on('message', (said: Described) => {
      if ('problems' in said) reject(new CotrainError(said.problems))
      else resolve(said.answer as Answers[A]) // what was asked for
    })
    thread.once('error', reject)
    thread.once('exit', () => {
      signal?.removeEventListener('abort', stop)
      // After an answer this says nothing any more.
      reject(signal?.aborted === true ? new CotrainError(CANCELLED) : new CotrainError({ ...STOPPED, path }))
    })
  })
}

const CANCELLED: Problem = { code: 'cancelled', message: 'it was cancelled; nothing was added.' }
const STOPPED: Problem = { code: 'internal', message: 'the thread that looked through it stopped.' }

/** As {@link describeApart}, in this thread. */
export const describe: { readonly [A in Asked]: (path: string) => Promise<Answers[A]> } = {
  content: (path) => withData(path, (file) => describeResponses(file)),
  neurons: (path) => withData(path, neuronTables),
}

/** Sets whose tables are kept at hand: their files do not change. */
const KEPT = 4
const tables = new Map<string, Answers['neurons']>()

/** The tables of units of a data file; of the last few files they are known. */
export async function neuronsOf(path: string): Promise<Answers['neurons']> {
  const stamp = `${path} ${statSync(path).mtimeMs}`
  const known = tables.get(stamp)
  if (known !== undefined) return known
  const made = await describeApart(path, 'neurons')
  tables.set(stamp, made)
  for (const oldest of tables.keys()) {
    if (tables.size <= KEPT) break
    tables.delete(oldest)
  }
  return made
}
