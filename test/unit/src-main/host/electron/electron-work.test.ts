import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

/** Electron as far as work, quitting and workers of its own see it. */
const electron = vi.hoisted(() => ({
  notes: [] as { title: string; body: string; click: () => void }[],
  blockers: new Set<number>(),
  next: 0,
  answer: 0,
  boxes: [] as { message: string; detail: string; buttons: string[] }[],
  forked: [] as { entry: string; args: string[]; env: Record<string, string> }[],
  child: null as unknown,
  badges: [] as number[],
  focus: () => {},
  app: {
    on: (_name: string, listener: () => void) => (electron.focus = listener),
    setBadgeCount: (count: number) => electron.badges.push(count),
  },
  powerSaveBlocker: {
    start: () => {
      electron.blockers.add(++electron.next)
      return electron.next
    },
    stop: (id: number) => electron.blockers.delete(id),
  },
  dialog: {
    showMessageBox: (...given: unknown[]) => {
      electron.boxes.push(given.at(-1) as (typeof electron.boxes)[number])
      return Promise.resolve({ response: electron.answer })
    },
  },
  Notification: class {
    static isSupported(): boolean {
      return true
    }
    note: { title: string; body: string; click: () => void }
    constructor(given: { title: string; body: string }) {
      this.note = { ...given, click: () => undefined }
    }
    on(_name: string, click: () => void): void {
      this.note.click = click
    }
    show(): void {
      electron.notes.push(this.note)
    }
  },
  utilityProcess: {
    fork: (entry: string, args: string[], options: { env: Record<string, string> }) => {
      electron.forked.push({ entry, args, env: options.env })
      return electron.child
    },
  },
}))
vi.mock('electron', () => electron)

const { showWork } = await import('../../../../../src-main/host/electron/electron-work.ts')
const { guardQuit } = await import('../../../../../src-main/host/electron/electron-quit.ts')
const { startUtilityWorker } = await import('../../../../../src-main/host/electron/electron-worker.ts')

const A = 'a'.repeat(64)
const progress = { epoch: 3, epochs: 10, fraction: 0.5 }

/** A service with settings and a queue, whose news the test tells. */
function open({ running = [] as object[], settings = {}, isFocused = false } = {}) {
  const listeners = new Map<string, (payload: unknown) => void>()
  const called: [string, unknown][] = []
  const bars: number[] = []
  const opened: string[] = []
  const service = {
    listen: (name: string, handler: (payload: unknown) => void) => listeners.set(name, handler),
    call: (method: string, params: unknown) => {
      called.push([method, params])
      if (method === 'settings.get') return Promise.resolve({ notify: true, blockSleep: true, ...settings })
      return Promise.resolve(method === 'queue.get' ? { running } : { ok: true })
    },
  } as never
  const window = { setProgressBar: (share: number) => bars.push(share), isFocused: () => isFocused } as never
  const tell = async (event: string, payload: unknown): Promise<void> => {
    listeners.get(event)?.(payload)
    await new Promise((resolve) => setTimeout(resolve, 0))
  }
  const changed = (status: string, more: object = {}) =>
    tell('runs.changed', {
      removed: [],
      runs: [{ id: A, name: 'Baseline', status, problem: null, ...more }],
    })
  const windowOf = () => window
  return { service, windowOf, tell, changed, bars, called, opened, openRun: (id: string) => opened.push(id) }
}

beforeEach(() => {
  electron.notes.length = 0
  electron.boxes.length = 0
  electron.badges.length = 0
  electron.blockers.clear()
  electron.answer = 0
})

describe('work in the task bar', () => {
  it('shows how far the run is, that it began, and nothing when none works', async () => {
    const { service, windowOf, openRun, tell, changed, bars } = open()
    const work = await showWork(service, windowOf, openRun)
    expect(bars).toEqual([-1])
    await changed('running')
    expect(bars.at(-1)).toBe(2)
    await tell('run.progress', { id: A, progress })
    expect(bars.at(-1)).toBeCloseTo(0.25)
    expect(work.running()).toEqual([{ id: A, name: 'Baseline' }])
    await changed('finished')
    expect([bars.at(-1), work.running()]).toEqual([-1, []])
    // Its last words are read late.
    await tell('run.progress', { id: A, progress })
    expect([bars.at(-1), work.running()]).toEqual([-1, []])
  })

  it('knows runs that worked before the window opened', async () => {
    const { service, windowOf, openRun, bars } = open({ running: [{ id: A, name: 'Old', progress }] })
    expect((await showWork(service, windowOf, openRun)).running()).toEqual([{ id: A, name: 'Old' }])
    expect(bars.at(-1)).toBeCloseTo(0.25)
  })

  it('keeps the machine awake while a run works, if the settings say so', async () => {
    const awake = open()
    await showWork(awake.service, awake.windowOf, awake.openRun)
    expect(electron.blockers.size).toBe(0)
    await awake.changed('running')
    await awake.tell('run.progress', { id: A, progress })
    expect(electron.blockers.size).toBe(1)
    await awake.changed('stopped')
    expect(electron.blockers.size).toBe(0)

    const asleep = open({ settings: { blockSleep: false } })
    await showWork(asleep.service, asleep.windowOf, asleep.openRun)
    await asleep.changed('running')
    expect(electron.blockers.size).toBe(0)
  })
})

describe('the end of a run', () => {
  it('is told when nobody looks, and leads to the run', async () => {
    const { service, windowOf, openRun, changed, opened } = open()
    await showWork(service, windowOf, openRun)
    await changed('running')
    await changed('failed', { problem: { code: 'disk-full', message: 'the disk is full.' } })
    expect(electron.notes).toMatchObject([{ title: 'Baseline failed', body: 'the disk is full.' }])
    electron.notes[0]?.click()
    expect(opened).toEqual([A])
    electron.focus()
    expect(electron.badges).toEqual([1, 0])
  })

  it.each([
    ['the window is in front', { isFocused: true }, 'finished'],
    ['the settings forbid it', { settings: { notify: false } }, 'finished'],
    ['a person stopped it', {}, 'stopped'],
  ])('is not told when %s', async (_why, options, status) => {
    const { service, windowOf, openRun, changed } = open(options)
    await showWork(service, windowOf, openRun)
    await changed('running')
    await changed(status)
    expect(electron.notes).toEqual([])
  })
})

describe('quitting', () => {
  const start = (names: readonly string[], outlive = true) => {
    const { service, windowOf, called } = open()
    let beforeQuit: (event: { preventDefault: () => void }) => void = () => undefined
    const quits: boolean[] = []
    const tryQuit = (): boolean => {
      let isStopped = false
      beforeQuit({ preventDefault: () => (isStopped = true) })
      return !isStopped
    }
    const app = {
      on: (_name: string, handler: typeof beforeQuit) => (beforeQuit = handler),
      quit: () => quits.push(tryQuit()),
    } as never
    let running = names.map((name) => ({ id: A, name }))
    const work = { running: () => running }
    const guard = guardQuit({ app, service, work, windowOf, outlive })
    const settle = () => new Promise((resolve) => setTimeout(resolve, 5))
    return { tryQuit, guard, quits, called, settle, end: () => (running = []) }
  }

  it('asks nothing while no run works', () => {
    const { tryQuit, guard } = start([])
    expect([tryQuit(), guard.mayClose(), electron.boxes]).toEqual([true, true, []])
  })

  it('lets the run go on in the background when that is chosen', async () => {
    const { tryQuit, quits, called, settle } = start(['Baseline'])
    expect(tryQuit()).toBe(false)
    await settle()
    expect(electron.boxes).toMatchObject([{ message: '"Baseline" is still training.' }])
    expect([quits, called]).toEqual([[true], []])
  })

  it('stops the run and the queue when that is chosen', async () => {
    electron.answer = 1
    const { guard, quits, called, settle } = start(['Baseline'])
    expect(guard.mayClose()).toBe(false)
    await settle()
    expect(called).toEqual([
      ['queue.pause', {}],
      ['runs.stop', { id: A, when: 'now' }],
    ])
    expect(quits).toEqual([true])
  })

  it('stays open when cancelled, asks once at a time, and asks again the next time', async () => {
    electron.answer = 2
    const { tryQuit, quits, settle } = start(['Baseline'])
    expect([tryQuit(), tryQuit()]).toEqual([false, false])
    await settle()
    expect([quits, electron.boxes.length]).toEqual([[], 1])
    expect(tryQuit()).toBe(false)
    await settle()
    expect(electron.boxes.length).toBe(2)
  })

  it('offers no background to a run that lives in the app, and waits for its checkpoint', async () => {
    const { tryQuit, quits, settle, end } = start(['Baseline'], false)
    tryQuit()
    await settle()
    expect(electron.boxes[0]?.buttons).toEqual(['Stop with a checkpoint', 'Cancel'])
    expect(quits).toEqual([])
    end()
    await vi.waitFor(() => expect(quits).toEqual([true]))
  })
})

describe('a worker in a process of Electron', () => {
  const child = () =>
    (electron.child = Object.assign(new EventEmitter(), {
      // Documented: no number before it runs and after it has ended.
      pid: undefined as number | undefined,
      stdout: new PassThrough(),
      stderr: new PassThrough(),
    }))

  it('is started with the entry and environment of the worker, and tells its news and its end', async () => {
    const forked = child()
    const output = join(temporaryFolder(), 'output.log')
    const news: unknown[] = []
    const command = {
      args: ['--enable-source-maps', '/app/worker.js'],
      env: { COTRAIN_HOME: '/home' },
    }
    const worker = startUtilityWorker(command, A, output, (item) => news.push(item))
    expect(worker.pid).toBe(0)
    forked.pid = 77
    forked.emit('spawn')
    expect(electron.forked.at(-1)).toMatchObject({ entry: '/app/worker.js', args: ['run', A] })
    expect(electron.forked.at(-1)?.env['COTRAIN_HOME']).toBe('/home')

    forked.stdout.write('{"type":"done","status":"finis')
    forked.stdout.write('hed","problems":[]}\nnoise of a library\n')
    forked.stderr.end('last words\n')
    await vi.waitFor(() => expect(readFileSync(output, 'utf8')).toBe('last words\n'))
    expect(news).toEqual([{ type: 'done', status: 'finished', problems: [] }])
    forked.pid = undefined
    forked.emit('exit', 1)
    expect(worker.pid).toBe(77)
    expect(await worker.ended).toEqual({ code: 1, signal: null })
  })
})
