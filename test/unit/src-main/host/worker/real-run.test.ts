import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Result } from '../../../../../src-shared/contract/contract.ts'
import { cotrainHome } from '../../../../../src-main/disk/home.ts'
import { runLayout } from '../../../../../src-main/store/files/layout.ts'
import { lockHolder } from '../../../../../src-main/disk/file-lock.ts'
import { readLive, readRecord } from '../../../../../src-main/store/files/run-folder.ts'
import { tinyYaml } from '../../../../e2e/tiny-training.ts'
import { nativeAvailable } from '../../../../support/backend.ts'
import { until } from '../../../../support/lab.ts'
import { smallNeuralYaml } from '../../../../support/small-neural-yaml.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const folder = temporaryFolder()
const root = join(import.meta.dirname, '../../../../..')

/** A home that shares the native engine of this machine, where there is one. */
function homeWith(engine: 'native' | 'wasm', name: string = engine) {
  const home = join(folder, name)
  mkdirSync(home)
  if (engine === 'native') symlinkSync(join(cotrainHome(), 'engine'), join(home, 'engine'))
  writeFileSync(join(home, 'small.yaml'), smallNeuralYaml({ epochs: 5, seed: 3 }))
  const env = { ...process.env, COTRAIN_HOME: home, COTRAIN_ENGINE: engine, TF_NUM_INTRAOP_THREADS: '2' }
  const command = [join(root, 'scripts/cotrain.mjs')]
  const options = { cwd: home, env, encoding: 'utf8' as const }
  return {
    folder: home,
    files: (id: string) => runLayout(join(home, 'runs', id)),
    start: (...args: string[]) => spawn(process.execPath, [...command, ...args], options),
    ask: <T>(...args: string[]): T => {
      const done = spawnSync(process.execPath, [...command, ...args, '--json'], options)
      if (done.status !== 0) throw new Error(`${args.join(' ')}: ${done.stdout}${done.stderr}`)
      return JSON.parse(done.stdout) as T
    },
  }
}

type Runs = Result<'runs.list'>['runs']

const engines = (await nativeAvailable()) ? (['native', 'wasm'] as const) : (['wasm'] as const)

it('is exported whole when its data are gone', () => {
  const home = homeWith(engines[0], 'exported')
  writeFileSync(join(home.folder, 'bars.yaml'), tinyYaml(join(home.folder, 'home'), 1))
  const id = home.ask<Runs>('run', 'bars.yaml')[0]?.id ?? ''
  const everything = (): Record<string, string> =>
    Object.fromEntries(
      ['config', 'metrics', 'neurons', 'result', 'weights'].map((what) => {
        const out = join(home.folder, what)
        home.ask('export', id, '--what', what, '--out', out)
        return [what, createHash('sha256').update(readFileSync(out)).digest('hex')]
      }),
    )
  const before = everything()
  for (const gone of ['MNIST', 'index', 'cache']) rmSync(join(home.folder, gone), { recursive: true })
  expect(everything()).toEqual(before)
})

describe.each(engines)('a real run on the %s engine', (engine) => {
  const home = homeWith(engine)
  let id = ''

  it('shows as interrupted when its worker is killed in mid-epoch, and resume finishes it', async () => {
    id = home.ask<Runs>('run', 'small.yaml', '--no-wait')[0]?.id ?? ''
    const { folder: run, lock } = home.files(id)
    const cli = home.start('queue', 'work')
    await until('it trains', () => readRecord(run).status === 'running' && (readLive(run)?.step ?? 0) > 5)
    process.kill(lockHolder(lock)?.pid ?? 0, 'SIGKILL')
    const code = await new Promise((resolve) => cli.once('exit', resolve))
    expect(code).toBe(1)
    expect(home.ask<{ runs: Runs }>('runs').runs[0]).toMatchObject({ id, status: 'interrupted' })
    expect(existsSync(home.files(id).weights)).toBe(false)
    expect(home.ask<Runs>('resume', id.slice(0, 10))[0]).toMatchObject({ id, status: 'finished' })
    expect(readRecord(run).segment).toBe(2)
  })

  it('ends bit for bit as an undisturbed repeat, which has the same scores', () => {
    expect(home.ask<Runs>('run', 'small.yaml')[0]).toMatchObject({ id, status: 'finished' })
    const repeat = home.ask<Runs>('run', 'small.yaml', '--force')[0]
    expect(repeat).toMatchObject({ status: 'finished' })
    expect(repeat?.id).not.toBe(id)
    const [first, second] = [id, repeat?.id ?? ''].map((run) => {
      const { weights, arrays, result } = home.files(run)
      const { scores } = JSON.parse(readFileSync(result, 'utf8')) as { scores: Record<string, number> }
      const { 'Time/seconds': _time, ...kept } = scores
      // The header names the run; what follows are the numbers.
      const numbers = (path: string): string => {
        const file = readFileSync(path)
        return file.subarray(8 + Number(file.readBigUInt64LE(0))).toString('base64')
      }
      return { kept, weights: numbers(weights), arrays: numbers(arrays) }
    })
    expect(first?.kept).toEqual(second?.kept)
    expect(first?.weights === second?.weights).toBe(true)
    expect(first?.arrays === second?.arrays).toBe(true)
    expect(Object.keys(first?.kept ?? {})).toContain('FinalTest/v1/avg_correlation')
  })
})
