import { text } from 'node:stream/consumers'
import { shapesHere } from '../../runs/workers/data-shapes.ts'
import { timeHere } from '../../runs/demo/time-config.ts'
import { realEngine } from '../../runs/workers/real-engine.ts'
import { warmUpHere } from '../../runs/workers/warm-up.ts'
import { answerHere } from './answer-worker.ts'
import { runWorker } from './run-worker.ts'

/**
 * Entry of a worker process, with COTRAIN_HOME set: `worker.js run <id>` works on a run, `worker.js time <folder>` times a
 * few steps of the config on its standard input, `worker.js warm-up <folder>` says what the whole of it will take,
 * `worker.js shapes <folder>` builds the data named there and says their shapes, `worker.js evaluate <folder>` scores trained
 * networks, `worker.js baselines <folder>` what they have to beat, `worker.js predict <folder>` writes what they answer.
 */
const [job, argument = ''] = process.argv.slice(2)
if (job === 'time') {
  const timing = await timeHere(JSON.parse(await text(process.stdin)), argument, realEngine)
  process.stdout.write(`${JSON.stringify(timing)}\n`, () => process.exit(0))
} else if (job === 'shapes' || job === 'warm-up') {
  const answer = job === 'shapes' ? shapesHere : warmUpHere
  const line = await answer(await text(process.stdin), argument, realEngine)
  process.stdout.write(`${line}\n`, () => process.exit(0))
} else if (job === 'evaluate' || job === 'predict' || job === 'baselines') {
  const line = await answerHere(job, await text(process.stdin), argument)
  process.stdout.write(`${line}\n`, () => process.exit(0))
} else {
  process.exitCode = await runWorker(argument, realEngine)
}
