import { afterEach, expect, it } from 'vitest'
import { triesText } from '../../../../../src-shared/contract/run-end.ts'
import { describeRun } from '../../../../../src-main/host/cli/base/run-text.ts'
import { runDetails } from '../../../../../src-main/runs/read/run-details.ts'
import type { Supervisor } from '../../../../../src-main/runs/queue/supervise.ts'
import { createSupervisor } from '../../../../../src-main/runs/queue/supervise.ts'
import { fakeWorker, labs, until } from '../../../../support/lab.ts'

const lab = labs()
const open: Supervisor[] = []
afterEach(async () => {
  for (const supervisor of open.splice(0)) await supervisor.close()
})

/** What ends a worker in the midst of a training, and what is said of it: status, what to do, whether it is tried again. */
const SIGNALS = [
  ['SIGSEGV', 'failed', /memory that is not its own.*Resume/, true],
  ['SIGBUS', 'failed', /free space of the disk and of \/dev\/shm/, true],
  ['SIGILL', 'failed', /lacks an instruction.*choose the other engine/, false],
  ['SIGFPE', 'failed', /divided by zero/, true],
  ['SIGABRT', 'failed', /ended itself.*last output/, true],
  ['SIGKILL', 'interrupted', /cotrain resume/, false],
] as const

it.runIf(process.platform !== 'win32').each(SIGNALS)(
  '%s of a training worker is told with evidence and next action, in record and terminal',
  async (signal, status, next, isTriedAgain) => {
    const here = lab()
    const id = await here.add(1)
    const env = { FAKE_CRASH_AT: '30', FAKE_SIGNAL: signal, FAKE_STEP_MS: '2' }
    const supervisor = createSupervisor({ ...here, command: () => fakeWorker(here.home, env) })
    open.push(supervisor)
    await supervisor.start()
    await until(
      'its end is known',
      () => here.store.read(id).status === status && /SIG/.test(here.store.read(id).problem?.message ?? ''),
    )
    const { problem, retry } = here.store.summary(id)
    expect(here.store.read(id).status).toBe(status)
    expect(problem?.message).toMatch(
      new RegExp(`was ended by ${signal}\\..*Last sign of life .*epoch \\d of 4`),
    )
    expect(problem?.hint).toMatch(next)
    expect(retry !== undefined).toBe(isTriedAgain)
    const shown = describeRun(runDetails(here.store, id), [], [])
    expect(shown).toContain(problem?.hint)
    expect(/tries +Tried 1 of 3, next at \d\d:/.test(shown)).toBe(isTriedAgain)
    expect(triesText(here.store.summary(id), String) === '').toBe(!isTriedAgain)
  },
)
