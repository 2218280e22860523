import { backend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { coveringRows } from '../../../../../src-main/engine/proof/base/covering.ts'
import { judgeCase } from '../../../../../src-main/engine/proof/judge-case.ts'
import type { ProofCase } from '../../../../../src-main/engine/proof/base/proof-case.ts'
import { known } from '../../../../../src-main/engine/proof/base/proof-case.ts'
import { caseText, proofCases } from '../../../../../src-main/engine/proof/proof-cases.ts'
import { LIBRARY, setRoutes } from '../../../../../src-main/engine/tensor/base/routes.ts'
import { NATIVE_OPERATIONS } from '../../../../support/native-operations.ts'
import { tensor1d } from '@tensorflow/tfjs-core'
import { nativeAvailable, useBackend } from '../../../../support/backend.ts'

const hasNative = await nativeAvailable()

/** TensorFlow's name: "Conv2D (one channel)" is its Conv2D. */
const nameOf = ({ operation }: ProofCase): string => operation.replace(/ \(.*\)$/, '')

describe('the list of cases', () => {
  it('proves the operations that the engine can issue, and no others', () => {
    const proved = new Set(proofCases().map(nameOf))
    expect([...proved].sort()).toEqual([...NATIVE_OPERATIONS].sort())
  })

  it('is equal each time, without a case twice', () => {
    const texts = proofCases().map(caseText)
    expect(proofCases().map(caseText)).toEqual(texts)
    expect(new Set(texts).size).toBe(texts.length)
  })

  it('reaches the channels, kernels and batches of our models', () => {
    const texts = proofCases()
      .map(caseText)
      .filter((text) => /^Conv2DBackpropInput( \(one channel\))? float32/.test(text))
    for (const channels of [1, 2, 3, 5, 8, 16, 32, 64])
      expect(
        texts.some((text) => text.includes(`,${channels}], kernel`) && text.includes(` to ${channels}`)),
      ).toBe(true)
    for (const kernel of [1, 3, 5, 7, 9, 13, 24])
      expect(texts.some((text) => text.includes(`kernel ${kernel}x${kernel}`))).toBe(true)
    for (const batch of [1, 2, 15, 64]) expect(texts.some((text) => text.includes(`x [${batch},`))).toBe(true)
  })
})

describe('covering rows', () => {
  it('bring every possible pair of levels together in far fewer rows than all combinations', () => {
    const factors = { a: [1, 2, 3, 4], b: [1, 2, 3, 4], c: [0, 1], d: [5, 6, 7] }
    const rows = coveringRows(factors, ({ a, d }) => !(a === 4 && d === 7))
    const names = Object.keys(factors) as (keyof typeof factors)[]
    for (const p of names)
      for (const q of names.slice(names.indexOf(p) + 1))
        for (const x of factors[p])
          for (const y of factors[q]) {
            const isImpossible = p === 'a' && q === 'd' && x === 4 && y === 7
            expect(rows.some((row) => row[p] === x && row[q] === y)).toBe(!isImpossible)
          }
    expect(rows.length).toBeLessThan(30)
  })
})

describe('judging a case', () => {
  beforeAll(() => useBackend('wasm'))
  const made = (run: () => number[], right: number[]): ProofCase => ({
    operation: 'Made',
    format: 'float32',
    shape: '',
    product: false,
    prepare: () => ({ run: () => [tensor1d(run())], right: [known(right)] }),
  })
  it('tells right from wrong, varying, refused and not finite', async () => {
    let calls = 0
    const kindOf = async (run: () => number[], right = [1, 2]): Promise<string> =>
      (await judgeCase(made(run, right), 'float32')).kind
    expect(await kindOf(() => [1, 2])).toBe('right')
    expect(await kindOf(() => [1, 2.001])).toBe('wrong')
    expect(await kindOf(() => [1, Number.NaN])).toBe('wrong')
    expect(await kindOf(() => [1, 2, 3])).toBe('wrong')
    expect(await kindOf(() => [1, 2 + 1e-6 * calls++])).toBe('varies')
    expect(
      await kindOf(() => {
        throw new Error('not for this shape')
      }),
    ).toBe('refused')
  })
  it('says how far off the worst value is', async () => {
    expect(
      await judgeCase(
        made(() => [1, 2, 6], [1, 2, 4]),
        'float32',
      ),
    ).toMatchObject({
      error: 0.5,
      detail: 'value 2 of 3 is 6, right is 4',
    })
  })
})

describe.skipIf(!hasNative)('on the native backend', () => {
  beforeAll(async () => {
    delete process.env['COTRAIN_RECORDED'] // what a proof issues is not what the engine issues
    await useBackend('native')
    setRoutes(LIBRARY) // on some processors the engine has routes of its own instead
  })
  it('each case issues the operation that it proves', async () => {
    const node = backend() as unknown as { binding: { executeOp(name: string, ...rest: unknown[]): unknown } } // what tfjs-node registers
    const own = node.binding
    const silent: string[] = []
    try {
      for (const given of firstOfEach()) {
        const issued = new Set<string>()
        const executeOp = (name: string, ...rest: unknown[]): unknown => {
          issued.add(name)
          return own.executeOp(name, ...rest)
        }
        node.binding = Object.create(own, { executeOp: { value: executeOp } }) as typeof own
        await judgeCase(given, 'float32', 1)
        if (!issued.has(nameOf(given))) silent.push(caseText(given))
        for (const name of issued) expect(NATIVE_OPERATIONS).toContain(name)
      }
    } finally {
      node.binding = own
    }
    expect(silent).toEqual([])
  })
})

/** One case of each operation in each format. */
function firstOfEach(): ProofCase[] {
  const cases = proofCases().filter(({ format }) => format !== 'bfloat16')
  return [...new Map(cases.map((given) => [`${given.operation} ${given.format}`, given])).values()]
}
