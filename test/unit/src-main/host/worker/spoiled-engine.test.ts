import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { caseText, proofCases } from '../../../../../src-main/engine/proof/proof-cases.ts'
import { cotrainHome } from '../../../../../src-main/disk/home.ts'
import { engineFolder } from '../../../../../src-main/io/native/library/native-info.ts'
import { proveEngine } from '../../../../../src-main/io/native/proof/prove-engine.ts'
import { provisionNative } from '../../../../../src-main/io/native/setup/provision.ts'
import { runLayout } from '../../../../../src-main/store/files/layout.ts'
import { readRecord } from '../../../../../src-main/store/files/run-folder.ts'
import type { EngineProof } from '../../../../../src-shared/contract/engine-proof.ts'
import type { Result } from '../../../../../src-shared/contract/contract.ts'
import type { RunEnvironment } from '../../../../../src-shared/contract/run.ts'
import { nativeAvailable } from '../../../../support/backend.ts'
import { smallNeuralYaml } from '../../../../support/small-neural-yaml.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const scratch = temporaryFolder()
const root = join(import.meta.dirname, '../../../../..')
const hasNative = await nativeAvailable()
const THREADS = 2

/** A home on this machine's library, whose matrix product is spoiled for every process that starts from here. */
function spoiledHome(name: string, unless?: Readonly<Record<string, string>>) {
  const home = join(scratch, name)
  mkdirSync(engineFolder(home), { recursive: true })
  copyFileSync(join(engineFolder(cotrainHome()), 'native.json'), join(engineFolder(home), 'native.json'))
  writeFileSync(join(home, 'small.yaml'), smallNeuralYaml({ epochs: 1, seed: 3 }))
  const spoiled = { operation: 'MatMul', how: 'wrong', ...(unless === undefined ? {} : { unless }) }
  const env = {
    ...process.env,
    NODE_OPTIONS: `--require "${join(root, 'test/support/spoiled-binding.cjs')}"`,
    COTRAIN_SPOILED: JSON.stringify([spoiled]),
    COTRAIN_HOME: home,
    COTRAIN_ENGINE: 'auto',
    TF_NUM_INTRAOP_THREADS: String(THREADS),
  }
  return { home, env }
}

/** Proves a few operations in that home, so that all that computes there finds a proof. */
async function proved({ home, env }: ReturnType<typeof spoiledHome>): Promise<EngineProof> {
  const wanted = ['MatMul float32 [2,5] times [5,3], product', 'Sum float32 x [15,9,3]', 'Exp float32 x [33]']
  const cases = proofCases().flatMap((given, i) =>
    wanted.some((start) => caseText(given).startsWith(start)) ? [i] : [],
  )
  const before = { ...process.env }
  Object.assign(process.env, { NODE_OPTIONS: env.NODE_OPTIONS, COTRAIN_SPOILED: env.COTRAIN_SPOILED })
  try {
    const info = await provisionNative()
    return await proveEngine({ folder: engineFolder(home), info, threads: THREADS, cases })
  } finally {
    for (const name of ['NODE_OPTIONS', 'COTRAIN_SPOILED'])
      if (before[name] === undefined) delete process.env[name]
      else process.env[name] = before[name]
  }
}

/** Trains a small network by a real worker and gives the environment that its record keeps. */
function trained({ home, env }: ReturnType<typeof spoiledHome>): RunEnvironment {
  const command = [join(root, 'scripts/cotrain.mjs'), 'run', 'small.yaml', '--json']
  const done = spawnSync(process.execPath, command, { cwd: home, env, encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`${done.stdout}${done.stderr}`)
  const [run] = JSON.parse(done.stdout) as Result<'runs.list'>['runs']
  const { environment } = readRecord(runLayout(join(home, 'runs', run?.id ?? '')).folder)
  if (environment === null) throw new Error('the run has no record of its engine')
  return environment
}

describe.skipIf(!hasNative)('an engine with a wrong kernel', () => {
  it('is used under the first setting that is right, by workers too, and every run says so', async () => {
    const home = spoiledHome('mended', { TF_ENABLE_ONEDNN_OPTS: '0' })
    const proof = await proved(home)
    expect(proof).toMatchObject({
      usable: true,
      setting: { env: { TF_ENABLE_ONEDNN_OPTS: '0' }, ownRoutes: [], bfloat16Sums: 'library' },
    })
    expect(proof.faults[0]).toMatchObject({ operation: 'MatMul', kind: 'wrong' })
    expect(proof.tried[0]).toMatchObject({ setting: 'as it comes' })
    const environment = trained(home)
    expect(environment).toMatchObject({ backend: 'native', setting: 'TF_ENABLE_ONEDNN_OPTS=0' })
  })
  it('is left for the embedded one where no setting helps, and every run says why', async () => {
    const home = spoiledHome('spoiled')
    const proof = await proved(home)
    expect(proof).toMatchObject({ usable: false })
    expect(proof.tried.length).toBeGreaterThan(1)
    const environment = trained(home)
    expect(environment.backend).toBe('wasm')
    expect(environment.backendReason).toContain('does not compute right on this processor')
    expect(environment.backendReason).toContain('MatMul')
  })
})
