import { chmodSync, lstatSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandPlace, installCommand } from '../../../../../src-main/host/electron/install-command.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

describe('the place of the command', () => {
  it('is on the PATH of each system', () => {
    expect(
      commandPlace({ platform: 'linux', home: '/home/ada', env: { PATH: '/bin:/home/ada/.local/bin' } }),
    ).toEqual({
      path: '/home/ada/.local/bin/cotrain',
      note: '',
    })
    expect(commandPlace({ platform: 'darwin', home: '/Users/ada', env: {} })?.path).toBe(
      '/usr/local/bin/cotrain',
    )
    expect(
      commandPlace({ platform: 'win32', home: 'C:\\Users\\ada', env: { LOCALAPPDATA: 'D:\\Local' } })?.path,
    ).toBe('D:\\Local\\Microsoft\\WindowsApps\\cotrain.cmd')
    expect(commandPlace({ platform: 'win32', home: 'C:\\Users\\ada', env: {} })?.path).toBe(
      'C:\\Users\\ada\\AppData\\Local\\Microsoft\\WindowsApps\\cotrain.cmd',
    )
  })

  it('says when terminals do not find it yet', () => {
    const place = commandPlace({ platform: 'linux', home: '/home/ada', env: { PATH: '/usr/bin' } })
    expect(place?.note).toContain('/home/ada/.local/bin is on the PATH')
  })

  it('is none in an app that is mounted anew at every start', () => {
    expect(
      commandPlace({ platform: 'linux', home: '/home/ada', env: { APPIMAGE: '/a.AppImage' } }),
    ).toBeNull()
  })
})

describe('installing the command', () => {
  const place = (folder: string) => ({ path: join(folder, 'bin', 'cotrain'), note: '' })

  it('links to the script of the app, and to that of a newer one after it', async () => {
    const folder = temporaryFolder()
    await installCommand(place(folder), '/opt/old', 'linux')
    await installCommand(place(folder), '/opt/new', 'linux')
    expect(readlinkSync(place(folder).path)).toBe(join('/opt/new', 'cotrain'))
  })

  it('leaves a program of that name alone which is not ours', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'bin'))
    writeFileSync(place(folder).path, 'theirs')
    await expect(installCommand(place(folder), '/opt/new', 'linux')).rejects.toThrow('not made by CoTrain')
    expect(readFileSync(place(folder).path, 'utf8')).toBe('theirs')
  })

  it('writes on Windows a script that calls it with everything that was given', async () => {
    const folder = temporaryFolder()
    await installCommand(place(folder), '/opt/CoTrain', 'win32')
    expect(lstatSync(place(folder).path).isSymbolicLink()).toBe(false)
    expect(readFileSync(place(folder).path, 'utf8')).toBe(`@"${join('/opt/CoTrain', 'cotrain.cmd')}" %*\r\n`)
  })

  it.skipIf(process.platform === 'win32')('names the command that does it with more rights', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'bin'))
    chmodSync(join(folder, 'bin'), 0o555)
    const tried = await withoutRights(() =>
      installCommand(place(folder), '/Applications/CoTrain.app/Contents/Resources', 'darwin').catch(String),
    )
    expect(tried).toMatch(/sudo ln -sf ".*Resources\/cotrain"/)
  })
})

/** As a person who owns nothing: root may write everywhere. */
async function withoutRights<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work()
  process.seteuid?.(65_534)
  try {
    return await work()
  } finally {
    process.seteuid?.(0)
  }
}
