import { syncBuiltinESMExports } from 'node:module'
import fs from 'node:fs'
import promises from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { resolve } from 'node:path'

/** One call on a file below the watched folder, before it is made. */
export interface FileCall {
  readonly does: Deed
  readonly path: string
  /** New name, of a rename. */
  readonly to?: string
  /** What is written, and where in the file. */
  readonly bytes?: Buffer
  readonly at?: number
  /** Of an open: whether it makes the file, and whether it empties it. */
  readonly creates?: boolean
  readonly empties?: boolean
  /** It is made on an open file: the system's error names none then. */
  readonly isOpen?: boolean
}
export type Deed =
  | 'open' | 'close' | 'read' | 'write' | 'sync' | 'rename' | 'unlink' | 'remove-tree' | 'mkdir' | 'list' | 'look' | 'touch' // prettier-ignore

/** What to do in place of the call: throw this, write only so many bytes (and say so, or throw), do nothing, or do it and throw. */
export interface Fault {
  readonly error?: Error
  readonly bytes?: number
  readonly instead?: 'nothing' | 'done'
}

export interface Watcher {
  /** Told before each call; what it returns is done instead. */
  before(call: FileCall): Fault | null
  /** Told after a call that succeeded. */
  after?(call: FileCall): void
}

interface OpenFile {
  readonly path: string
  /** Where the next write goes; null: to the end. */
  at: number | null
  readonly writes: boolean
}

/**
 * Puts a watcher between all code of this process and the files below `root`: every function of node:fs and node:fs/promises
 * that the store uses, also those that it reaches past its own interface. Returns a function that takes it away.
 */
export function watchFiles(root: string, watcher: Watcher): () => void {
  const kept = { ...fs }
  const keptPromises = { ...promises }
  const files = new Map<number, OpenFile>()
  const replaced = new Set<string>()
  /** Node builds some functions of others: only the outer call counts. */
  let depth = 0

  const isBelow = (path: unknown): path is string =>
    typeof path === 'string' && (resolve(path) === root || resolve(path).startsWith(`${root}/`))
  const inner = <T>(work: () => T): T => {
    depth++
    try {
      return work()
    } finally {
      depth--
    }
  }
  /** The call with what the watcher makes of it. */
  const through = <T>(call: FileCall, work: (bytes?: number) => T): T => {
    const fault = watcher.before(call)
    if (fault === null) {
      const result = inner(work)
      watcher.after?.(call)
      return result
    }
    if (fault.bytes !== undefined) {
      const part = { ...call, bytes: call.bytes?.subarray(0, fault.bytes) ?? Buffer.alloc(0) }
      const result = fault.bytes > 0 ? inner(() => work(fault.bytes)) : (0 as T)
      watcher.after?.(part)
      if (fault.error !== undefined) throw fault.error
      return result
    }
    if (fault.instead === 'done') {
      inner(work)
      watcher.after?.(call)
    }
    if (fault.error !== undefined) throw fault.error
    return undefined as T
  }
  const sizeOf = (path: string): number =>
    inner(() => kept.statSync(path, { throwIfNoEntry: false })?.size ?? 0)
  const isThere = (path: string): boolean =>
    inner(() => kept.statSync(path, { throwIfNoEntry: false }) !== undefined)
  const opening = (path: string, flags: string): FileCall => {
    const there = isThere(path)
    return {
      does: 'open',
      path,
      creates: !there && /[wa]/.test(flags),
      empties: there && flags.startsWith('w'),
    }
  }
  const bytesOf = (data: unknown): Buffer =>
    typeof data === 'string' ? Buffer.from(data) : Buffer.from(data as Uint8Array)

  const watched = <K extends keyof typeof fs>(name: K, make: (real: never) => unknown): void => {
    const real = kept[name]
    replaced.add(name)
    const replacement = make(real as never) as (...args: unknown[]) => unknown
    ;(fs as Record<string, unknown>)[name] = (...args: unknown[]) =>
      depth > 0 ? (real as (...args: unknown[]) => unknown)(...args) : replacement(...args)
  }
  const one = (name: keyof typeof fs, does: Deed): void =>
    watched(name, (real: (...args: unknown[]) => unknown) => (path: unknown, ...rest: unknown[]) => {
      if (!isBelow(path)) return real(path, ...rest)
      if (does === 'unlink' && !isThere(path)) return real(path, ...rest)
      const isTree = name === 'rmSync' && (rest[0] as { recursive?: boolean } | undefined)?.recursive === true
      return through({ does: isTree ? 'remove-tree' : does, path }, () => real(path, ...rest))
    })
  one('mkdirSync', 'mkdir')
  one('rmSync', 'unlink')
  one('unlinkSync', 'unlink')
  one('readdirSync', 'list')
  one('statSync', 'look')
  one('utimesSync', 'touch')
  one('readFileSync', 'read')
  watched(
    'renameSync',
    (real: typeof fs.renameSync) => (from: string, to: string) =>
      isBelow(from) ? through({ does: 'rename', path: from, to }, () => real(from, to)) : real(from, to),
  )
  watched('openSync', (real: typeof fs.openSync) => (path: string, flags: string = 'r', mode?: number) => {
    if (!isBelow(path)) return real(path, flags, mode)
    const fd = through(opening(path, flags), () => real(path, flags, mode))
    files.set(fd, { path, at: flags.startsWith('a') ? null : 0, writes: flags !== 'r' })
    return fd
  })
  watched('closeSync', (real: typeof fs.closeSync) => (fd: number) => {
    const file = files.get(fd)
    files.delete(fd)
    // What was only read closes without a word.
    return file?.writes !== true
      ? real(fd)
      : through({ does: 'close', path: file.path, isOpen: true }, () => real(fd))
  })
  watched('fsyncSync', (real: typeof fs.fsyncSync) => (fd: number) => {
    const file = files.get(fd)
    return file === undefined
      ? real(fd)
      : through({ does: 'sync', path: file.path, isOpen: true }, () => real(fd))
  })
  for (const name of ['readSync', 'fstatSync'] as const)
    watched(name, (real: (...args: unknown[]) => unknown) => (fd: number, ...rest: unknown[]) => {
      const file = files.get(fd)
      if (file === undefined) return real(fd, ...rest)
      return through({ does: 'read', path: file.path, isOpen: true }, () => real(fd, ...rest))
    })
  watched('writeSync', (real: typeof fs.writeSync) => (fd: number, data: string | Uint8Array, offset = 0) => {
    const file = files.get(fd)
    if (file === undefined) return real(fd, data as Uint8Array, offset)
    const bytes = bytesOf(data).subarray(offset)
    const at = file.at ?? sizeOf(file.path)
    const done = through({ does: 'write', path: file.path, bytes, at, isOpen: true }, (most = bytes.length) =>
      real(fd, bytes, 0, most),
    )
    if (file.at !== null) file.at += done
    return done
  })
  const whole = (name: 'writeFileSync' | 'appendFileSync', flags: string): void =>
    watched(name, (real: typeof fs.writeFileSync) => (path: string, data: string | Uint8Array) => {
      if (!isBelow(path)) return real(path, data)
      const fd = fs.openSync(path, flags)
      try {
        fs.writeSync(fd, bytesOf(data))
      } finally {
        fs.closeSync(fd)
      }
    })
  whole('writeFileSync', 'w')
  whole('appendFileSync', 'a')

  const watchedHandle = (handle: FileHandle, path: string): FileHandle => {
    let at = 0
    const real = { sync: handle.sync.bind(handle), append: handle.appendFile.bind(handle) }
    handle.sync = () => later({ does: 'sync', path, isOpen: true }, real.sync)
    handle.appendFile = (data) => {
      const bytes = bytesOf(data)
      const call: FileCall = { does: 'write', path, bytes, at, isOpen: true }
      at += bytes.length
      return later(call, (most = bytes.length) => real.append(bytes.subarray(0, most)))
    }
    return handle
  }
  /** As `through`, for what ends later. A write that is cut short is always told: these functions write on by themselves. */
  const later = async <T>(call: FileCall, work: (bytes?: number) => Promise<T>): Promise<T> => {
    const fault = watcher.before(call)
    if (fault?.bytes !== undefined && fault.error !== undefined) {
      await work(fault.bytes)
      watcher.after?.({ ...call, bytes: call.bytes?.subarray(0, fault.bytes) ?? Buffer.alloc(0) })
      throw fault.error
    }
    if (fault?.error !== undefined && fault.instead !== 'done') throw fault.error
    if (fault?.instead === 'nothing') return undefined as T
    const result = await work()
    watcher.after?.(call)
    if (fault?.error !== undefined) throw fault.error
    return result
  }
  const setPromise = (name: string, replacement: unknown): void => {
    replaced.add(name)
    ;(promises as unknown as Record<string, unknown>)[name] = replacement
  }
  setPromise('open', async (path: string, flags = 'r', mode?: number) => {
    if (!isBelow(path)) return keptPromises.open(path, flags, mode)
    const handle = await later(opening(path, flags), () => keptPromises.open(path, flags, mode))
    return watchedHandle(handle, path)
  })
  setPromise('rename', (from: string, to: string) =>
    isBelow(from)
      ? later({ does: 'rename', path: from, to }, () => keptPromises.rename(from, to))
      : keptPromises.rename(from, to),
  )
  setPromise('rm', (path: string, options?: { recursive?: boolean; force?: boolean }) => {
    if (!isBelow(path) || !isThere(path)) return keptPromises.rm(path, options)
    const does = options?.recursive === true ? 'remove-tree' : 'unlink'
    return later({ does, path }, () => keptPromises.rm(path, options))
  })
  setPromise('mkdir', (path: string, options?: { recursive: boolean }) =>
    isBelow(path)
      ? later({ does: 'mkdir', path }, () => keptPromises.mkdir(path, options))
      : keptPromises.mkdir(path, options),
  )
  syncBuiltinESMExports()
  return () => {
    Object.assign(fs, pick(kept, replaced))
    Object.assign(promises, pick(keptPromises, replaced))
    syncBuiltinESMExports()
  }
}

const pick = (all: object, names: ReadonlySet<string>): object =>
  Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)))

/** An error as the system gives it. */
export function systemError(code: string, { does, path, isOpen }: FileCall): Error {
  const syscall = SYSCALL[does]
  const error = new Error(`${code}: a fault of the test, ${syscall} '${path}'`)
  const named = isOpen === true ? {} : { path }
  return Object.assign(error, { code, syscall, ...named })
}

const SYSCALL: Readonly<Record<Deed, string>> = {
  open: 'open',
  close: 'close',
  read: 'read',
  write: 'write',
  sync: 'fsync',
  rename: 'rename',
  unlink: 'unlink',
  'remove-tree': 'rm',
  mkdir: 'mkdir',
  list: 'scandir',
  look: 'stat',
  touch: 'utime',
}
