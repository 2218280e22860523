import { register } from 'node:module'
import { pathToFileURL } from 'node:url'
import { becomeReady } from './app.ts'
import { tell } from './state.ts'

/**
 * Electron's part of a start: `node --import tsx launch.ts <main module>`. The program is Electron to whoever asks; `electron`
 * is the stand-in; and the app becomes ready when, and only when, the main module has been evaluated.
 */
Object.defineProperty(process.versions, 'electron', { value: '45.4.1' })
Object.defineProperty(process, 'type', { value: 'browser' })
Object.defineProperty(process, 'resourcesPath', {
  value: process.env['STAND_IN_RESOURCES'] ?? import.meta.dirname,
})

const standIn = pathToFileURL(new URL('./electron.ts', import.meta.url).pathname).href
const hooks = `export const resolve = (name, context, next) =>
  next(name === 'electron' ? ${JSON.stringify(standIn)} : name, context)`
register(`data:text/javascript,${encodeURIComponent(hooks)}`)

const [main = ''] = process.argv.slice(2)
process.argv.splice(1, 2, main)
// A main module that awaits what comes after it keeps this from ever going on, as in Electron.
import(pathToFileURL(main).href).then(becomeReady, (error: unknown) => {
  tell({ kind: 'fault', text: error instanceof Error ? String(error.stack) : String(error) })
  process.exit(1)
})
// Electron lives on without anything to wait for.
setInterval(() => undefined, 1 << 30)
