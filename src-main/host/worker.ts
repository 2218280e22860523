import { realEngine } from '../runs/real-engine.ts'
import { runWorker } from './run-worker.ts'

/** Entry of a worker process: `worker.js run <id>` with COTRAIN_HOME set. */
process.exitCode = await runWorker(process.argv[3] ?? '', realEngine)
