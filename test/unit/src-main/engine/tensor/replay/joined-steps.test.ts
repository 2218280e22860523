import type { Tensor } from '@tensorflow/tfjs-core'
import { add, matMul, memory, mul, relu, sum, tensor, tidy, tile } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { attr, nativeHandleCount } from '../../../../../../src-main/engine/tensor/base/native-ops.ts'
import type { Link, ParamStore, Replayer } from '../../../../../../src-main/engine/tensor/index.ts'
import {
  createParamStore,
  createReplayer,
  drawn,
  workOn,
} from '../../../../../../src-main/engine/tensor/index.ts'
import { createRng } from '../../../../../../src-shared/util/rng.ts'
import { nativeAvailable, useBackend } from '../../../../../support/backend.ts'
import { withOtherBinding } from '../../../../../support/other-binding.ts'

const isNative = await nativeAvailable()
const STEPS = 7
const FEW_STEPS = 4
const TASKS = ['images', 'neurons'] as const
const ROWS = 8
/** Copies of an answer with which two passes make more values than are held at once. */
const MANY = 800_000

const newStore = (): ParamStore =>
  createParamStore([
    [
      'weights',
      { shape: [4, 3], dtype: 'float32', data: Float32Array.from({ length: 12 }, (_, i) => Math.sin(i)) },
    ],
    ['mean', { shape: [3], dtype: 'float32', data: new Float32Array(3) }],
  ])

/** A pass of a task that draws, and moves a running mean that it also uses. */
function passOf(
  store: ParamStore,
  task: string,
  step: number,
  copies: number,
): Link<string> & { free(): void } {
  const rng = createRng(3).fork(task).fork(step)
  const images = tensor(
    Float32Array.from({ length: ROWS * 4 }, (_, i) => Math.cos(i + step)),
    [ROWS, 4],
  )
  const { key, given } = workOn([task], [images], store.tensors)
  const compute = () => {
    const tensors = tidy((): Tensor[] => {
      const { weights, mean } = { weights: store.tensors.get('weights')!, mean: store.tensors.get('mean')! }
      const mask = drawn(rng, { purpose: 'mask', shape: [ROWS, 1], fill: (r, n) => Float32Array.from({ length: n }, () => r.uniform()) }) // prettier-ignore
      const answer = add(relu(mul(matMul(images, weights), mask)), mean)
      return [
        sum(tile(mul(answer, answer), [copies, 1])),
        add(mul(mean, 0.5), mul(sum(answer, 0), 0.5 / ROWS)),
      ]
    })
    return { tensors, beside: task }
  }
  return {
    step: { name: task, key, given, rng, era: 0, compute },
    places: new Map([['weights', 1], ['mean', 2]]), // prettier-ignore
    renewed: () => new Map([['mean', 1]]),
    keep: ({ tensors }) => {
      store.assign('mean', tensors[1]!)
      tensors[1]!.dispose()
    },
    free: () => images.dispose(),
  }
}

/** Losses and the running mean after chains of both tasks. `replayer` null: by their programs. */
function chains(replayer: Replayer | null, copies = 1, steps = STEPS): number[] {
  const store = newStore()
  const found: number[] = []
  for (let step = 0; step < steps; step++) {
    const links = TASKS.map((task) => passOf(store, task, step, copies))
    if (replayer === null)
      for (const link of links) {
        const made = link.step.compute()
        link.keep(made)
        found.push(made.tensors[0]!.dataSync()[0]!)
        made.tensors[0]!.dispose()
      }
    else
      for (const { tensors } of replayer.chain(links)) {
        found.push(tensors[0]!.dataSync()[0]!)
        tensors[0]!.dispose()
      }
    found.push(...store.tensors.get('mean')!.dataSync())
    links.forEach(({ free }) => free())
  }
  store.dispose()
  return found
}

/** The names of functions of steps that are called, until `stop`. */
function functionsCalled(): { readonly names: readonly string[]; stop(): void } {
  const names: string[] = []
  const { stop } = withOtherBinding((library) => ({
    executeOp: (name, ...rest) => {
      if (name.startsWith('cotrain_step')) names.push(name)
      return library.executeOp(name, ...rest)
    },
  }))
  return { names, stop }
}

beforeAll(() => useBackend())

describe.skipIf(!isNative)('small steps of a chain', () => {
  it('become one operation, with the numbers that they have apart', () => {
    const without = chains(null)
    const replayer = createReplayer()
    const { names, stop } = functionsCalled()
    expect(chains(replayer)).toEqual(without)
    stop()
    expect(replayer.takeReasons()).toEqual([])
    // One a chain at the end, where it was one a task before.
    expect(new Set(names.slice(-2)).size).toBe(1)
    expect(new Set(names).size).toBe(3)
    replayer.dispose()
  })

  it('stay apart where they hold much at once', () => {
    const replayer = createReplayer()
    const { names, stop } = functionsCalled()
    expect(chains(replayer, MANY, FEW_STEPS)).toEqual(chains(null, MANY, FEW_STEPS))
    stop()
    expect(new Set(names).size).toBe(2)
    replayer.dispose()
  })

  it('stay apart, which is said, where together they compute something else', () => {
    const { stop } = withOtherBinding((library) => ({
      executeOp: (name, attrs, inputs, outputs) => {
        const made = library.executeOp(name, attrs, inputs, outputs)
        if (!name.startsWith('cotrain_step') || outputs !== 4) return made
        return made.flatMap(({ id }) => library.executeOp('Neg', [attr.type('T')], [id], 1))
      },
    }))
    const replayer = createReplayer()
    expect(chains(replayer)).toEqual(chains(null))
    expect(replayer.takeReasons()).toEqual([
      'steps are not done together: done together, their results differ',
    ])
    replayer.dispose()
    stop()
  })

  it('leave nothing behind, also where only the first is taken', () => {
    chains(null)
    const before = { tensors: memory().numTensors, handles: nativeHandleCount() }
    const replayer = createReplayer()
    chains(replayer)
    const store = newStore()
    for (let step = 0; step < STEPS; step++) {
      const links = TASKS.map((task) => passOf(store, task, step, 1))
      const [first] = replayer.chain(links)
      first!.tensors[0]!.dispose()
      links.forEach(({ free }) => free())
    }
    store.dispose()
    replayer.dispose()
    expect({ tensors: memory().numTensors, handles: nativeHandleCount() }).toEqual(before)
  })
})
