import { spawn } from 'node:child_process'

export interface Ended {
  /** Exit code; null where a signal ended it. */
  readonly code: number | null
  readonly out: string
  readonly err: string
  readonly isLate: boolean
}

export interface LimitedOptions {
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  readonly seconds: number
}

const KEPT = 200_000

/**
 * Runs a program with everything that it starts, in a process group of its own, and ends the whole group when the time is up or
 * this process is interrupted. Its messages are shown as they come.
 */
export function runLimited(
  program: string,
  args: readonly string[],
  options: LimitedOptions,
): Promise<Ended> {
  const { env, cwd, seconds } = options
  return new Promise((resolve, reject) => {
    // A group of its own is not ended by Ctrl-C: `end` does it. Windows has no such groups.
    const detached = process.platform !== 'win32'
    const child = spawn(program, args, { env, cwd, detached, stdio: ['ignore', 'pipe', 'pipe'] })
    let [out, err] = ['', '']
    let isLate = false
    const end = (): void => {
      if (child.pid === undefined) return
      try {
        process.kill(detached ? -child.pid : child.pid, 'SIGKILL')
      } catch {
        // it ended by itself meanwhile
      }
    }
    const interrupted = (): void => {
      end()
      process.exit(130)
    }
    const timer = setTimeout(() => {
      isLate = true
      end()
    }, 1000 * seconds)
    process.once('SIGINT', interrupted)
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out = (out + text).slice(-KEPT)))
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err = (err + text).slice(-KEPT)
      process.stderr.write(text)
    })
    const done = (): void => {
      clearTimeout(timer)
      process.off('SIGINT', interrupted)
    }
    child.once('error', (error) => {
      done()
      reject(error)
    })
    child.once('close', (code) => {
      done()
      resolve({ code, out, err, isLate })
    })
  })
}
