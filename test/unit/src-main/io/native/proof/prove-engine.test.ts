import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { caseText, proofCases } from '../../../../../../src-main/engine/proof/proof-cases.ts'
import type { NativeInfo } from '../../../../../../src-main/io/native/library/native-info.ts'
import { engineFolder } from '../../../../../../src-main/io/native/library/native-info.ts'
import { findSetting } from '../../../../../../src-main/io/native/proof/find-setting.ts'
import { doctorReport } from '../../../../../../src-main/io/native/doctor.ts'
import { processorName } from '../../../../../../src-main/io/native/library/processor.ts'
import { proofKey, readProof, writeProof } from '../../../../../../src-main/io/native/proof/proof-store.ts'
import { proveEngine } from '../../../../../../src-main/io/native/proof/prove-engine.ts'
import { provisionNative } from '../../../../../../src-main/io/native/setup/provision.ts'
import type { FoundFault, ProofOutcome } from '../../../../../../src-main/io/native/proof/run-proof.ts'
import { runProof } from '../../../../../../src-main/io/native/proof/run-proof.ts'
import { environmentsToTry, lowerLevels } from '../../../../../../src-main/io/native/proof/settings-to-try.ts'
import type { EngineProof, EngineSetting } from '../../../../../../src-shared/contract/engine-proof.ts'
import { proofLine, settingText } from '../../../../../../src-shared/contract/engine-proof.ts'
import { nativeAvailable } from '../../../../../support/backend.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'

const scratch = temporaryFolder()
const hasNative = await nativeAvailable()
const AS_IT_COMES: EngineSetting = { env: {}, ownRoutes: [], bfloat16Sums: 'library' }
const before = { ...process.env }
afterEach(() => {
  for (const name of ['NODE_OPTIONS', 'COTRAIN_SPOILED', 'ONEDNN_MAX_CPU_ISA'])
    if (before[name] === undefined) delete process.env[name]
    else process.env[name] = before[name]
})

interface Spoiled {
  readonly operation: string
  readonly input?: readonly number[]
  readonly how: 'wrong' | 'varies' | 'dies' | 'hangs'
  readonly unless?: Readonly<Record<string, string>>
}

/** Children that are started from here on compute wrong in one operation. */
function spoil(...spoiled: readonly Spoiled[]): void {
  process.env['NODE_OPTIONS'] =
    `--require ${join(import.meta.dirname, '../../../../../support/spoiled-binding.cjs')}`
  process.env['COTRAIN_SPOILED'] = JSON.stringify(spoiled)
}

const fault = (given: Partial<FoundFault>): FoundFault => ({
  ...{ index: 0, operation: 'Conv2D', dtype: 'float32', shape: 'x [1]', kind: 'wrong', error: 1, detail: '' },
  ...given,
})

/** Answers as a library would: which settings are right is decided by `faultsOf`. */
async function searched(
  faultsOf: (setting: EngineSetting) => readonly FoundFault[],
  ownRoutes: string[] = [],
) {
  const asked: string[] = []
  const found = await findSetting({
    environments: [{}, { ONEDNN_MAX_CPU_ISA: 'AVX2' }, { TF_ENABLE_ONEDNN_OPTS: '0' }],
    ownRoutes,
    prove: (setting, only): Promise<ProofOutcome> => {
      asked.push(`${settingText(setting)}${only === undefined ? '' : ` on ${only.join()}`}`)
      return Promise.resolve({ checked: only?.length ?? 10, faults: faultsOf(setting) })
    },
  })
  return { ...found, asked }
}

describe('the search for a setting', () => {
  it('takes the library as it comes where all is right', async () => {
    const { setting, asked } = await searched(() => [])
    expect(setting).toEqual(AS_IT_COMES)
    expect(asked).toEqual(['as it comes'])
  })
  it('tries own routes, then lower instruction sets, then oneDNN off, failed cases first', async () => {
    const isRight = ({ env }: EngineSetting): boolean => 'TF_ENABLE_ONEDNN_OPTS' in env
    const { setting, asked, first, tried } = await searched(
      (s) => (isRight(s) ? [] : [fault({ index: 7 })]),
      ['Conv2D'],
    )
    expect(setting).toEqual({ env: { TF_ENABLE_ONEDNN_OPTS: '0' }, ownRoutes: [], bfloat16Sums: 'library' })
    expect(asked).toEqual([
      'as it comes',
      'own route for Conv2D on 7',
      'ONEDNN_MAX_CPU_ISA=AVX2 on 7',
      'own route for Conv2D; ONEDNN_MAX_CPU_ISA=AVX2 on 7',
      'TF_ENABLE_ONEDNN_OPTS=0 on 7',
      'TF_ENABLE_ONEDNN_OPTS=0',
    ])
    expect(first).toHaveLength(1)
    expect(tried.at(-1)).toEqual({ setting: 'TF_ENABLE_ONEDNN_OPTS=0', checked: 10, right: 10 })
  })
  it('takes an own route that mends the fault', async () => {
    const { setting } = await searched((s) => (s.ownRoutes.includes('Conv2D') ? [] : [fault({})]), ['Conv2D'])
    expect(setting).toEqual({ env: {}, ownRoutes: ['Conv2D'], bfloat16Sums: 'library' })
  })
  it('keeps a setting whose reduced precision or repeats alone are at fault', async () => {
    const { setting } = await searched(() => [fault({ dtype: 'bfloat16' }), fault({ kind: 'varies' })])
    expect(setting).toEqual(AS_IT_COMES)
  })
  it('adds up in float32 where bfloat16 alone is wrong, and shows that on the cases at fault', async () => {
    const reduced = fault({ index: 4, dtype: 'bfloat16' })
    const varies = fault({ index: 5, kind: 'varies' })
    const { setting, outcome, asked } = await searched(({ bfloat16Sums }) =>
      bfloat16Sums === 'float32' ? [] : [reduced, varies],
    )
    expect(setting).toEqual({ ...AS_IT_COMES, bfloat16Sums: 'float32' })
    expect(asked).toEqual(['as it comes', 'as it comes on 4'])
    expect(outcome).toEqual({ checked: 10, faults: [varies] })
  })
  it('leaves bfloat16 as it is where that does not help', async () => {
    const still = [fault({ dtype: 'bfloat16' })]
    const { setting, outcome } = await searched(() => still)
    expect(setting).toEqual(AS_IT_COMES)
    expect(outcome.faults).toEqual(still)
  })
  it('takes none where nothing helps', async () => {
    expect((await searched(() => [fault({})])).setting).toBeNull()
  })
})

describe('settings to try', () => {
  it('are the levels below the own one of the processor, then oneDNN off', () => {
    expect(lowerLevels(['avx', 'avx2', 'avx512f', 'avx512_bf16'])).toEqual(['AVX512_CORE', 'AVX2', 'SSE41'])
    expect(lowerLevels(['avx2', 'avx512f'])).toEqual(['AVX2', 'SSE41'])
    expect(lowerLevels(['asimd'])).toEqual([])
    expect(environmentsToTry({}, ['avx2', 'sse4_1'])).toEqual([
      {},
      { ONEDNN_MAX_CPU_ISA: 'SSE41' },
      { TF_ENABLE_ONEDNN_OPTS: '0' },
    ])
  })
  it('leave what somebody has set as it is', () => {
    expect(environmentsToTry({ ONEDNN_MAX_CPU_ISA: 'AVX2' }, ['avx2'])).toEqual([
      {},
      { TF_ENABLE_ONEDNN_OPTS: '0' },
    ])
    expect(environmentsToTry({ TF_ENABLE_ONEDNN_OPTS: '0' }, ['avx2'])).toEqual([{}])
  })
})

describe.skipIf(!hasNative)('a proof in child processes', () => {
  const indexOf = (start: string): number => {
    const index = proofCases().findIndex((given) => caseText(given).startsWith(start))
    expect(index).toBeGreaterThanOrEqual(0)
    return index
  }
  const product = 'MatMul float32 [2,5] times [5,3], product'
  const sum = 'Sum float32 x [15,9,3]'
  const prove = async (spoiled: readonly Spoiled[], patienceMs?: number): Promise<ProofOutcome> => {
    spoil(...spoiled)
    const info = await provisionNative()
    const only = [product, sum, 'Exp float32 x [33]'].map(indexOf)
    return runProof({
      info,
      setting: AS_IT_COMES,
      threads: 1,
      only,
      ...(patienceMs === undefined ? {} : { patienceMs }),
    })
  }
  const operation = 'MatMul'
  const input = [2, 5]
  it('finds every operation right where nothing is spoiled', async () => {
    expect(await prove([])).toEqual({ checked: 3, faults: [] })
  })
  it('names the operation and the shape of a wrong kernel', async () => {
    const { checked, faults } = await prove([{ operation, input, how: 'wrong' }])
    expect(checked).toBe(3)
    expect(faults).toMatchObject([
      { operation, dtype: 'float32', kind: 'wrong', shape: '[2,5] times [5,3], product, 1 thread' },
    ])
    expect(faults[0]?.error).toBeCloseTo(0.5, 3)
  })
  it('names a kernel whose repeats differ, though each is within the tolerance', async () => {
    const { faults } = await prove([{ operation, input, how: 'varies' }])
    expect(faults).toMatchObject([{ operation, kind: 'varies' }])
    expect(faults[0]?.detail).toMatch(/repeat \d+: value \d+ was/)
  })
  it.skipIf(process.platform === 'win32')(
    'survives a kernel that ends the process and one that hangs',
    async () => {
      const dying = await prove([{ operation, input, how: 'dies' }])
      expect(dying.checked).toBe(3)
      expect(dying.faults).toMatchObject([{ operation, kind: 'died', detail: 'ended with SIGSEGV' }])
      const hanging = await prove([{ operation: 'Exp', how: 'hangs' }], 10_000)
      expect(hanging.checked).toBe(3)
      expect(hanging.faults).toMatchObject([{ operation: 'Exp', kind: 'hung' }])
    },
  )
})

describe.skipIf(!hasNative)('a kept proof', () => {
  it('is found for the same key alone, without a child', async () => {
    const folder = await mkdtemp(join(scratch, 'kept-'))
    const info = await provisionNative()
    const proof = await madeProof(info, 2)
    await writeProof(folder, proof)
    process.env['NODE_OPTIONS'] = '--require /no/such/file' // no child could start
    expect(await proveEngine({ folder, info, threads: 2 })).toEqual(proof)
    expect(await readProof(folder, await proofKey(info, 3))).toBeNull()
    expect(await readProof(folder, { ...proof.key, processor: 'another' })).toBeNull()
    process.env['ONEDNN_MAX_CPU_ISA'] = 'AVX2'
    expect(await readProof(folder, await proofKey(info, 2))).toBeNull()
    const [name] = await readdir(join(folder, 'proofs'))
    await writeFile(join(folder, 'proofs', name ?? ''), '{"key":')
    expect(await readProof(folder, proof.key)).toBeNull()
  })
  const isChosen = process.env['COTRAIN_ENGINE'] !== undefined // then the doctor reports what was asked for
  it.skipIf(isChosen)(
    'that found no setting leaves the embedded engine, and the doctor says why',
    async () => {
      const home = await mkdtemp(join(scratch, 'home-'))
      const info = await provisionNative()
      await mkdir(engineFolder(home))
      await writeFile(join(engineFolder(home), 'native.json'), JSON.stringify(info))
      const bad = {
        operation: 'MatMul',
        dtype: 'float32',
        shape: '[2,5]',
        kind: 'wrong',
        error: 0.5,
        detail: '',
      } as const
      const made = await madeProof(info, 2)
      await writeProof(engineFolder(home), { ...made, usable: false, right: 9, faults: [bad] })
      const report = await doctorReport({ home, appVersion: '1', threads: 2 })
      expect(report.backend).toMatchObject({ name: 'wasm' })
      expect(report.backend.reason).toContain('9 of 10 operations right')
      expect(report.text).toContain('Fault: MatMul float32 wrong at [2,5]')
    },
  )
})

async function madeProof(info: NativeInfo, threads: number): Promise<EngineProof> {
  const counts = { checked: 10, right: 10, repeatable: true, usable: true }
  const key = await proofKey(info, threads)
  return { key, ...counts, setting: AS_IT_COMES, off: [], faults: [], tried: [], ms: 1, at: 1 }
}

it('reads as one line', async () => {
  const proof = {
    checked: 412,
    right: 412,
    repeatable: true,
    usable: true,
    setting: AS_IT_COMES,
  } as EngineProof // what the line is made of
  expect(proofLine(proof)).toBe('412 of 412 operations right, repeats bit-equal')
  const changed = {
    ...proof,
    setting: { ...AS_IT_COMES, env: { ONEDNN_MAX_CPU_ISA: 'AVX2' } },
  }
  expect(proofLine(changed)).toBe('412 of 412 operations right, repeats bit-equal (ONEDNN_MAX_CPU_ISA=AVX2)')
})

it('tells processors apart by family, model, stepping and extensions', () => {
  const text =
    'vendor_id\t: AuthenticAMD\ncpu family\t: 26\nmodel\t\t: 2\nmodel name\t: AMD EPYC\nstepping\t: 1\nflags\t\t: fpu sse4_1 avx avx2 fma avx512f\n'
  expect(processorName(text)).toBe('AuthenticAMD family 26 model 2 stepping 1 (sse4_1 avx avx2 fma avx512f)')
})
