import { createWriteStream } from 'node:fs'
import { utilityProcess } from 'electron'
import type { StartWorker } from '../../runs/workers/worker-process.ts'
import { newsReader } from '../../runs/workers/worker-process.ts'

/** The last resort where no Node is found: a process of Electron's own, which stops with the app. */
export const startUtilityWorker: StartWorker = (command, id, output, onNews) => {
  const [entry = '', ...args] = command.args.filter((arg) => !arg.startsWith('--'))
  const child = utilityProcess.fork(entry, [...args, 'run', id], {
    stdio: 'pipe',
    serviceName: 'CoTrain run',
    env: { ...process.env, ...command.env }, // undefined values are not in process.env
  })
  child.stdout?.on('data', newsReader(onNews))
  child.stderr?.pipe(createWriteStream(output, { flags: 'a' }))
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (code) => resolve({ code, signal: null }))
  })
  // Its number is known once it runs, and forgotten when it has ended.
  let pid = 0
  child.once('spawn', () => (pid = child.pid ?? 0))
  return {
    get pid() {
      return pid
    },
    ended,
  }
}
