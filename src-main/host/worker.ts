import { text } from 'node:stream/consumers'
import { timeHere } from '../runs/demo/time-config.ts'
import { realEngine } from '../runs/real-engine.ts'
import { runWorker } from './run-worker.ts'

/**
 * Entry of a worker process, with COTRAIN_HOME set: `worker.js run <id>` works on a run, `worker.js time <folder>` times a
 * few steps of the config on its standard input.
 */
const [job, argument = ''] = process.argv.slice(2)
if (job === 'time') {
  const timing = await timeHere(JSON.parse(await text(process.stdin)), argument, realEngine)
  process.stdout.write(`${JSON.stringify(timing)}\n`, () => process.exit(0))
} else {
  process.exitCode = await runWorker(argument, realEngine)
}
