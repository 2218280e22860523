import { runWorker } from '../../src-main/host/run-worker.ts'
import { fakeEngine } from './fake-engine.ts'

/** A worker process with the counting engine. */
process.exitCode = await runWorker(process.argv[3] ?? '', fakeEngine)
