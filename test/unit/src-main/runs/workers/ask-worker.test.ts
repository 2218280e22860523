import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import { answerLine, askWorker, progressLine } from '../../../../../src-main/runs/workers/ask-worker.ts'
import type { Question } from '../../../../../src-main/runs/workers/ask-worker.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const folder = temporaryFolder()
const answer = z.object({ sum: z.number() })

/** Asks a process that runs this script for the sum of 1 and 2. */
function ask(script: string, more: Partial<Question<typeof answer>> = {}) {
  const file = join(folder, 'worker.mjs')
  writeFileSync(file, script)
  const command = { args: [file], env: { SECRET: 'known' } }
  const question = { job: 'time', folder, request: { values: [1, 2] }, answer, doing: 'adding' } as const
  return askWorker(command, { ...question, ...more })
}

const problemOf = async (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => null,
    (error: unknown) => (error instanceof CotrainError ? error.problems[0] : error),
  )

describe('a worker that is asked one thing', () => {
  it('gets job, folder, request and environment, and answers between other lines', async () => {
    const said: unknown[] = []
    const script = `import { text } from 'node:stream/consumers'
      const { values } = JSON.parse(await text(process.stdin))
      const [job, folder] = process.argv.slice(2)
      if (job !== 'time' || folder !== ${JSON.stringify(folder)} || process.env.SECRET !== 'known') process.exit(9)
      console.log('a library is loaded')
      console.log(${JSON.stringify(progressLine('half', 0.5))})
      console.log(JSON.stringify({ answer: { sum: values[0] + values[1] } }))
      console.log('and unloaded')`
    const progress = (...news: unknown[]): void => void said.push(news)
    expect(await ask(script, { progress })).toEqual({ sum: 3 })
    expect(said).toEqual([['half', 0.5]])
  })

  it('answers with what is wrong, in the words of whoever found it', async () => {
    const fault = { code: 'data-missing', path: 'x.npz', message: 'it is not there.' } as const
    const line = await answerLine(() => Promise.reject(new CotrainError(fault)))
    expect(await problemOf(ask(`console.log(${JSON.stringify(line)})`))).toEqual(fault)
    expect(await answerLine(() => Promise.resolve({ sum: 3 }))).toBe('{"answer":{"sum":3}}')
  })

  it('leaves its last words when it ends without an answer', async () => {
    expect(await problemOf(ask('console.error("no library"); process.exit(4)'))).toEqual({
      code: 'engine-failed',
      message: 'adding failed (exit 4): no library',
    })
    expect(await problemOf(ask('process.kill(process.pid, "SIGILL")'))).toMatchObject({
      message: 'adding failed (exit SIGILL): ',
    })
    expect(await problemOf(ask('process.kill(process.pid, "SIGKILL")'))).toMatchObject({
      code: 'out-of-memory',
    })
  })

  it('ends with the reason of whoever calls it off', async () => {
    const stop = new AbortController()
    const reason = new CotrainError({ code: 'cancelled', message: 'another one is wanted.' })
    const asked = ask(`console.log('{"progress":"on","fraction":null}'); setInterval(() => {}, 1000)`, {
      signal: stop.signal,
      progress: () => stop.abort(reason),
    })
    expect(await problemOf(asked)).toEqual(reason.problems[0])
  })
})
