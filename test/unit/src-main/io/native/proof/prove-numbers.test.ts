import { describe, expect, it } from 'vitest'
import { REFUSED_WHEN_DETERMINISTIC } from '../../../../../../src-main/engine/tensor/base/routes.ts'
import type { Numbers } from '../../../../../../src-main/io/native/library/engine-environment.ts'
import { faultOfTf32, findDeterministic } from '../../../../../../src-main/io/native/proof/prove-numbers.ts'
import type { FoundFault } from '../../../../../../src-main/io/native/proof/run-proof.ts'
import type { EngineSetting } from '../../../../../../src-shared/contract/engine-proof.ts'

const setting: EngineSetting = { env: {}, ownRoutes: [], bfloat16Sums: 'library' }
const fault = (operation: string, changes: Partial<FoundFault> = {}): FoundFault => ({
  ...{ index: 3, operation, dtype: 'float32', shape: 'x [1]', kind: 'varies', error: 0, detail: '' },
  ...changes,
})

interface Asked {
  readonly own: readonly string[]
  readonly numbers: Numbers
  readonly only: readonly number[] | undefined
}

/** Searches on a library of which `faultsOf` says what is at fault under which own routes. */
async function searched(
  faultsOf: (own: readonly string[]) => readonly FoundFault[],
  given: { gpu: boolean; varying?: readonly FoundFault[]; bfloat16?: boolean },
) {
  const asked: Asked[] = []
  const found = await findDeterministic({
    setting,
    varying: [],
    bfloat16: true,
    ownRoutes: ['Conv2D', 'MaxPoolGrad'],
    prove: ({ ownRoutes }, numbers, only) => {
      asked.push({ own: ownRoutes, numbers, only })
      return Promise.resolve({ checked: 9, faults: faultsOf(ownRoutes) })
    },
    ...given,
  })
  return { ...found, asked }
}

describe('repeats that must be equal', () => {
  it('are proved with every case on a card, around what TensorFlow is known to refuse', async () => {
    const { proof, fault: left, asked } = await searched(() => [], { gpu: true })
    expect(asked).toEqual([
      { own: REFUSED_WHEN_DETERMINISTIC, numbers: { tf32: false, deterministic: true }, only: undefined },
    ])
    expect([proof, left]).toEqual([{ ownRoutes: REFUSED_WHEN_DETERMINISTIC, varying: [] }, null])
  })

  it('take own routes for what is refused or varies, and run those cases again', async () => {
    const refuses = fault('MaxPoolGrad', { index: 7, kind: 'refused' })
    const { proof, asked } = await searched((own) => (own.includes('MaxPoolGrad') ? [] : [refuses]), {
      gpu: true,
    })
    expect(proof).toEqual({ ownRoutes: [...REFUSED_WHEN_DETERMINISTIC, 'MaxPoolGrad'], varying: [] })
    expect(asked.map(({ only }) => only)).toEqual([undefined, [7]])
  })

  it('look on a processor at what varied alone', async () => {
    const varying = [fault('Conv2D', { index: 5 })]
    const { proof, asked } = await searched((own) => (own.includes('Conv2D') ? [] : varying), {
      gpu: false,
      varying,
    })
    expect(asked.map(({ own, only }) => [own, only])).toEqual([
      [[], [5]],
      [['Conv2D'], [5]],
    ])
    expect(proof).toEqual({ ownRoutes: ['Conv2D'], varying: [] })
  })

  it('name what no way makes repeat; bfloat16 counts where it is offered', async () => {
    const sum = fault('Sum')
    const still = await searched(() => [sum], { gpu: false, varying: [sum] })
    expect([still.proof.varying, still.fault]).toEqual([['Sum'], sum])
    const reduced = fault('Sum', { dtype: 'bfloat16' })
    expect((await searched(() => [reduced], { gpu: true, bfloat16: false })).fault).toBeNull()
    expect((await searched(() => [reduced], { gpu: true })).fault).toBe(reduced)
  })
})

it('judges TensorFloat-32 by itself', async () => {
  const asked: Numbers[] = []
  const wrong = fault('MatMul', { kind: 'wrong' })
  const prove = (_: EngineSetting, numbers: Numbers) => {
    asked.push(numbers)
    return Promise.resolve({ checked: 1, faults: [wrong] })
  }
  expect(await faultOfTf32(prove, setting)).toBe(wrong)
  expect(asked).toEqual([{ tf32: true, deterministic: false }])
})
