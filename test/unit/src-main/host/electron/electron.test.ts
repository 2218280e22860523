import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { contract } from '../../../../../src-shared/contract/contract.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

type Listener = (...args: unknown[]) => unknown

const electron = vi.hoisted(() => {
  const windows: {
    options: Record<string, unknown>
    loaded: string
    on: Map<string, Listener>
    open: Listener | null
  }[] = []
  const handlers = new Map<string, Listener>()
  const opened: string[] = []
  class BrowserWindow {
    options: Record<string, unknown>
    loaded = ''
    on = new Map<string, Listener>()
    open: Listener | null = null
    webContents = {
      on: (name: string, listener: Listener) => this.on.set(name, listener),
      setWindowOpenHandler: (listener: Listener) => (this.open = listener),
    }
    constructor(options: Record<string, unknown>) {
      this.options = options
      windows.push(this)
    }
    once(): void {}
    loadURL(url: string): Promise<void> {
      this.loaded = url
      return Promise.resolve()
    }
  }
  return {
    windows,
    handlers,
    opened,
    BrowserWindow,
    answers: { open: [] as string[], save: '' },
    asked: [] as Record<string, unknown>[],
    dialog: {
      showOpenDialog(_window: unknown, options: Record<string, unknown>) {
        electron.asked.push(options)
        return Promise.resolve({
          canceled: electron.answers.open.length === 0,
          filePaths: electron.answers.open,
        })
      },
      showSaveDialog(_window: unknown, options: Record<string, unknown>) {
        electron.asked.push(options)
        return Promise.resolve({ canceled: electron.answers.save === '', filePath: electron.answers.save })
      },
    },
    shell: { openExternal: (url: string) => opened.push(url) },
    ipcMain: { handle: (channel: string, handler: Listener) => handlers.set(channel, handler) },
  }
})
vi.mock('electron', () => electron)

const { openWindow, denyPermissions } =
  await import('../../../../../src-main/host/electron/electron-window.ts')
const { answerCalls } = await import('../../../../../src-main/host/electron/electron-ipc.ts')
const { chooseInDialog } = await import('../../../../../src-main/host/electron/electron-dialog.ts')
const { createPathGrants } = await import('../../../../../src-main/host/path-grants.ts')
const { answerAppRequest } = await import('../../../../../src-main/host/electron/app-protocol.ts')

beforeEach(() => {
  electron.windows.length = 0
  electron.opened.length = 0
})

describe('the window', () => {
  const window = () => {
    openWindow('/app/preload.cjs')
    return electron.windows[0] as (typeof electron.windows)[number]
  }

  it('runs its page sandboxed, isolated and without Node', () => {
    const { options, loaded } = window()
    expect(options['webPreferences']).toMatchObject({
      preload: '/app/preload.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    })
    expect(loaded).toBe('app://cotrain/')
  })

  it('stays on its own page', () => {
    const navigate = window().on.get('will-navigate') as Listener
    const goes = (url: string): boolean => {
      let isBlocked = false
      navigate({ preventDefault: () => (isBlocked = true) }, url)
      return !isBlocked
    }
    expect(goes('app://cotrain/#/runs')).toBe(true)
    for (const url of [
      'https://evil.example',
      'file:///etc/passwd',
      'app://other/',
      'app://cotrain.evil.example/',
      'javascript:alert(1)',
    ])
      expect(goes(url), url).toBe(false)
  })

  it('opens no other window, and only known pages in the browser', () => {
    const { open } = window()
    for (const url of [
      'https://evil.example',
      'http://github.com',
      'file:///etc/passwd',
      'https://github.com.evil.example',
      'nonsense',
    ])
      expect(open?.({ url })).toEqual({ action: 'deny' })
    expect(electron.opened).toEqual([])
    expect(open?.({ url: 'https://doi.org/10.1/x' })).toEqual({ action: 'deny' })
    expect(electron.opened).toEqual(['https://doi.org/10.1/x'])
  })

  it('grants no permission but writing to the clipboard', () => {
    let request: Listener = () => undefined
    let check: Listener = () => undefined
    denyPermissions({
      setPermissionRequestHandler: (handler: Listener) => (request = handler),
      setPermissionCheckHandler: (handler: Listener) => (check = handler),
    } as never)
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'openExternal',
      'fileSystem',
      'clipboard-read',
    ]) {
      request(null, permission, (granted: boolean) => expect(granted, permission).toBe(false))
      expect(check(null, permission)).toBe(false)
    }
    expect(check(null, 'clipboard-sanitized-write')).toBe(true)
  })
})

describe('a call over IPC', () => {
  const asked: unknown[] = []
  const service = { callUnchecked: (method: unknown) => (asked.push(method), Promise.resolve('answer')) }
  const grants = createPathGrants()
  answerCalls(service as never, grants, () => undefined)
  const call = electron.handlers.get('cotrain:call') as (
    event: unknown,
    method: unknown,
    params: unknown,
  ) => Promise<unknown>

  it('is answered for the page of the app', async () => {
    const event = { senderFrame: { url: 'app://cotrain/index.html#/x', parent: null } }
    expect(await call(event, 'app.info', {})).toEqual({ ok: true, result: 'answer' })
  })

  it('is refused for any other sender, before the service hears of it', async () => {
    asked.length = 0
    for (const senderFrame of [
      null,
      { url: 'https://evil.example', parent: null },
      { url: 'app://evil/', parent: null },
      { url: 'file:///index.html', parent: null },
      { url: '', parent: null },
      { url: 'app://cotrain/', parent: {} },
    ])
      expect(await call({ senderFrame }, 'runs.remove', {})).toMatchObject({
        ok: false,
        problems: [{ code: 'not-allowed' }],
      })
    expect(asked).toEqual([])
  })
})

describe('a path', () => {
  const service = { callUnchecked: () => Promise.resolve('answer') }
  const ownPage = { senderFrame: { url: 'app://cotrain/', parent: null } }
  const lab = join(temporaryFolder(), 'lab')
  const open = () => {
    const grants = createPathGrants()
    answerCalls(service as never, grants, () => undefined)
    const call = electron.handlers.get('cotrain:call') as Listener
    const drop = electron.handlers.get('cotrain:drop') as Listener
    const choose = chooseInDialog(() => ({}) as never, grants)
    return { grants, choose, drop, inspect: (path: unknown) => call(ownPage, 'data.inspect', { path }) }
  }
  const refusal = { ok: false, problems: [{ code: 'not-allowed', hint: expect.stringMatching(/Choose/) }] }
  const answer = { ok: true, result: 'answer' }

  it('reaches the service when the dialog returned it, or a folder above it', async () => {
    const { choose, inspect } = open()
    expect(await inspect(lab)).toMatchObject(refusal)
    electron.answers.open = [lab]
    expect(await choose({ kind: 'folder', title: 'Recordings', suggested: '' })).toBe(lab)
    expect(electron.asked.at(-1)).toEqual({
      title: 'Recordings',
      properties: ['openDirectory', 'createDirectory'],
    })
    expect(await inspect(lab)).toEqual(answer)
    expect(await inspect(join(lab, 'session 1', 'a.pickle'))).toEqual(answer)
  })

  it('is refused beside, above and around what was chosen', async () => {
    const { choose, inspect } = open()
    electron.answers.open = [lab]
    await choose({ kind: 'file', title: '', suggested: '' })
    for (const path of [`${lab}-secret`, join(lab, '..'), `${lab}/../other`, 'lab', '.', '/', '/etc/passwd'])
      expect(await inspect(path), path).toMatchObject(refusal)
  })

  it('is granted for a new file, and not after a cancelled dialog', async () => {
    const { choose, inspect, grants } = open()
    electron.answers.save = join(lab, 'new.npz')
    expect(await choose({ kind: 'new-file', title: '', suggested: 'new.npz' })).toBe(join(lab, 'new.npz'))
    expect(grants.refusal('data.export', { path: join(lab, 'new.npz') })).toBeNull()
    electron.answers.open = []
    electron.answers.save = ''
    expect(await choose({ kind: 'folder', title: '', suggested: '' })).toBeNull()
    expect(await choose({ kind: 'new-file', title: '', suggested: '' })).toBeNull()
    expect(await inspect(lab)).toMatchObject(refusal)
  })

  it('is granted when the preload script says that it was dropped, and to no other sender', async () => {
    const { drop, inspect } = open()
    await drop({ senderFrame: { url: 'https://evil.example', parent: null } }, lab)
    expect(await inspect(lab)).toMatchObject(refusal)
    await drop(ownPage, lab)
    expect(await inspect(lab)).toEqual(answer)
  })

  it('is guarded in every method of the contract that takes one', () => {
    const named = Object.entries(contract).flatMap(([method, { params, paths }]) =>
      Object.keys(params.shape)
        .filter((name) => /^(path|paths|file|files|folder|home)$|Folder$|Path$/.test(name))
        .map((name) => ({ method, name, isGuarded: paths.includes(name) })),
    )
    // Places in a config, and a name in the index of a shelf.
    const others = new Set(['runs.options', 'packages.fetch'])
    expect(named.length).toBeGreaterThan(3)
    expect(named.filter(({ method, isGuarded }) => !isGuarded && !others.has(method))).toEqual([])
  })
})

describe('the app:// scheme', () => {
  const root = join(temporaryFolder(), 'renderer')
  mkdirSync(root)
  writeFileSync(join(root, 'index.html'), 'page')
  writeFileSync(join(root, '..', 'secret.txt'), 'secret')

  it('serves the page with its security policy', async () => {
    const response = await answerAppRequest(root, 'app://cotrain/')
    expect([response.status, await response.text()]).toEqual([200, 'page'])
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it('serves nothing else', async () => {
    for (const url of [
      'app://cotrain/../secret.txt',
      'app://cotrain/%2e%2e/secret.txt',
      'app://other/index.html',
      'app://cotrain/none.js',
    ])
      expect((await answerAppRequest(root, url)).status, url).toBe(404)
  })
})
