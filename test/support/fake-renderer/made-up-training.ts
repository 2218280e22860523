import type { EventName } from '../../../src-shared/contract/contract.ts'
import type { RunProgress } from '../../../src-shared/contract/run.ts'
import type { FakeRun } from './made-up-runs.ts'

/** Sends progress of the running run, twice a second. */
export function startTraining(runs: Map<string, FakeRun>, emit: (e: EventName, p: unknown) => void): void {
  let step = 5 * 938 + 300
  setInterval(() => {
    const run = [...runs.values()].find((r) => r.summary.status === 'running')
    if (run === undefined) return
    step += 7
    const progress: RunProgress = {
      phase: 'training',
      detail: '',
      epoch: 1 + Math.floor(step / 938),
      epochs: 12,
      step,
      stepOfEpoch: step % 938,
      stepsPerEpoch: 938,
      fraction: (step % 938) / 938,
      imagesPerSecond: 1843,
      secondsLeft: (12 * 938 - step) / 14,
      loaderWait: 0.013,
      memoryBytes: 1.38 * 1024 ** 3,
      at: Date.now(),
    }
    emit('run.progress', { id: run.summary.id, progress })
    emit('run.metrics', {
      id: run.summary.id,
      step,
      epoch: step / 938,
      values: {
        'Training/img_classification/loss': 0.16 + 0.05 * Math.random(),
        'Training/v1/loss': 0.6 + 0.03 * Math.random(),
      },
    })
  }, 500)
}
