import { WIRE } from './wire.ts'

/** Name of the isolated world, and of the binding through which it reaches the main process. */
export const WORLD = 'Electron Isolated Context'
export const BINDING = '__toMain'

/**
 * Runs in the page's own world before its scripts: defines what the preload exposes. Every call goes to the isolated world
 * as an event of the document with cloned arguments, as nothing else is shared by the two.
 */
export const MAIN_WORLD = String.raw`(() => {
  ${WIRE}
  const calls = new Map()
  const handlers = new Map()
  let count = 0
  const send = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail: wire.pack(detail) }))
  const give = (value) => {
    if (typeof value === 'function') {
      const id = 'main-' + ++count
      handlers.set(id, value)
      return { $function: id }
    }
    if (value instanceof File) {
      const id = 'file-' + ++count
      return { $file: [value.name, value.size] }
    }
    return value
  }
  const remote = (id) => (...args) => {
    const call = ++count
    const made = new Promise((resolve, reject) => calls.set(call, { resolve, reject }))
    send('electron-call', { id, call, args: args.map(give) })
    const now = calls.get(call)?.now
    // A function of the bridge that returns at once is seen to return at once.
    if (now !== undefined) { calls.delete(call); return now.function ? remote(now.function) : now.value }
    return made
  }
  document.addEventListener('electron-now', ({ detail }) => {
    const { call, ...now } = wire.unpack(detail)
    calls.get(call).now = now
  })
  document.addEventListener('electron-settled', ({ detail }) => {
    const { call, value, error } = wire.unpack(detail)
    const { resolve, reject } = calls.get(call)
    calls.delete(call)
    if (error === undefined) resolve(value)
    else reject(error)
  })
  document.addEventListener('electron-handler', ({ detail }) => {
    const { id, args } = wire.unpack(detail)
    handlers.get(id)(...args)
  })
  document.addEventListener('electron-expose', ({ detail }) => {
    const { key, functions } = wire.unpack(detail)
    const api = Object.fromEntries(functions.map(([name, id]) => [name, remote(id)]))
    Object.defineProperty(globalThis, key, { value: Object.freeze(api), enumerable: true })
  })
})()`

/** Runs in the isolated world: the three modules of Electron that a sandboxed preload may use, and the preload itself. */
export const isolatedWorld = (preload: string): string => String.raw`(() => {
  // Preload scripts run in the main frame only.
  if (globalThis.top !== globalThis) return
  ${WIRE}
  const functions = new Map()
  const invoked = new Map()
  const listeners = new Map()
  let count = 0
  const dispatch = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail: wire.pack(detail) }))
  const only = (name, members) => new Proxy(members, {
    get: (target, key) => {
      if (key in target) return target[key]
      throw new Error('the stand-in of Electron has no ' + name + '.' + String(key))
    },
  })
  const take = (arg) => {
    if (arg?.$function !== undefined) return (...args) => dispatch('electron-handler', { id: arg.$function, args })
    if (arg?.$file !== undefined) return { $file: arg.$file }
    return arg
  }
  document.addEventListener('electron-call', ({ detail }) => {
    const { id, call, args } = wire.unpack(detail)
    const settle = (settled) => dispatch('electron-settled', { call, ...settled })
    try {
      const value = functions.get(id)(...args.map(take))
      if (typeof value?.then === 'function')
        return value.then((done) => settle({ value: done }), (error) => settle({ error }))
      if (typeof value === 'function') {
        const made = 'isolated-' + ++count
        functions.set(made, value)
        return dispatch('electron-now', { call, function: made })
      }
      dispatch('electron-now', { call, value })
    } catch (error) { settle({ error }) }
  })
  globalThis.__fromMain = (text) => {
    const message = wire.unpack(text)
    if (message.kind === 'answer') {
      const { resolve, reject } = invoked.get(message.call)
      invoked.delete(message.call)
      if (message.error === undefined) resolve(message.value)
      else reject(new Error(message.error))
    } else for (const listener of [...(listeners.get(message.channel) ?? [])]) listener({}, ...message.args)
  }
  globalThis.__paths = []
  const electron = only('electron', {
    contextBridge: only('contextBridge', {
      exposeInMainWorld: (key, api) => {
        const named = Object.entries(api).map(([name, value]) => {
          if (typeof value !== 'function') throw new Error('the stand-in exposes functions only: ' + name)
          const id = 'isolated-' + ++count
          functions.set(id, value)
          return [name, id]
        })
        dispatch('electron-expose', { key, functions: named })
      },
    }),
    ipcRenderer: only('ipcRenderer', {
      invoke: (channel, ...args) => new Promise((resolve, reject) => {
        const call = ++count
        invoked.set(call, { resolve, reject })
        globalThis.${BINDING}(wire.pack({ call, channel, args }))
      }),
      on: (channel, listener) => void listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
      off: (channel, listener) =>
        void listeners.set(channel, (listeners.get(channel) ?? []).filter((known) => known !== listener)),
    }),
    webUtils: only('webUtils', {
      // The path of a file that was dropped by a person; a file that a script has made has none.
      getPathForFile: (file) => globalThis.__paths.find(({ name, size }) => name === file.$file[0] && size === file.$file[1])?.path ?? '',
    }),
  })
  const require = (name) => {
    if (name === 'electron') return electron
    throw new Error('module not found: ' + name)
  }
  ;((require, module, exports, process, Buffer) => {
${preload}
  })(require, { exports: {} }, {}, undefined, undefined)
})()`
