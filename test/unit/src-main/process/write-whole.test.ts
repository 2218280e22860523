import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, openSync, writeSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeWhole } from '../../../../src-main/process/write-whole.ts'
import { temporaryFolder } from '../../../support/temp-folder.ts'

const scratch = temporaryFolder()

it.skipIf(process.platform === 'win32')('loses nothing on a full pipe whose reader is late', async () => {
  const pipe = join(scratch, 'pipe')
  execFileSync('mkfifo', [pipe])
  const fd = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK)
  const line = `${'x'.repeat(999)}\n`
  let before = 0
  expect(() => {
    for (;;) before += writeSync(fd, line)
  }).toThrow('EAGAIN')
  const reader = spawn('sh', ['-c', `sleep 1; head -c ${before + 300_000} pipe > read.txt`], { cwd: scratch })
  const ended = once(reader, 'close')
  for (let i = 0; i < 300; i++) writeWhole(fd, line)
  await ended
  closeSync(fd)
  expect((await readFile(join(scratch, 'read.txt'))).length).toBe(before + 300_000)
})
