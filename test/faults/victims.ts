import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Result } from '../../src-shared/contract/contract.ts'
import { cotrainHome } from '../../src-main/disk/home.ts'
import { openLab } from '../support/lab.ts'
import { buildHelpers } from '../support/built-entries.ts'
import { tinyYaml } from '../e2e/tiny-training.ts'
import type { Victims } from './kills.ts'
import { finish, weightsOf } from './scenario.ts'

const root = join(import.meta.dirname, '../..')
const EPOCHS_OF_COUNTING = '6'

/** Trainings that count: a second each, so that hundreds of kills take minutes. */
export async function countingVictims(scratch: string): Promise<Victims> {
  const built = join(root, 'out', 'test', `faults-${process.pid}`) // where packages are found
  await buildHelpers(built, ['fake-worker.ts'])
  await buildHelpers(built, ['../faults/service-child.ts'])
  process.env['COTRAIN_BUILT_TESTS'] = built
  process.env['FAKE_STEP_MS'] = '15'
  process.env['FAKE_EPOCHS'] = EPOCHS_OF_COUNTING
  return {
    service: (home) => [join(built, 'service-child.js'), home],
    add: (lab, seed) => lab.add(seed),
    calm: async (seed) => {
      process.env['FAKE_STEP_MS'] = '0'
      const lab = openLab(join(scratch, `calm-${seed}`))
      const id = await lab.add(seed)
      await finish(lab, id, EPOCHS_OF_COUNTING)
      process.env['FAKE_STEP_MS'] = '15'
      return weightsOf(lab, id)
    },
    weights: weightsOf,
    waitMs: 1_500,
  }
}

/** Trainings of a network on small pictures, with the engine of this machine. `compare`: how many have an undisturbed twin. */
export async function realVictims(scratch: string, compare: number): Promise<Victims> {
  const { service } = await countingVictims(scratch)
  const worker = join(root, 'out/main/worker.js')
  const prepare = (home: string): void => {
    mkdirSync(home, { recursive: true })
    symlinkSync(join(cotrainHome(), 'engine'), join(home, 'engine'))
  }
  const command = (home: string, ...args: string[]): string => {
    const options = { env: { ...process.env, COTRAIN_HOME: home }, cwd: home, encoding: 'utf8' as const }
    const done = spawnSync(process.execPath, [join(root, 'scripts/cotrain.mjs'), ...args, '--json'], options)
    if (done.status !== 0) throw new Error(`${args.join(' ')}: ${done.stdout}${done.stderr}`)
    return (JSON.parse(done.stdout) as Result<'runs.list'>['runs'])[0]!.id
  }
  const configOf = (home: string, seed: number): string => {
    const path = join(home, `seed-${seed}.yaml`)
    writeFileSync(path, tinyYaml(join(scratch, 'data', 'home'), 12).replace('seed: 1', `seed: ${seed}`))
    return path
  }
  let prepared = false
  const weights: Victims['weights'] = ({ store }, id) => {
    const file = readFileSync(store.files(id).weights)
    // The header names the run.
    return file.subarray(8 + Number(file.readBigUInt64LE(0))).toString('base64')
  }
  return {
    service: (home) => {
      if (!prepared) prepare(home)
      prepared = true
      return [...service(home), worker]
    },
    add: ({ home }, seed) => Promise.resolve(command(home, 'run', configOf(home, seed), '--no-wait')),
    calm: (seed) => {
      if (seed > compare) return Promise.resolve(null)
      const home = join(scratch, `calm-${seed}`)
      prepare(home)
      return Promise.resolve(weights(openLab(home), command(home, 'run', configOf(home, seed))))
    },
    weights,
    waitMs: 8_000,
  }
}
