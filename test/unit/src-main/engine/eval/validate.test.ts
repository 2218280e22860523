import { memory, mul, tensor, tensor2d } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Network } from '../../../../../src-main/engine/eval/network.ts'
import { predictSession } from '../../../../../src-main/engine/eval/predict-responses.ts'
import type { Validation } from '../../../../../src-main/engine/eval/validate.ts'
import { validate } from '../../../../../src-main/engine/eval/validate.ts'
import { buildLoss } from '../../../../../src-main/engine/loss/index.ts'
import type { Loader, Route, TaskLoaders, TaskName } from '../../../../../src-main/engine/types.ts'
import { createRng } from '../../../../../src-shared/util/rng.ts'
import { useBackend } from '../../../../support/backend.ts'
import { echo, loader, row } from '../../../../support/echo-network.ts'

beforeAll(() => useBackend('cpu'))

/** Like echo, and answers twice as much where it is asked for the parameters of a distribution. */
const doubling = (seen: Route[] = []): Network => {
  const { model, params } = echo(2)
  return {
    params,
    model: {
      ...model,
      apply: (own, inputs, route, context) => {
        seen.push(route)
        const answer = model.apply(own, inputs, route, context)
        return { ...answer, output: mul(answer.output, context.distribution === true ? 2 : 1) }
      },
    },
  }
}

async function validated(
  loaders: TaskLoaders,
  tasks: readonly TaskName[],
  ofParameters = false,
): Promise<readonly [ReadonlyMap<TaskName, Validation>, readonly string[]]> {
  const criterion = { loss: buildLoss('MSELoss', { lossSum: false, avgLoss: true }), ofParameters }
  const criteria = new Map(tasks.map((task) => [task, criterion]))
  const work = validate(doubling(), loaders, { criteria, keepClasses: -1 }, createRng(1))
  const told: string[] = []
  for (;;) {
    const next = await work.next()
    if (next.done === true) return [next.value, told]
    told.push(`${next.value.detail} ${next.value.fraction}`)
  }
}

const sets = (...all: readonly Loader[]): ReadonlyMap<string, Loader> => new Map(all.map((l) => [l.key, l]))

const ANSWERS = [row(1, 2), row(2, 1), row(3, 1), row(5, 4), row(2, 2), row(4, 1)]
const RESPONSES = [[1, 3], [2, 2], [5, 0], [4, 2], [1, 1], [3, 2]] // prettier-ignore
const V1 = sets(
  loader('s1', ANSWERS.slice(0, 4), RESPONSES.slice(0, 4)),
  loader('s2', ANSWERS.slice(4), RESPONSES.slice(4)),
)
const squares = (factor: number): number =>
  RESPONSES.flatMap(([a = 0, b = 0], i) => {
    const [x = 0, y = 0] = ANSWERS[i] ?? []
    return [(factor * x - a) ** 2, (factor * y - b) ** 2]
  }).reduce((sum, square) => sum + square, 0)

describe('validation', () => {
  it('weighs every image alike, whichever set it is of', async () => {
    const right = loader('a', [row(4), row(0, 3), row(0, 0, 2), row(0, 2)], [0, 1, 2, 1])
    const wrong = loader('b', [row(4), row(0, 3)], [1, 2])
    const [found, told] = await validated({ img_classification: sets(right, wrong) }, ['img_classification'])
    const entropy = (own: number, ...logits: readonly number[]): number =>
      Math.log(logits.reduce((sum, z) => sum + Math.exp(z), 6 - logits.length)) - own
    const loss =
      (entropy(4, 4) + entropy(3, 3) + entropy(2, 2) + entropy(2, 2) + entropy(0, 4) + entropy(0, 3)) / 6
    const { eval: accuracy, ...losses } = found.get('img_classification') ?? {}
    expect(accuracy).toBeCloseTo((100 * 4) / 6, 9)
    expect(losses).toEqual({ loss: expect.closeTo(loss, 5), criterion: expect.closeTo(loss, 5) })
    expect(told).toEqual(['0.5', '1', '0.5', '1'].map((share) => `img_classification validation ${share}`))
  })

  it('takes the loss of training over the recorded responses of all sessions', async () => {
    const [found, told] = await validated({ v1: V1 }, ['v1'])
    const poisson = RESPONSES.flatMap(([a = 0, b = 0], i) => {
      const [x = 0, y = 0] = ANSWERS[i] ?? []
      return [x - a * Math.log(x), y - b * Math.log(y)]
    }).reduce((sum, value) => sum + value, 0)
    expect(found.get('v1')?.criterion).toBeCloseTo(squares(1) / 12, 6)
    expect(found.get('v1')?.loss).toBeCloseTo(poisson, 5)
    expect(told).toHaveLength(4)
  })

  it('asks for the parameters of a distribution where the loss takes them, for that loss alone', async () => {
    const [means] = await validated({ v1: V1 }, ['v1'])
    const [parameters] = await validated({ v1: V1 }, ['v1'], true)
    expect(parameters.get('v1')?.criterion).toBeCloseTo(squares(2) / 12, 6)
    expect(parameters.get('v1')?.loss).toBe(means.get('v1')?.loss)
  })

  it('leaves out tasks without data', async () => {
    const [found] = await validated({ v1: V1, v4: new Map() }, ['v4', 'v1', 'img_classification'])
    expect([...found.keys()]).toEqual(['v1'])
  })
})

describe('predictions of a session', () => {
  it('come from its own readout, batch by batch, and leave no tensor', async () => {
    const before = memory().numTensors
    const plain = loader('s1', ANSWERS.slice(0, 4), RESPONSES.slice(0, 4), [7, 8, 7, 9])
    const told: Loader = {
      ...plain,
      async *epoch(rng) {
        for await (const batch of plain.epoch(rng))
          yield { ...batch, behavior: tensor2d([[1]]), pupil: tensor2d([[1, 2]]), labels: tensor([1]) }
      },
    }
    const seen: Route[] = []
    const work = predictSession(doubling(seen), 'v4', told, createRng(1))
    const shares = [(await work.next()).value, (await work.next()).value]
    expect(shares).toEqual([0.5, 1])
    expect((await work.next()).value).toEqual({
      session: 's1',
      units: 2,
      trials: 4,
      predicted: Float32Array.of(1, 2, 2, 1, 3, 1, 5, 4),
      recorded: Float32Array.of(1, 3, 2, 2, 5, 0, 4, 2),
      image: Int32Array.of(7, 8, 7, 9),
    })
    expect(seen).toEqual([{ task: 'v4', session: 's1' }, { task: 'v4', session: 's1' }]) // prettier-ignore
    expect(memory().numTensors).toBe(before)
  })
})
