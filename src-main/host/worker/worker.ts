import { text } from 'node:stream/consumers'
import { cotrainHome } from '../../disk/home.ts'
import { benchHere } from '../../runs/bench/bench-here.ts'
import { usePluginsOf } from '../../runs/home/plugins.ts'
import { shapesHere } from '../../runs/workers/shapes-here.ts'
import { timeHere } from '../../runs/demo/time-config.ts'
import type { WorkerJob } from '../../runs/workers/ask-worker.ts'
import { answerLine } from '../../runs/workers/ask-worker.ts'
import { realEngine } from '../../runs/workers/real-engine.ts'
import { warmUpHere } from '../../runs/workers/warm-up.ts'
import { answerHere } from './answer-worker.ts'
import { runWorker } from './run-worker.ts'

/**
 * Entry of a worker process, with COTRAIN_HOME set: `worker.js run <id>` works on a run, `worker.js time <folder>` times a
 * few steps of the config on its standard input, `worker.js warm-up <folder>` says what the whole of it will take,
 * `worker.js shapes <folder>` builds the data named there and says their shapes, `worker.js evaluate <folder>` scores trained
 * networks, `worker.js baselines <folder>` what they have to beat, `worker.js predict <folder>` writes what they answer,
 * `worker.js analyse <folder>` says what their units read and prefer,
 * `worker.js network <folder>` writes one down for another program, `worker.js package <folder>` for another machine,
 * `worker.js open-package <folder>` checks such a file and adds its runs,
 * `worker.js bench <folder>` takes one measurement of this machine.
 */
usePluginsOf(cotrainHome())
const [job = '', argument = ''] = process.argv.slice(2)
const jobs: Record<WorkerJob, (request: unknown) => Promise<unknown>> = {
  time: (request) => timeHere(request, argument, realEngine),
  shapes: (request) => shapesHere(request, argument, realEngine),
  'warm-up': (request) => warmUpHere(request, argument, realEngine),
  evaluate: (request) => answerHere('evaluate', request, argument),
  baselines: (request) => answerHere('baselines', request, argument),
  analyse: (request) => answerHere('analyse', request, argument),
  predict: (request) => answerHere('predict', request, argument),
  network: (request) => answerHere('network', request, argument),
  package: (request) => answerHere('package', request, argument),
  'open-package': (request) => answerHere('open-package', request, argument),
  bench: (request) => benchHere(request, argument, realEngine),
}
if (job === 'run') {
  process.exitCode = await runWorker(argument, realEngine)
  // A process of Electron's own stays for as long as its parent may send it something, and Dawn keeps any alive.
  process.stdout.write('', () => process.exit())
} else {
  const asked = jobs[job as WorkerJob]
  const line = await answerLine(async () => asked(JSON.parse(await text(process.stdin))))
  process.stdout.write(`${line}\n`, () => process.exit(0))
}
