import { describe, expect, it, vi } from 'vitest'
import { reportedSteps, StartFault } from '../../../../../src-main/host/electron/electron-start.ts'

describe('a step of the start', () => {
  it('is in the log before it begins, and gives what its work gives', async () => {
    const log: string[] = []
    const step = reportedSteps((text) => log.push(text))
    const given = await step('the queue', () => {
      log.push('work')
      return 'made'
    })
    expect([given, log]).toEqual(['made', ['start: the queue', 'work']])
  })

  it('that fails is named, with its cause', async () => {
    const cause = new Error('the disk is full')
    const step = reportedSteps(() => undefined)
    const fault = await step('the service', () => Promise.reject(cause)).catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(StartFault)
    expect(fault).toMatchObject({ message: 'the service: the disk is full', cause })
    const thrown = step('the page', () => {
      throw cause
    })
    await expect(thrown).rejects.toThrow('the page: the disk is full')
  })

  it('that takes long is named again until it is done', async () => {
    const log: string[] = []
    const step = reportedSteps((text) => log.push(text), 1)
    let end = (): void => undefined
    const done = step('the system', () => new Promise<void>((resolve) => (end = resolve)))
    await vi.waitFor(() => expect(log).toContain('start: still waiting for: the system'))
    end()
    await done
  })
})
