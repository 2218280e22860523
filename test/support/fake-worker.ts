import { text } from 'node:stream/consumers'
import { runWorker } from '../../src-main/host/worker/run-worker.ts'
import { answerLine } from '../../src-main/runs/workers/ask-worker.ts'
import { warmUpHere } from '../../src-main/runs/workers/warm-up.ts'
import { fakeEngine } from './fake-engine.ts'

/** A worker process with the counting engine. */
const [job, argument = ''] = process.argv.slice(2)
if (job === 'warm-up') {
  const line = await answerLine(async () =>
    warmUpHere(JSON.parse(await text(process.stdin)), argument, fakeEngine),
  )
  process.stdout.write(`${line}\n`)
} else process.exitCode = await runWorker(argument, fakeEngine)
