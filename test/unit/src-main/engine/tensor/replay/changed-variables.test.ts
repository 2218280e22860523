import type { Tensor } from '@tensorflow/tfjs-core'
import { add, memory, mul, scalar, tensor, tidy } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { nativeHandleCount } from '../../../../../../src-main/engine/tensor/base/native-ops.ts'
import type { ParamStore, Replayer } from '../../../../../../src-main/engine/tensor/index.ts'
import { createParamStore, createReplayer } from '../../../../../../src-main/engine/tensor/index.ts'
import { nativeAvailable, useBackend } from '../../../../../support/backend.ts'
import { countIssued } from '../../../../../support/counted-binding.ts'
import { withOtherBinding } from '../../../../../support/other-binding.ts'

const isNative = await nativeAvailable()
beforeAll(() => useBackend())

const storeOf = (): ParamStore =>
  createParamStore(
    new Map(
      ['a', 'b'].map((name, i) => [name, { shape: [2], dtype: 'float32', data: Float32Array.of(1 + i, -3) }]),
    ),
  )

/** a = a + x, b = a * b, then a = a * r: each line needs that the one before is done. */
function program({ tensors, assign }: ParamStore, x: Tensor, r: Tensor): void {
  const now = (name: string): Tensor => tensors.get(name) as Tensor
  tidy(() => {
    assign('a', add(now('a'), x))
    assign('b', mul(now('a'), now('b')))
    assign('a', mul(now('a'), r))
  })
}

/** Does the step a few times; the values of both variables after each, and the operations that each took. */
async function values(replayer: Replayer | null, steps = 6) {
  const store = storeOf()
  const after: number[][] = []
  const operations: number[] = []
  for (let step = 0; step < steps; step++) {
    const [x, r] = [tensor([step, 0.1 * step]), scalar(1 / (1 + step))]
    const { issued, stop } = countIssued()
    const compute = () => (program(store, x, r), { tensors: [], beside: null })
    if (replayer === null) compute()
    else
      replayer.run({
        name: 'small',
        key: 'small',
        era: 0,
        given: [{ value: () => x }, { value: () => r }],
        changes: () => store.variables(['a', 'b']),
        compute,
      })
    stop()
    operations.push(issued.operations)
    after.push([...(await store.read()).values()].flatMap(({ data }) => [...data]))
    x.dispose()
    r.dispose()
  }
  store.dispose()
  return { after, operations }
}

describe.skipIf(!isNative)('a step that changes variables', () => {
  it('is one operation from its fourth time on, and leaves what its program leaves', async () => {
    const replayer = createReplayer()
    const replayed = await values(replayer)
    expect(replayer.takeReasons()).toEqual([])
    expect(replayed.after).toEqual((await values(null)).after)
    expect(replayed.operations.slice(3)).toEqual([1, 1, 1])
    expect(replayed.operations[0]).toBeGreaterThan(5)
    replayer.dispose()
  })

  it('leaves no tensors, variables and functions behind', async () => {
    await values(null)
    const before = { tensors: memory().numTensors, handles: nativeHandleCount() }
    const replayer = createReplayer()
    await values(replayer)
    replayer.dispose()
    expect({ tensors: memory().numTensors, handles: nativeHandleCount() }).toEqual(before)
  })

  it('is done by its program where one operation of it leaves something else', async () => {
    const { stop } = withOtherBinding((library) => ({
      executeOp: (name, attrs, inputs, outputs) => {
        const made = library.executeOp(name, attrs, inputs, outputs)
        // Once more: what it adds is added twice.
        if (name.startsWith('cotrain_step')) library.executeOp(name, attrs, inputs, outputs)
        return made
      },
    }))
    const replayer = createReplayer()
    const replayed = await values(replayer)
    stop()
    expect(replayed.after).toEqual((await values(null)).after)
    expect(replayer.takeReasons()).toEqual([expect.stringContaining('it leaves variable 1 different')])
    replayer.dispose()
  })

  it('is done by its program where it changes a variable that it did not name', async () => {
    const replayer = createReplayer()
    const store = storeOf()
    for (let step = 0; step < 4; step++) {
      const x = tensor([1, 1])
      replayer.run({
        name: 'small',
        key: 'small',
        era: 0,
        given: [{ value: () => x }],
        changes: () => store.variables(['a']),
        compute: () => (store.assign('b', x), { tensors: [], beside: null }),
      })
      x.dispose()
    }
    expect(replayer.takeReasons()).toEqual([expect.stringContaining('AssignVariableOp')])
    store.dispose()
    replayer.dispose()
  })
})
