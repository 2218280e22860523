import { describe, expect, it } from 'vitest'
import type { BalanceOptions } from '../../../../src-shared/balance/balance-advice.ts'
import type { BalanceCurve } from '../../../../src-shared/balance/task-balance.ts'
import { taskBalance } from '../../../../src-shared/balance/task-balance.ts'
import { createRng } from '../../../../src-shared/util/rng.ts'

const POINTS = 20
const OPTIONS: BalanceOptions = { lossWeighing: false, ratio: 1, scaleLoss: true, averages: false, layer: 17 }

/** Curves of so many epochs: the ratio of an epoch with noise of 20 % between points, and a cosine with noise of 0.02. */
function recorded(epochs: number, ratioOf: (epoch: number) => number, cosine = 0) {
  const rng = createRng(5)
  const places = Array.from({ length: epochs * POINTS }, (_, i) => (i + 1) / POINTS)
  const curve = (of: (epoch: number) => number): BalanceCurve => ({
    epoch: places,
    value: places.map((place) => of(Math.ceil(place))),
  })
  return {
    neural: curve((epoch) => 3 * ratioOf(epoch) * Math.exp(0.2 * rng.normal())),
    classification: curve(() => 3),
    isShared: true,
    cosine: curve(() => cosine + 0.02 * rng.normal()),
    weights: {},
  }
}

describe('the balance of two tasks', () => {
  it.each([
    ['the neurons where their gradient is five times the other', 5, 'neural', 1],
    ['classification where it is five times the other', 1 / 5, 'img_classification', 1],
    ['neither where they are alike', 1.1, 'balanced', null],
  ] as const)('names %s', (_, ratio, verdict, since) => {
    const found = taskBalance(
      recorded(10, () => ratio),
      OPTIONS,
    )
    expect(found).toMatchObject({ verdict, since })
    expect(found.ratio!.low).toBeLessThan(ratio)
    expect(found.ratio!.high).toBeGreaterThan(ratio)
  })

  it('says since when, and nothing where epochs do not agree', () => {
    const grows = taskBalance(
      recorded(20, (epoch) => (epoch < 5 ? 1 : 8)),
      OPTIONS,
    )
    expect(grows).toMatchObject({ verdict: 'neural', since: 5 })
    expect(grows.text).toContain('since epoch 5')
    const swings = taskBalance(
      recorded(8, (epoch) => (epoch % 2 === 0 ? 6 : 1 / 6)),
      OPTIONS,
    )
    expect(swings).toMatchObject({ verdict: 'unsettled', since: null })
    expect(swings.text).toMatch(/^It is not settled/)
  })

  it.each([
    [-0.2, 'apart', 'model.config.v1_model_layer'],
    [0.2, 'together', null],
    [0, 'unrelated', null],
  ] as const)('with a cosine of %d pulls the shared layers %s', (cosine, direction, option) => {
    const { direction: found, advice } = taskBalance(
      recorded(10, () => 1, cosine),
      OPTIONS,
    )
    expect(found).toBe(direction)
    expect(advice.map((one) => one.option)).toEqual(option === null ? [] : [option])
  })

  it('calls no run balanced that goes over from one task to the other, however long it is', () => {
    for (const epochs of [20, 40, 100]) {
      const found = taskBalance(
        recorded(epochs, (epoch) => (epoch <= epochs / 2 ? 5 : 1 / 5)),
        OPTIONS,
      )
      expect(found).toMatchObject({ verdict: 'unsettled', since: null, advice: [] })
      expect(found.text).toContain('the epochs differ')
    }
  })

  it.each([4, 40, 400])('does not call directions unrelated that turn around, in %d epochs', (epochs) => {
    const { epoch } = recorded(epochs, () => 1).cosine
    const cosine = { epoch, value: epoch.map((place) => (Math.ceil(place) <= epochs / 2 ? 0.4 : -0.4)) }
    const found = taskBalance({ ...recorded(epochs, () => 1), cosine }, OPTIONS)
    expect(found).toMatchObject({ direction: 'unknown', advice: [] })
    expect(found.directionText).toContain('cannot be told')
  })

  it('is unknown without gradients of two tasks, and with fewer than three epochs', () => {
    const none = { epoch: [], value: [] }
    expect(
      taskBalance(
        { neural: none, classification: none, isShared: false, cosine: none, weights: {} },
        OPTIONS,
      ),
    ).toMatchObject({
      verdict: 'unknown',
      ratio: null,
      advice: [],
    })
    const { verdict, text } = taskBalance(
      recorded(2, () => 9),
      OPTIONS,
    )
    expect(verdict).toBe('unknown')
    expect(text).toBe('2 epochs say too little; from 3 on there is an interval.')
  })

  it('advises options that the run has not set already', () => {
    const advised = (options: Partial<BalanceOptions>, ratio = 9) =>
      taskBalance(
        recorded(5, () => ratio),
        { ...OPTIONS, ...options },
      ).advice.map((one) => one.option)
    expect(advised({})).toEqual([
      'trainer.config.loss_weighing',
      'trainer.config.avg_loss',
      'trainer.config.scale_loss',
      'trainer.config.train_cycler_args.ratio',
    ])
    expect(advised({ lossWeighing: true, averages: null, scaleLoss: false })).toEqual([
      'trainer.config.train_cycler_args.ratio',
    ])
    expect(advised({ lossWeighing: true }, 1 / 9)).toEqual(['trainer.config.train_cycler_args.ratio'])
    expect(advised({}, 1)).toEqual([])
  })

  it('leaves out steps of which one part was not finite, and counts each epoch once', () => {
    const whole = recorded(6, () => 4)
    const value = whole.neural.value.map((v, i) => (i % 7 === 0 ? Number.NaN : v))
    const found = taskBalance({ ...whole, neural: { ...whole.neural, value } }, OPTIONS)
    expect(found.verdict).toBe('neural')
    expect(found.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6])
  })
})
