import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { guardedEnvironment } from '../../../support/network-guard.ts'
import { temporaryFolder } from '../../../support/temp-folder.ts'

const folder = temporaryFolder()
let runs = 0

/** Runs a program under the guard and returns what the guard wrote. */
function attempts(program: string): string {
  const log = join(folder, `network-${runs++}.log`)
  const args = ['--input-type=module', '-e', program]
  spawnSync(process.execPath, args, { env: { ...process.env, ...guardedEnvironment(log) } })
  return existsSync(log) ? readFileSync(log, 'utf8') : ''
}

it('sees a connection to another machine by number, by name, from a thread and from a child process', () => {
  // 192.0.2.0/24 is set aside for documentation: nothing answers there.
  expect(attempts(`await fetch('http://192.0.2.1/').catch(() => 0)`)).toMatch(/^192\.0\.2\.1:80 by/)
  expect(attempts(`await fetch('https://example.invalid/').catch(() => 0)`)).toMatch(/^example\.invalid/)
  const inThread = `require('node:net').connect(443, '192.0.2.2').on('error', () => 0)`
  const thread = `import { Worker } from 'node:worker_threads'; new Worker(${JSON.stringify(inThread)}, { eval: true, execArgv: [] })`
  expect(attempts(thread)).toMatch(/^192\.0\.2\.2:443/)
  const child = `import { spawnSync } from 'node:child_process'; spawnSync(process.execPath, ['-e', ${JSON.stringify(inThread)}])`
  expect(attempts(child)).toMatch(/^192\.0\.2\.2:443/)
})

it('lets a process talk to its own machine', () => {
  const talk = `
    import { createServer } from 'node:http'
    const server = createServer((_, answer) => answer.end('here')).listen(0, '127.0.0.1', async () => {
      const text = await (await fetch('http://127.0.0.1:' + server.address().port)).text()
      server.close()
      if (text !== 'here') await fetch('http://192.0.2.3/')
    })`
  expect(attempts(talk)).toBe('')
})
