import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { provisionNative } from '../../../../../../src-main/io/native/setup/provision.ts'

const CHILD = fileURLToPath(new URL('../../../../../support/signals-child.ts', import.meta.url))
const { kind } = await provisionNative()
/** The official package and a configured folder bring a binding of their own. */
const isOurs = kind === 'wheel' || kind === 'python'

it.skipIf(!isOurs || process.platform === 'win32')(
  'signals that arrive during operations leave memory and numbers as they are',
  async () => {
    const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), CHILD], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const said: string[] = []
    let signals: NodeJS.Timeout | undefined
    createInterface(child.stdout).on('line', (line) => {
      said.push(line)
      if (line.startsWith('ready')) signals = setInterval(() => child.kill('SIGUSR2'), 1)
    })
    const [code, killedBy] = (await once(child, 'close')) as [number | null, string | null]
    clearInterval(signals)
    expect({ code, killedBy }).toEqual({ code: 0, killedBy: null })
    expect(JSON.parse(said.at(-1) ?? '')).toEqual({ wrong: [] })
  },
)
