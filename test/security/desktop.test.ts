import { readFileSync, readdirSync, writeFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import type { Reply } from '../../src-main/host/reply.ts'
import { contract } from '../../src-shared/contract/contract.ts'
import { temporaryFolder } from '../support/temp-folder.ts'
import { openTestService } from '../support/test-service.ts'
import { tell } from './figures.ts'

type Listener = (...args: unknown[]) => unknown

/** Of Electron what the window, its messages and its page use; each note is what the app asked of it. */
const electron = vi.hoisted(() => {
  const options: Record<string, unknown>[] = []
  const on = new Map<string, Listener>()
  const handlers = new Map<string, Listener>()
  const exposed: Record<string, unknown> = {}
  const opened: string[] = []
  const opener: { open: Listener | null } = { open: null }
  class BrowserWindow {
    webContents = {
      on: (name: string, listener: Listener) => on.set(name, listener),
      setWindowOpenHandler: (listener: Listener) => (opener.open = listener),
    }
    constructor(given: Record<string, unknown>) {
      options.push(given)
    }
    once(): void {}
    loadURL(): Promise<void> {
      return Promise.resolve()
    }
  }
  return {
    ...{ options, on, handlers, exposed, opened, opener, BrowserWindow },
    shell: { openExternal: (url: string) => opened.push(url) },
    ipcMain: { handle: (channel: string, handler: Listener) => handlers.set(channel, handler) },
    ipcRenderer: { invoke: () => Promise.resolve(null), on: () => undefined, off: () => undefined },
    webUtils: { getPathForFile: () => '' },
    contextBridge: { exposeInMainWorld: (name: string, value: unknown) => (exposed[name] = value) },
  }
})
vi.mock('electron', () => electron)

const { openWindow, denyPermissions } = await import('../../src-main/host/electron/electron-window.ts')
const { answerCalls } = await import('../../src-main/host/electron/electron-ipc.ts')
const { answerAppRequest } = await import('../../src-main/host/electron/app-protocol.ts')
const { createPathGrants } = await import('../../src-main/host/path-grants.ts')
await import('../../src-main/host/electron/preload.ts')

const root = join(import.meta.dirname, '../..')
const folder = temporaryFolder()
const methods = Object.keys(contract) as (keyof typeof contract)[]
const OWN = { senderFrame: { url: 'app://cotrain/#/runs', parent: null } }

describe('the official list (electronjs.org/docs/latest/tutorial/security)', () => {
  openWindow('/app/preload.cjs')

  it('2, 3, 4, 6, 8, 9, 10, 12: a page has exactly these rights', () => {
    expect(electron.options[0]?.['webPreferences']).toEqual({
      preload: '/app/preload.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    })
  })

  it('5: no permission but writing to the clipboard', () => {
    const set: Listener[] = []
    const keep = (handler: Listener): number => set.push(handler)
    denyPermissions({ setPermissionRequestHandler: keep, setPermissionCheckHandler: keep } as never)
    const asked = ['media', 'geolocation', 'notifications', 'midi', 'midiSysex', 'pointerLock', 'fullscreen', 'openExternal', 'window-management', 'fileSystem', 'hid', 'serial', 'usb', 'bluetooth', 'display-capture', 'idle-detection', 'clipboard-read', 'deprecated-sync-clipboard-read', 'storage-access', 'keyboardLock', 'unknown'] // prettier-ignore
    for (const permission of asked) {
      let isGranted = true
      set[0]?.(null, permission, (answer: boolean) => (isGranted = answer))
      expect([permission, isGranted, set[1]?.(null, permission)]).toEqual([permission, false, false])
    }
  })

  it('1, 7, 18: the page comes from a scheme of its own with a strict policy, and nothing else does', async () => {
    const page = join(folder, 'page')
    mkdirSync(page)
    writeFileSync(join(page, 'index.html'), 'page')
    writeFileSync(join(folder, 'secret.txt'), 'a secret')
    const policy =
      (await answerAppRequest(page, 'app://cotrain/')).headers.get('content-security-policy') ?? ''
    for (const part of ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"]) expect(policy.split('; ')).toContain(part) // prettier-ignore
    expect(policy).not.toMatch(/unsafe|\*|https?:|object-src|frame-src/)
    const tries = ['app://cotrain/../secret.txt', 'app://cotrain/%2e%2e/secret.txt', 'app://cotrain/%2e%2e%2fsecret.txt', 'app://cotrain/..%5csecret.txt', 'app://cotrain//etc/passwd', 'app://cotrain/%00', 'app://cotrain/%ff', 'app://evil/index.html', 'file:///etc/passwd', 'https://cotrain/index.html', 'app://cotrain@evil/index.html', 'app://cotrain:1/index.html'] // prettier-ignore
    const answers = await Promise.all(tries.map(async (url) => (await answerAppRequest(page, url)).status))
    expect(answers).toEqual(tries.map(() => 404))
    tell('addresses of the scheme of the app', answers.length, tries.length)
  })

  it('11, 12, 13, 14, 15: no other page, no webview, no other window, and outside only known hosts', () => {
    const goes = (name: string, url: string): boolean => {
      let isBlocked = false
      electron.on.get(name)?.({ preventDefault: () => (isBlocked = true) }, url)
      return !isBlocked
    }
    for (const url of [
      'https://evil.example',
      'file:///etc/passwd',
      'app://other/',
      'app://cotrain.evil/',
      'javascript:alert(1)',
      'data:text/html,x',
      'app:cotrain',
      'about:blank',
    ])
      // prettier-ignore
      expect([url, goes('will-navigate', url)]).toEqual([url, false])
    expect(goes('will-attach-webview', '')).toBe(false)
    for (const url of [
      'https://evil.example',
      'http://github.com',
      'https://github.com.evil.example',
      'https://github.com@evil.example',
      'file:///etc/passwd',
      'smb://evil/share',
      'cotrain://runs/ffffff',
    ])
      // prettier-ignore
      expect(electron.opener.open?.({ url })).toEqual({ action: 'deny' })
    expect(electron.opened).toEqual([])
  })

  it('16: Electron is pinned to one version', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>
    }
    expect(devDependencies['electron']).toMatch(/^\d+\.\d+\.\d+$/)
  })

  it('19: the fuses of the package', () => {
    const { electronFuses, asar } = parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8')) as Record<string, unknown> // prettier-ignore
    expect([asar, electronFuses]).toEqual([
      true,
      {
        runAsNode: false,
        enableNodeOptionsEnvironmentVariable: false,
        enableNodeCliInspectArguments: false,
        grantFileProtocolExtraPrivileges: false,
        enableCookieEncryption: true,
        enableEmbeddedAsarIntegrityValidation: true,
        onlyLoadAppFromAsar: true,
      },
    ])
  })

  it('20: the page sees three functions, and nothing of Electron', () => {
    expect(Object.keys(electron.exposed)).toEqual(['cotrain'])
    expect(Object.keys(electron.exposed['cotrain'] as object).sort()).toEqual(['call', 'listen', 'pathOf'])
  })

  it('nothing in the code of the host opens, runs or loads what a page names', () => {
    const host = join(root, 'src-main/host/electron')
    const text = readdirSync(host).map((name) => readFileSync(join(host, name), 'utf8')).join('\n') // prettier-ignore
    expect(text).not.toMatch(/executeJavaScript|enableRemoteModule|@electron\/remote|loadFile\(|insertCSS|webFrame|BrowserView|disable-web-security|no-sandbox/) // prettier-ignore
    expect(text.match(/openExternal/g)).toHaveLength(1)
  })
})

describe('17: a message', () => {
  const SENDERS: readonly unknown[] = [
    null,
    { url: 'https://evil.example/', parent: null },
    { url: 'app://evil/', parent: null },
    { url: 'app://cotrain.evil/', parent: null },
    { url: 'file:///index.html', parent: null },
    { url: 'data:text/html,x', parent: null },
    { url: 'about:blank', parent: null },
    { url: '', parent: null },
    { url: 'app://cotrain/', parent: {} },
  ]

  const open = (service: unknown) => {
    const grants = createPathGrants()
    answerCalls(service as never, grants, () => undefined)
    const call = electron.handlers.get('cotrain:call') as (event: unknown, method: unknown, params: unknown) => Promise<Reply> // prettier-ignore
    return { grants, call }
  }

  it('of any other sender is refused for every method, before the service hears of it', async () => {
    const heard: unknown[] = []
    const { call } = open({
      callUnchecked: (method: unknown) => (heard.push(method), Promise.resolve('answer')),
    })
    expect(await call(OWN, 'app.info', {})).toEqual({ ok: true, result: 'answer' })
    heard.length = 0
    const replies = await Promise.all(
      methods.flatMap((method) => SENDERS.map((senderFrame) => call({ senderFrame }, method, {}))),
    )
    const refused = replies.filter((reply) => !reply.ok && reply.problems[0]?.code === 'not-allowed').length
    tell(
      `messages of other senders (${methods.length} methods x ${SENDERS.length} senders)`,
      refused,
      replies.length,
    )
    expect([refused, heard]).toEqual([replies.length, []])
  })

  it('that names a place nobody has chosen is refused', async () => {
    const { call, grants } = open({ callUnchecked: () => Promise.resolve('answer') })
    const lab = join(folder, 'lab')
    grants.grant(lab)
    const places = ['/etc/passwd', '.', '..', '/', `${lab}-secret`, join(lab, '..'), `${lab}/../x`, `${lab}/a/../../x`, 'lab', '\\\\evil\\share', 'file:///etc', `${lab}\0/../x`.replace('\0/..', '/../\0')] // prettier-ignore
    const named = methods.flatMap((method) => contract[method].paths.map((name) => ({ method, name })))
    const replies = await Promise.all(
      named.flatMap(({ method, name }) => places.map((place) => call(OWN, method, { [name]: place }))),
    )
    const refused = replies.filter((reply) => !reply.ok && reply.problems[0]?.code === 'not-allowed').length
    tell(
      `places that nobody has chosen (${named.length} parameters x ${places.length} places)`,
      refused,
      replies.length,
    )
    expect(refused).toBe(replies.length)
    expect(named.length).toBeGreaterThan(10)
  })

  it('with parameters that JSON cannot say, or beyond measure, is refused', async () => {
    const app = openTestService(join(folder, 'home'))
    const { call } = open(app.service)
    const circle: Record<string, unknown> = {}
    circle['again'] = circle
    const odd = [circle, new Map([[1, 2]]), new Date(), new Uint8Array(9), 7n, { search: new Set() }, 'x'.repeat(5_000_000), Array.from({ length: 1_000_001 }, () => 0), { a: [[new Error('x')]] }] // prettier-ignore
    const names = [null, undefined, 7, {}, [], 'toString', '__proto__', 'constructor', 'x'.repeat(1e6)]
    const replies = await Promise.all([
      ...odd.map((params) => call(OWN, 'runs.list', structuredClone(params))),
      ...names.map((name) => call(OWN, name, {})),
    ])
    const faults = replies.filter((reply) => reply.ok || reply.problems[0]?.code === 'internal')
    tell('messages of odd kinds and sizes', replies.length - faults.length, replies.length)
    await app.close()
    expect(faults).toEqual([])
  })
})
