import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { cotrainHome } from '../../src-main/disk/home.ts'
import { nativeAvailable } from './backend.ts'

const root = join(import.meta.dirname, '../..')

/**
 * The command line on a home of its own, which shares the native engine of this machine where there is one. The embedded engine
 * starts in a tenth of the time: for what does not depend on the engine.
 */
export async function terminal(home: string, wanted?: 'wasm') {
  mkdirSync(home, { recursive: true })
  const engine = wanted ?? ((await nativeAvailable()) ? 'native' : 'wasm')
  const own = join(home, 'engine')
  if (engine === 'native' && !existsSync(own)) symlinkSync(join(cotrainHome(), 'engine'), own)
  const env = { ...process.env, COTRAIN_HOME: home, COTRAIN_ENGINE: engine, TF_NUM_INTRAOP_THREADS: '2' }
  const say = (...args: string[]) => {
    const command = [join(root, 'scripts/cotrain.mjs'), ...args]
    const { status, stdout, stderr } = spawnSync(process.execPath, command, {
      cwd: home,
      env,
      encoding: 'utf8',
    })
    return { status, stdout, stderr }
  }
  return {
    home,
    say,
    /** The result of a command that succeeds. */
    ask: <T>(...args: string[]): T => {
      const { status, stdout, stderr } = say(...args, '--json')
      if (status !== 0) throw new Error(`${args.join(' ')}: ${stdout}${stderr}`)
      return JSON.parse(stdout) as T
    },
    /** What a command that is refused says. */
    refusal: (...args: string[]): string => {
      const { status, stdout, stderr } = say(...args)
      if (status === 0) throw new Error(`${args.join(' ')} was done: ${stdout}`)
      return stderr
    },
  }
}
export type Terminal = Awaited<ReturnType<typeof terminal>>
