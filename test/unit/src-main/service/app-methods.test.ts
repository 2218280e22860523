import { expect, it } from 'vitest'
import { appMethods } from '../../../../src-main/service/app-methods.ts'
import { openTestService } from '../../../support/test-service.ts'
import { temporaryFolder } from '../../../support/temp-folder.ts'

it('a stop of the set-up reaches each that is at work, also when another has ended', async () => {
  const { workspace, close } = openTestService(temporaryFolder())
  const ends: (() => void)[] = []
  const signals: (AbortSignal | undefined)[] = []
  const setup = (...[, , signal]: Parameters<typeof workspace.setup>) => {
    signals.push(signal)
    return new Promise<void>((resolve) => ends.push(resolve))
  }
  const refused = () => Promise.reject(new Error('not asked for here'))
  const deps = { host: 'cli', hostReason: 'a test', demo: { start: refused }, data: {} as never } as const
  const methods = appMethods({ ...deps, workspace: { ...workspace, setup } }, () => undefined)
  const wish = { force: false, from: null, engine: null, webgpu: false }
  const [first, second] = [methods['app.setup'](wish), methods['app.setup'](wish)]
  ends[0]?.()
  await first
  await methods['app.stopSetup']({})
  expect(signals.map((signal) => signal?.aborted)).toEqual([false, true])
  ends[1]?.()
  await second
  await close()
})
