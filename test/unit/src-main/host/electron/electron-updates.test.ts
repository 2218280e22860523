import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const electron = vi.hoisted(() => ({
  answers: [] as number[],
  asked: [] as string[],
  dialog: {
    showMessageBox: ({ message }: { message: string }) => {
      electron.asked.push(message)
      return Promise.resolve({ response: electron.answers.shift() ?? 1 })
    },
  },
}))
vi.mock('electron', () => electron)
const { hasFeed, lookForUpdate } = await import('../../../../../src-main/host/electron/electron-updates.ts')

/** Does what electron-updater documents: fetches and installs by itself unless told not to. */
function updater(next: string | null) {
  const did: string[] = []
  const made = {
    autoDownload: true,
    autoInstallOnAppQuit: true,
    checkForUpdates: () => {
      did.push('check')
      if (next !== null && made.autoDownload) did.push('download by itself')
      return Promise.resolve({ isUpdateAvailable: next !== null, updateInfo: { version: next ?? '0.1.0' } })
    },
    downloadUpdate: () => Promise.resolve(void did.push('download')),
    quitAndInstall: () => void did.push('install'),
  }
  return { made, did }
}

async function look(next: string | null, { isWanted = true, training = [false] as boolean[] } = {}) {
  const { made, did } = updater(next)
  const came = await lookForUpdate({
    updater: made,
    version: '0.1.0',
    isWanted: () => Promise.resolve(isWanted),
    isTraining: () => (training.length > 1 ? training.shift() : training[0]) === true,
    log: () => undefined,
  })
  return { came, did, installsAtQuit: made.autoInstallOnAppQuit }
}

beforeEach(() => {
  electron.answers = []
  electron.asked = []
})

describe('a newer app', () => {
  it('is not looked for unless the settings say so, nor while a run trains', async () => {
    expect((await look('0.2.0', { isWanted: false })).did).toEqual([])
    expect((await look('0.2.0', { training: [true] })).did).toEqual([])
  })

  it('is fetched when a person says so, and installed when he says so again', async () => {
    electron.answers = [0, 0]
    const { did, came, installsAtQuit } = await look('0.2.0')
    expect(did).toEqual(['check', 'download', 'install'])
    expect(electron.asked[0]).toBe('CoTrain 0.2.0 is there; this is 0.1.0.')
    expect([came, installsAtQuit]).toEqual(['0.2.0 is being installed', false])
  })

  it('stays where it is when a person does not want it', async () => {
    electron.answers = [1]
    expect((await look('0.2.0')).did).toEqual(['check'])
    electron.answers = [0, 1]
    expect((await look('0.2.0')).did).toEqual(['check', 'download'])
  })

  it('is not installed under a run that started while it was fetched or asked about', async () => {
    electron.answers = [0, 0]
    expect((await look('0.2.0', { training: [false, true] })).did).toEqual(['check', 'download'])
    electron.answers = [0, 0]
    const { did } = await look('0.2.0', { training: [false, false, true] })
    expect(did).toEqual(['check', 'download'])
  })

  it('is not asked about where there is none', async () => {
    expect((await look(null)).came).toBe('0.1.0 is the newest')
    expect(electron.asked).toEqual([])
  })

  it('can only be looked for where the package names an address', () => {
    const folder = temporaryFolder()
    expect(hasFeed(folder)).toBe(false)
    writeFileSync(join(folder, 'app-update.yml'), 'provider: generic\n')
    expect(hasFeed(folder)).toBe(true)
  })
})
