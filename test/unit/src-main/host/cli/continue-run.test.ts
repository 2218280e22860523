import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Result } from '../../../../../src-shared/contract/contract.ts'
import { runLayout } from '../../../../../src-main/store/files/layout.ts'
import { readRecord } from '../../../../../src-main/store/files/run-folder.ts'
import { cotrainHome } from '../../../../../src-main/disk/home.ts'
import { nativeAvailable } from '../../../../support/backend.ts'
import { smallNeuralYaml } from '../../../../support/small-neural-yaml.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const folder = temporaryFolder()
const hasNative = await nativeAvailable()
const root = join(import.meta.dirname, '../../../../..')

type Runs = Result<'runs.list'>['runs']

/** A home of a few images on the engine of this machine. Every checkpoint is kept. */
function home(name: string) {
  const place = join(folder, name)
  mkdirSync(place)
  if (hasNative) symlinkSync(join(cotrainHome(), 'engine'), join(place, 'engine'))
  const command = (args: readonly string[]) =>
    spawnSync(process.execPath, [join(root, 'scripts/cotrain.mjs'), ...args], {
      cwd: place,
      env: { ...process.env, COTRAIN_HOME: place, TF_NUM_INTRAOP_THREADS: '2' },
      encoding: 'utf8',
    })
  const ask = (...args: string[]): Runs => {
    const done = command([...args, '--json'])
    if (done.status !== 0) throw new Error(`${args.join(' ')}: ${done.stdout}${done.stderr}`)
    return JSON.parse(done.stdout) as Runs
  }
  const config = (epochs: number): string => {
    const file = `epochs-${epochs}.yaml`
    const text = smallNeuralYaml({ epochs, seed: 3 })
    writeFileSync(
      join(place, file),
      text
        .replace('n_images: 320', 'n_images: 96')
        .replace('optimizer: Adam', 'optimizer: Adam\n    chkpt_options: { keep_every_n: 1 }'),
    )
    return file
  }
  const numbers = (id: string) => {
    const { weights, result } = runLayout(join(place, 'runs', id))
    const file = readFileSync(weights)
    const { scores } = JSON.parse(readFileSync(result, 'utf8')) as { scores: Record<string, number> }
    const { 'Time/seconds': _time, ...kept } = scores
    // The header names the run; what follows are the numbers.
    return { weights: file.subarray(8 + Number(file.readBigUInt64LE(0))).toString('base64'), kept }
  }
  const record = (id: string) => readRecord(runLayout(join(place, 'runs', id)).folder)
  /** Gives a finished run options that were accepted when nothing said that they have no effect. */
  const age = (id: string, options: object): void => {
    const { record: file } = runLayout(join(place, 'runs', id))
    const old = JSON.parse(readFileSync(file, 'utf8')) as { config: { trainer: { config: object } } }
    Object.assign(old.config.trainer.config, options)
    writeFileSync(file, JSON.stringify(old))
  }
  const train = (epochs: number): string => ask('run', config(epochs))[0]?.id ?? ''
  return { age, ask, command, numbers, place, record, train }
}

describe('a run that goes on', () => {
  it('from 2 to 4 epochs equals, bit for bit, 4 epochs from the start', () => {
    const here = home('longer')
    const short = here.train(2)
    const longer = here.ask('continue', short.slice(0, 10), '--max-iter', '4')[0]?.id ?? ''
    expect(longer).not.toBe(short)
    const whole = here.train(4)
    expect(here.record(longer).end).toMatchObject({ reason: 'all-epochs', epoch: 4 })
    expect(here.record(longer).config.parent).toMatchObject({ run: short, use: 'training', epoch: 2 })
    expect(whole).not.toBe(longer)
    expect(here.numbers(longer)).toEqual(here.numbers(whole))
  })

  it('keeps options that are refused in new configs, and is refused for none of its own', () => {
    const here = home('older')
    const short = here.train(2)
    here.age(short, { lr_decay: 0.5, specific_opt_options: { nowhere: { lr: 0.1 } } })
    const { status, stderr } = here.command(['continue', short.slice(0, 10), '--max-iter', '3'])
    expect([status, stderr]).toEqual([0, expect.stringContaining('Kept as they were')])
    expect(stderr).toContain('trainer.config.lr_decay')
    const longer = readdirSync(join(here.place, 'runs')).find((id) => id !== short) ?? ''
    expect(here.record(longer).config.trainer.config).toMatchObject({ max_iter: 3, lr_decay: 0.5 })
    const refused = here.command(['continue', short.slice(0, 10), '--max-iter', '4', '--patience', '-1'])
    expect(refused.status).not.toBe(0)
    expect(refused.stderr).toContain('patience')
    expect(refused.stderr).not.toContain('lr_decay')
  })

  it('is rewound to epoch 3 of 5, and trained on equals the first time', () => {
    const here = home('rewound')
    const first = here.train(5)
    const again = here.ask('continue', first.slice(0, 10), '--from-epoch', '3')[0]?.id ?? ''
    expect(here.record(again).config.parent).toMatchObject({ run: first, epoch: 3 })
    expect(here.numbers(again)).toEqual(here.numbers(first))
    const refused = here.command(['continue', first.slice(0, 10), '--from-epoch', '9'])
    expect(refused.status).not.toBe(0)
    expect(refused.stderr).toContain('kept are those of')
  })
})
