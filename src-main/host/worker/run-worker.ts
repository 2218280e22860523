import { CotrainError, isInputError, toProblems } from '../../../src-shared/contract/errors.ts'
import type { WorkerNews } from '../../../src-shared/contract/worker.ts'
import { workerOrder } from '../../../src-shared/contract/worker.ts'
import { writeFileAtomic } from '../../disk/atomic-write.ts'
import { cotrainHome } from '../../disk/home.ts'
import type { EngineParts } from '../../runs/workers/engine-parts.ts'
import type { StopRequest } from '../../runs/work/stop-request.ts'
import { executeRun } from '../../runs/work/execute-run.ts'
import { liveTensorboard } from '../../runs/trackers/live-tensorboard.ts'
import { EXIT_LOCKED } from '../../runs/queue/starts.ts'
import { lineReader } from '../../process/line-reader.ts'
import type { RunStore } from '../../store/run-store.ts'
import { openRunStore } from '../../store/run-store.ts'
import { appVersion } from '../app-root.ts'

/** Exit code after SIGTERM (128 + 15), as batch systems expect it. */
const EXIT_TERMINATED = 143

/** Works on one run of the home folder and returns the exit code. News go to stdout as JSON lines, orders come on stdin. */
export async function runWorker(id: string, parts: EngineParts): Promise<number> {
  const store = openRunStore({ home: cotrainHome(), disk: { writeFile: writeFileAtomic } })
  const orders = listenForOrders()
  try {
    const outcome = await executeRun({
      store,
      id: store.resolve(id),
      parts,
      appVersion: appVersion(),
      news: withTensorboard(store, store.resolve(id)),
      asked: orders.asked,
    })
    if (outcome === 'failed') return 1
    return outcome === 'stopped' && orders.terminated() ? EXIT_TERMINATED : 0
  } catch (error) {
    process.stderr.write(
      `${toProblems(error)
        .map((p) => p.message)
        .join('\n')}\n`,
    )
    if (error instanceof CotrainError && error.code === 'run-locked') return EXIT_LOCKED
    return error instanceof CotrainError && isInputError(error.code) ? 2 : 1
  } finally {
    orders.close()
    store.close()
  }
}

/** News for whoever listens, and for TensorBoard where a folder was chosen. */
function withTensorboard(store: RunStore, id: string): (news: WorkerNews) => void {
  const folder = process.env['COTRAIN_TENSORBOARD'] ?? ''
  if (folder === '') return print
  const take = liveTensorboard(store, id, folder, (text) => process.stderr.write(`${text}\n`))
  return (news) => {
    print(news)
    take(news)
  }
}

function listenForOrders(): { asked: () => StopRequest; terminated: () => boolean; close: () => void } {
  let asked: StopRequest = 'no'
  let isTerminated = false
  const terminate = (): void => {
    asked = 'now'
    isTerminated = true
  }
  process.on('SIGTERM', terminate)
  process.on('SIGINT', terminate)
  // The terminal of whoever started it may close; the run goes on.
  process.on('SIGHUP', () => undefined)
  process.stdin.on('error', () => undefined)
  process.stdin.setEncoding('utf8')
  process.stdin.on(
    'data',
    lineReader((line) => {
      const order = parseOrder(line)
      if (order !== null) asked = order
    }),
  )
  return {
    asked: () => asked,
    terminated: () => isTerminated,
    close: () => process.stdin.destroy(),
  }
}

function parseOrder(line: string): StopRequest | null {
  try {
    const parsed = workerOrder.safeParse(JSON.parse(line))
    return parsed.success ? parsed.data.when : null
  } catch {
    return null
  }
}

// Whoever listened may be gone (EPIPE): the run folder has everything.
process.stdout.on('error', () => undefined)

function print(news: WorkerNews): void {
  process.stdout.write(`${JSON.stringify(news)}\n`)
}
