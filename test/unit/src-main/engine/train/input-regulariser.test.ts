import { beforeAll, describe, expect, it } from 'vitest'
import type { Model } from '../../../../../src-main/engine/types.ts'
import type { PlainConfig } from '../../../../../src-shared/schema/component.ts'
import { testedBackends, useBackend } from '../../../../support/backend.ts'
import { configuredModel, images } from '../../../../support/configured-model.ts'
import type { SmallOutcome, SmallRun } from '../../../../support/small-training.ts'
import { differing, SIDE, smallData, train, UNITS } from '../../../../support/small-training.ts'

const SIZES = { hidden_channels: 4, input_kern: 5, hidden_kern: 3, layers: 2 }
const CORES: Readonly<Record<string, PlainConfig>> = {
  squeeze_excitation: { ...SIZES, se_reduction: 2, n_se_blocks: 1 },
  stacked: SIZES,
}
const GAMMA = 15.5

function build(core: string, gamma: number): Model {
  const config = { core, [core]: { ...CORES[core], gamma_input: gamma } }
  return configuredModel('composed_neural_model', config, {
    inputs: { v1: images(SIDE, 1) },
    sessions: [
      { area: 'v1', key: 'a', units: UNITS.a, meanResponse: [1, 1, 1] },
      { area: 'v1', key: 'b', units: UNITS.b, meanResponse: [1, 1] },
    ],
    classes: null,
  })
}

/** Two epochs on two sessions of a model that is new each time. */
const runOf = (core: string, gamma = GAMMA): SmallRun => ({
  model: build(core, gamma),
  data: smallData({ tasks: ['v1'] }),
  config: {
    loss_functions: { v1: 'PoissonLoss' },
    to_monitor: ['v1'],
    train_cycler: 'LongCycler',
    train_cycler_args: {},
    regularize: 'always',
    optimizer_options: { lr: 0.002, momentum: 0.75 },
  },
})

/** Weights of the layer that the penalty acts on. */
const inputFilters = ({ result }: SmallOutcome): Float32Array =>
  result.weights.get('core.features.layer0.conv.weight')?.data as Float32Array

// The penalty on the first layer's filters once had a gradient that changed from call to call on some processors.
describe.each(await testedBackends())('a smoothness penalty of 15.5 on the input filters, %s', (backend) => {
  beforeAll(() => useBackend(backend))

  it.each(Object.keys(CORES))('gives the same bytes three times from one seed: %s core', async (core) => {
    const first = await train(runOf(core))
    for (const again of [await train(runOf(core)), await train(runOf(core))]) {
      expect(differing(first.result.weights, again.result.weights)).toEqual([])
      expect(differing(first.last.arrays, again.last.arrays)).toEqual([])
    }
  })

  it.each(Object.keys(CORES))('gives the same bytes when stopped and gone on: %s core', async (core) => {
    const whole = await train(runOf(core))
    let looks = 0
    const first = await train({ ...runOf(core), stopRequest: () => (looks++ >= 5 ? 'now' : 'no') })
    expect(first.result.end.reason).toBe('asked')
    const second = await train({ ...runOf(core), checkpoint: first.last })
    expect(second.result.end.reason).not.toBe('asked')
    expect(differing(whole.result.weights, second.result.weights)).toEqual([])
    expect(differing(whole.last.arrays, second.last.arrays)).toEqual([])
  })

  it.each(Object.keys(CORES))('moves the input filters, to finite values: %s core', async (core) => {
    const [penalised, free] = [await train(runOf(core)), await train(runOf(core, 0))]
    expect(inputFilters(penalised)).not.toEqual(inputFilters(free))
    expect([...inputFilters(penalised)].every(Number.isFinite)).toBe(true)
  })
})
