import { expect, it } from 'vitest'
import type { RunEnvironment, RunProgress } from '../../../../src-shared/contract/run.ts'
import { writeExit, writeLive } from '../../../../src-main/store/files/run-folder.ts'
import { labs } from '../../../support/lab.ts'

const lab = labs()
const environment: RunEnvironment = {
  ...{ app: '1', node: '20', backend: 'native', backendReason: '', tensorflow: null, gpu: false },
  ...{ device: 'CPU:0', cpu: '', threads: 1, os: '', memoryBytes: 16 * 2 ** 30, nondeterministic: [] },
}
const sign = (gibibytes: number): RunProgress => ({
  ...{ phase: 'training', detail: '', epoch: 1, epochs: 2, step: 1, stepOfEpoch: 1, stepsPerEpoch: 2 },
  ...{ fraction: 0.5, imagesPerSecond: null, secondsLeft: null, loaderWait: null },
  memoryBytes: gibibytes * 2 ** 30,
  at: 1,
})

/** What is said of a run whose process is gone, by the signal that ended it and what memory it last had. */
async function said(signal: string, gibibytes: number) {
  const { store, add } = lab()
  const id = await add(1)
  await store.write({ ...store.read(id), status: 'running', segment: 1, environment })
  const { folder } = store.files(id)
  writeLive(folder, sign(gibibytes))
  await writeExit(store.disk, folder, { pid: 1, code: null, signal, at: 401, segment: 1 })
  return store.read(id)
}

it('a killed process that had most of the memory ran out of it, most likely', async () => {
  const { status, problem } = await said('SIGKILL', 14)
  expect(status).toBe('interrupted')
  expect(problem?.code).toBe('out-of-memory')
  expect(problem?.message).toContain(
    'was ended by SIGKILL; it had 14.0 GiB of 16.0 GiB of memory. Last sign of life',
  )
  expect(problem?.hint).toMatch(/half the batch.*cotrain resume/)
})

it('one that had little, or was asked to end, was killed by somebody', async () => {
  expect((await said('SIGKILL', 2)).problem).toMatchObject({
    code: 'engine-failed',
    message:
      'the process that worked on this run was ended by SIGKILL. Last sign of life 0.4 s before its end: training, epoch 1 of 2, step 1 of 2.',
    hint: expect.stringMatching(/^Continue with/),
  })
  expect((await said('SIGTERM', 14)).problem?.code).toBe('engine-failed')
})
