import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Job, Ready, Round } from './contender.ts'
import { ready, round } from './contender.ts'

/** A contender that runs in a process of its own. */
export interface Running {
  readonly first: Ready
  /** Asks for one round and waits for it. */
  round(): Promise<Round>
  /** Ends the process and waits for its end. */
  end(): Promise<void>
}

/** The command of a contender, without its job. */
export type Command = readonly [program: string, ...args: readonly string[]]

/**
 * Starts a contender and waits until it is ready. A line of its output that begins with @ is an answer, all else is
 * evidence for when it fails. @throws Error when it ends without an answer
 */
export async function startContender([program, ...args]: Command, job: Job): Promise<Running> {
  const child = spawn(program, [...args, JSON.stringify(job)], { stdio: ['pipe', 'pipe', 'pipe'] })
  const said: string[] = []
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  // One that has ended by itself has said why.
  child.stdin.on('error', () => undefined)
  child.stderr.on('data', (data: Buffer) => void said.push(data.toString()))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async (): Promise<unknown> => {
    for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
      if (next.value.startsWith('@')) return JSON.parse(next.value.slice(1))
      said.push(`${next.value}\n`)
    }
    const code = await ended
    const told = said.join('').trim().split('\n')
    const why = told.findLast((line) => /Error/.test(line)) ?? told.at(-1) ?? ''
    throw new Error(`${program} ended with ${code}: ${why.trim()}`)
  }
  return {
    first: ready.parse(await answer()),
    round: async () => {
      child.stdin.write('round\n')
      return round.parse(await answer())
    },
    end: async () => {
      child.stdin.end('end\n')
      await ended
    },
  }
}
