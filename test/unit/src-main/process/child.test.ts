import { describe, expect, it } from 'vitest'
import { runChild, watchChild } from '../../../../src-main/process/child.ts'

const node = (script: string): string[] => ['-e', script]
const forever = node('console.log("here"); setInterval(() => {}, 1000)')

describe('a program in a child process', () => {
  it('gets its input and tells its lines, also those that come in pieces', async () => {
    const lines: string[] = []
    const script = `process.stdin.on('data', (d) => process.stdout.write(String(d))).on('end', () => {
      process.stdout.write('thi'); setTimeout(() => process.stdout.write('rd\\r\\nrest'), 50) })`
    const end = await watchChild(process.execPath, node(script), {
      input: 'first\nsecond\n',
      onLine: (line) => lines.push(line),
    })
    expect(lines).toEqual(['first', 'second', 'third'])
    expect(end).toEqual({ code: 0, killedBy: null, stdout: 'first\nsecond\nthird\r\nrest', stderr: '' })
  })

  it('gets the variables that it is given, and of ours all or those that are named', async () => {
    const script = node(
      'console.log(JSON.stringify([process.env.PATH !== undefined, process.env.USED, process.env.HOME]))',
    )
    const answer = async (options: Parameters<typeof watchChild>[2]): Promise<unknown> =>
      JSON.parse((await watchChild(process.execPath, script, options)).stdout)
    expect(await answer({ env: { USED: 'yes', HOME: '/ours' } })).toEqual([true, 'yes', '/ours'])
    expect(await answer({ inherited: ['PATH'], env: { USED: 'yes' } })).toEqual([true, 'yes', null])
    expect(await answer({ env: { HOME: undefined } })).toEqual([true, null, null])
  })

  it('is killed by its signal, also one that was given before, and its end is awaited', async () => {
    const stop = new AbortController()
    const end = await watchChild(process.execPath, forever, {
      signal: stop.signal,
      onLine: () => stop.abort(),
    })
    expect(end).toMatchObject({ code: null, killedBy: 'SIGKILL', stdout: 'here\n' })
    const early = await watchChild(process.execPath, forever, { signal: AbortSignal.abort() })
    expect(early.killedBy).toBe('SIGKILL')
  })

  it('ends as it does, with its last words', async () => {
    const failed = await watchChild(process.execPath, node('console.error("why"); process.exit(3)'))
    expect(failed).toMatchObject({ code: 3, killedBy: null, stderr: 'why\n' })
    const died = await watchChild(process.execPath, node('process.kill(process.pid, "SIGILL")'))
    expect(died).toMatchObject({ code: null, killedBy: 'SIGILL' })
    await expect(watchChild('/no/such/program', [])).rejects.toThrow('ENOENT')
  })

  it('is refused when it is cancelled or takes too long', async () => {
    const stop = new AbortController()
    const run = runChild(process.execPath, forever, {
      signal: stop.signal,
      onLine: () => stop.abort(new Error('not wanted')),
    })
    await expect(run).rejects.toThrow('not wanted')
    await expect(runChild(process.execPath, forever, { timeoutMs: 300 })).rejects.toThrow(
      'was stopped after 300 ms',
    )
  })
})
