import { normMemory } from '../../../../../src-main/engine/train/epoch/divergence.ts'
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { tidy } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { EVALUATION } from '../../../../../src-main/engine/eval/network.ts'
import { initialValues } from '../../../../../src-main/engine/model/index.ts'
import { REFUSED_WHEN_DETERMINISTIC } from '../../../../../src-main/engine/tensor/base/routes.ts'
import {
  convPrecision,
  createParamStore,
  LIBRARY,
  setRoutes,
} from '../../../../../src-main/engine/tensor/index.ts'
import { rulesOf } from '../../../../../src-main/engine/train/index.ts'
import { globalNorm } from '../../../../../src-main/engine/train/epoch/gradients.ts'
import { taskObjectives } from '../../../../../src-main/engine/train/rules/objective.ts'
import type { Probe } from '../../../../../src-main/engine/train/epoch/epoch-job.ts'
import { trainEpoch } from '../../../../../src-main/engine/train/epoch/train-epoch.ts'
import { openTraining } from '../../../../../src-main/engine/train/state/training-state.ts'
import type { Model, NamedArrays } from '../../../../../src-main/engine/types.ts'
import type { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import type { PlainConfig } from '../../../../../src-shared/schema/component.ts'
import { createRng } from '../../../../../src-shared/util/rng.ts'
import { useBackend } from '../../../../support/backend.ts'
import {
  curves,
  differing,
  eventsOf,
  resolvedTrainer,
  SMALL_CONFIG,
  smallData,
  smallModel,
  train,
} from '../../../../support/small-training.ts'
import { normals } from '../../../../support/tensors.ts'

const isStatistic = (name: string): boolean => /running_/.test(name)
/** A batch norm takes the bias of its convolution away again, so that one never moves from 0. */
const isIdle = (name: string): boolean => /conv\w+\.bias$/.test(name)
const parametersOf = (names: readonly string[]): readonly string[] =>
  names.filter((name) => !isStatistic(name) && !isIdle(name))

/** Tensors that training moved. */
async function moved(config: PlainConfig, model?: Model): Promise<readonly string[]> {
  const own = model === undefined ? {} : { model }
  const before = (await train({ ...own, config: { ...config, max_iter: 0 } })).result.weights
  const after = (await train({ ...own, config: { ...config, restore_best: false } })).result.weights
  return differing(before, after)
}

const everything = parametersOf(smallModel().specs.map((s) => s.name))
const readouts = everything.filter((name) => name.includes('readout'))

/** One epoch with a look at the gradients of each step and at what each step changed. */
async function steps(
  config: PlainConfig,
  tasks: readonly ('v1' | 'img_classification')[] = ['v1', 'img_classification'],
) {
  const trainer = resolvedTrainer('cotrainer', { ...SMALL_CONFIG, ...config })
  const rules = rulesOf(trainer, [])
  const data = smallData({ tasks })
  const setup = { data, model: smallModel(), trainer, seed: 1, start: null, checkpoint: null }
  const state = openTraining({ ...setup, now: () => 0, stopRequest: () => 'no' }, rules)
  const batches: Promise<number>[] = []
  const pending: Promise<number>[] = []
  const probe: Probe = {
    noise: () => undefined,
    batch: (_step, _numbers, grads) => void batches.push(globalNorm(grads)),
    gradients: (grads) => void pending.push(globalNorm(grads)),
    updated: () => undefined,
  }
  const position = {
    epoch: 0,
    step: 0,
    images: 0,
    seconds: 0,
    stop: null as never,
    queue: [],
    batchesDone: 0,
    tally: {},
  }
  const before = await state.store.read()
  const run = trainEpoch({
    state,
    rules,
    norms: normMemory(),
    objectives: taskObjectives(rules),
    hooks: [],
    loaders: data.train,
    epoch: 1,
    rates: state.optimizer.rates,
    position: { ...position, rates: state.optimizer.rates },
    waited: () => 0,
    now: () => 0,
    stopRequest: () => 'no',
    readEachBatch: true,
    probe,
  })
  for (let next = await run.next(); next.done !== true; next = await run.next());
  const after = await state.store.read()
  state.dispose()
  return { batches: await Promise.all(batches), pending: await Promise.all(pending), before, after }
}

function distance(a: NamedArrays, b: NamedArrays): number {
  let sum = 0
  for (const [name, { data }] of a) {
    if (isStatistic(name)) continue
    data.forEach((v, i) => (sum += (v - (b.get(name)?.data[i] as number)) ** 2))
  }
  return Math.sqrt(sum)
}

describe('options of training', () => {
  beforeAll(() => useBackend())

  it('move every parameter when nothing is frozen', async () => {
    expect(parametersOf(await moved({}))).toEqual(everything)
  })

  it('freeze the core, the readouts, a task block, or what a name says', async () => {
    const frozen = (...freeze: string[]) => moved({ freeze: { freeze } }).then(parametersOf)
    expect(await frozen('core')).toEqual(readouts)
    expect(await frozen('readout')).toEqual(everything.filter((name) => !readouts.includes(name)))
    const blocks = new Map(smallModel().specs.map((s) => [s.name, s.block]))
    expect(await frozen('v1')).toEqual(everything.filter((name) => blocks.get(name) !== 'v1_block'))
    const [first = ''] = readouts
    expect(await frozen(first)).toEqual(everything.filter((name) => !name.includes(first)))
  })

  it('still move the statistics of frozen norms, as published', async () => {
    expect((await moved({ freeze: { freeze: ['core'] } })).filter(isStatistic).length).toBeGreaterThan(0)
  })

  it('refuse to freeze what the model does not have, and to freeze everything', async () => {
    await expect(train({ config: { freeze: { freeze: ['cortex'] } } })).rejects.toThrow(
      /nothing in the model is called "cortex"/,
    )
    await expect(train({ config: { freeze: { freeze: ['core', 'readout'] } } })).rejects.toThrow(
      /nothing is left to train/,
    )
  })

  it('keep the statistics of the norms below freeze_bn, whose scale and shift still train', async () => {
    const names = await moved({ freeze_bn: { last_layer: 2 } })
    const inBlock = (name: string): boolean =>
      smallModel().specs.find((s) => s.name === name)?.block === 'v1_block'
    expect(names.filter((n) => inBlock(n) && isStatistic(n))).toEqual([])
    expect(names.filter((n) => !inBlock(n) && isStatistic(n)).length).toBeGreaterThan(0)
    expect(parametersOf(names)).toEqual(everything)
    expect((await moved({})).filter((n) => inBlock(n) && isStatistic(n)).length).toBeGreaterThan(0)
  })

  it('re-initialise the named layers of weights to start from, and those only', async () => {
    const start = (await train({ seed: 8 })).result.weights
    const at = (reset: string[]) => train({ start, config: { max_iter: 0, freeze: { reset } } })
    expect(differing((await at([])).result.weights, start)).toEqual([])
    const all = differing((await at(['all'])).result.weights, start)
    expect(all.some((name) => name.startsWith('v1_readout'))).toBe(false)
    expect(all.length).toBeGreaterThan(8)
    const one = differing((await at(['v1_block.0'])).result.weights, start)
    expect(one).toEqual(['mtl_vgg_core.v1_block.conv1_1.weight'])
    await expect(at(['v9'])).rejects.toThrow(/"v9"/)
  })

  it('drop activations in training and not in evaluation', async () => {
    const output = (model: Model, training: boolean, seed: number): number[] => {
      const store = createParamStore(initialValues(model.specs, createRng(1)))
      const context = { ...EVALUATION, training, rng: createRng(seed) }
      const x = normals([4, 8, 8, 1], 1) as Tensor4D
      const run = (): Tensor => model.apply(store.tensors, x, { task: 'img_classification' }, context).output
      const values = [...tidy(run).dataSync()]
      store.dispose()
      return values
    }
    const [plain, dropping] = [smallModel(), smallModel({ dropout: { shared: 0.5, unshared: 0.5 } })]
    expect(output(plain, true, 1)).toEqual(output(plain, true, 2))
    expect(output(dropping, true, 1)).not.toEqual(output(dropping, true, 2))
    expect(output(dropping, false, 1)).toEqual(output(dropping, false, 2))
    const [a, b] = [await train({ model: plain }), await train({ model: dropping })]
    expect(Buffer.from(JSON.stringify([...a.result.weights.values()])).length).toBeGreaterThan(0)
    expect([...a.result.weights.values()].map((w) => w.data[0])).not.toEqual(
      [...b.result.weights.values()].map((w) => w.data[0]),
    )
  })

  it('learn loss weights, keep them in the checkpoint and report them', async () => {
    const { last, events } = await train({ config: { loss_weighing: true, avg_loss: undefined } })
    const learned = [...last.arrays].filter(([name]) => name.startsWith('param/log_w'))
    expect(learned.map(([name]) => name)).toEqual(['param/log_w.v1', 'param/log_w.img_classification'])
    for (const [, { data }] of learned) expect(Math.abs(data[0] as number)).toBeGreaterThan(1e-3)
    const reported = eventsOf(events, 'metrics')
      .filter((e) => 'Training/v1/log_w' in e.values)
      .at(-1)?.values
    expect(reported?.['Training/v1/loss_weight']).toBeCloseTo(
      Math.exp(reported?.['Training/v1/log_w'] as number),
      10,
    )
    const plain = await train()
    expect([...plain.last.arrays.keys()].some((name) => name.includes('log_w'))).toBe(false)
  })

  it('report each loss without its learned weight, on the scale of validation', async () => {
    const values = (config: Record<string, unknown>) =>
      train({ config: { max_iter: 1, ...config } }).then(
        ({ events }) =>
          Object.assign({}, ...eventsOf(events, 'metrics').map((e) => e.values)) as Record<string, number>,
      )
    const [weighed, scaled] = [
      await values({ loss_weighing: true, avg_loss: undefined }),
      await values({ scale_loss: true, avg_loss: false }),
    ]
    for (const task of ['v1', 'img_classification']) {
      for (const run of [weighed, scaled]) {
        const [train, held] = [run[`Training/${task}/criterion`]!, run[`Validation/${task}/criterion`]!]
        expect(Math.abs(Math.log(train / held)), `${task}: ${train} and ${held}`).toBeLessThan(0.7)
      }
    }
    expect(weighed['Validation/img_classification/criterion']).toBe(
      weighed['Validation/img_classification/loss'],
    )
    expect(scaled['Training/v1/loss']! / scaled['Training/v1/criterion']!).toBeGreaterThan(10)
  })

  it('clip the gradient of each step to the given norm', async () => {
    const limit = 0.2
    const [free, clipped] = [await steps({}), await steps({ grad_clip: limit })]
    expect(Math.max(...free.pending)).toBeGreaterThan(2 * limit)
    expect(Math.max(...clipped.pending)).toBeLessThan(limit * 1.0001)
    expect(Math.max(...clipped.pending)).toBeGreaterThan(limit * 0.99)
  })

  it('accumulate gradients over the asked batches and sum them', async () => {
    const sgd = { optimizer_options: { lr: 0.1, momentum: 0, weight_decay: 0 }, train_cycler: 'LongCycler' }
    const only = { loss_functions: { img_classification: 'CrossEntropyLoss' }, avg_loss: undefined }
    const run = (grad_accum_step: number) =>
      steps({ ...sgd, ...only, train_cycler_args: { grad_accum_step } }, ['img_classification'])
    const [one, five] = [await run(1), await run(5)]
    expect(one.batches.length).toBe(5)
    expect(one.pending).toEqual(one.batches)
    expect(five.pending.length).toBe(1)
    expect(five.pending[0]).toBeGreaterThan(Math.max(...five.batches))
    expect(distance(five.before, five.after)).toBeCloseTo(0.1 * (five.pending[0] as number), 5)
  })

  it('discard gradients that no step follows, as published', async () => {
    const only = {
      loss_functions: { img_classification: 'CrossEntropyLoss' },
      avg_loss: undefined,
      train_cycler: 'LongCycler',
    }
    const { pending, batches } = await steps({ ...only, train_cycler_args: { grad_accum_step: 3 } }, [
      'img_classification',
    ])
    expect([batches.length, pending.length]).toEqual([5, 1])
  })
})

describe('options that name parts of the model', () => {
  beforeAll(() => useBackend())

  const refused = (config: Record<string, unknown>) =>
    train({ config }).then(
      () => [],
      (error: CotrainError) => error.problems.map(({ path, message }) => `${path}: ${message}`),
    )
  const group = { lr: 0.2 }

  it('are refused where nothing is called so', async () => {
    expect(await refused({ specific_opt_options: { no_such_parameter: group } })).toEqual([
      'trainer.config.specific_opt_options.no_such_parameter: no parameter that is trained has "no_such_parameter" in its name.',
    ])
    expect(await refused({ freeze_bn: { last_layer: 1 } })).toEqual([
      'trainer.config.freeze_bn.last_layer: the model has no batch norm below index 1 of its blocks.',
    ])
    expect(await refused({ freeze_bn: { last_layer: 2 } })).toEqual([])
  })

  it('do not stop a run that began when they were let pass', async () => {
    const { last } = await train({ config: { max_iter: 1 } })
    const config = { max_iter: 2, specific_opt_options: { no_such_parameter: group } }
    const { result } = await train({ config, checkpoint: last })
    expect(result.end.reason).toBe('epochs')
  })

  it('are refused where groups before take all of it, and where it is frozen', async () => {
    const later = { v1_readout: group, 'v1_readout.': { lr: 0.3 } }
    expect(await refused({ specific_opt_options: later })).toEqual([
      expect.stringMatching(
        /^trainer.config.specific_opt_options.v1_readout.: every parameter .* before this one/,
      ),
    ])
    const frozen = { freeze: { freeze: ['readout'] }, specific_opt_options: { v1_readout: group } }
    expect(await refused(frozen)).toEqual([expect.stringMatching(/no parameter that is trained/)])
  })
})

describe('reduced precision', () => {
  it('is refused where the engine has none, and float32 everywhere after a run', async () => {
    await useBackend('wasm')
    const run = train({ config: { precision: 'bfloat16' } })
    await expect(run).rejects.toMatchObject({ code: 'engine-unavailable' })
    await useBackend()
    expect(convPrecision()).toBe('float32')
    const onProcessor = train({ config: { precision: 'tf32' } })
    await expect(onProcessor).rejects.toMatchObject({ code: 'engine-unavailable' })
  })

  it('changes the numbers a little', async ({ skip }) => {
    const backend = await useBackend()
    if (backend.name !== 'native') return skip('no native engine here')
    const [full, reduced] = [await train(), await train({ config: { precision: 'bfloat16' } })]
    expect(differing(full.result.weights, reduced.result.weights).length).toBeGreaterThan(5)
    expect(convPrecision()).toBe('float32')
    const loss = (run: typeof full) =>
      eventsOf(run.events, 'metrics')[0]?.values['Validation/img_classification/loss'] as number
    expect(loss(reduced) / loss(full)).toBeCloseTo(1, 1)
  })
})

describe('neural trials that carry labels', () => {
  beforeAll(() => useBackend())

  const config = { train_cycler: 'LongCycler', to_monitor: ['v1'] }
  const only = (labels: boolean) => smallData({ tasks: ['v1'], labels })

  it('train both tasks in one pass', async () => {
    const withLabels = await train({ config, data: only(true) })
    const without = await train({ config, data: only(false) })
    const start = (await train({ config: { ...config, max_iter: 0 }, data: only(true) })).result.weights
    const head = everything.filter((name) => name.startsWith('classification_readout'))
    expect(head.length).toBeGreaterThan(0)
    expect(differing(withLabels.result.weights, start)).toEqual(expect.arrayContaining([...head]))
    expect(differing(without.result.weights, start).filter((name) => head.includes(name))).toEqual([])
    const keys = new Set(eventsOf(withLabels.events, 'metrics').flatMap((e) => Object.keys(e.values)))
    expect([...keys]).toEqual(
      expect.arrayContaining(['Training/v1/loss', 'Training/img_classification/loss']),
    )
  })

  it('log the loss of each task apart', async () => {
    const { events } = await train({ config: { ...config, max_iter: 1 }, data: only(true) })
    const first =
      eventsOf(events, 'metrics').find((e) => 'Training/img_classification/loss' in e.values)?.values ?? {}
    expect(first['Training/img_classification/loss']).toBeGreaterThan(0.3)
    expect(first['Training/img_classification/loss']).toBeLessThan(4)
    expect(first['Training/v1/loss']).not.toBeCloseTo(first['Training/img_classification/loss'] as number, 3)
  })

  it('are refused for a model that cannot answer both', async () => {
    const { applyBoth: _, ...model } = smallModel()
    await expect(train({ config, data: only(true), model })).rejects.toThrow(/cannot answer both tasks/)
  })
})

describe('repeats that must be equal', () => {
  it('are, bit for bit, by the ways that a card would take as well', async ({ skip }) => {
    const backend = await useBackend()
    if (backend.name !== 'native') return skip('no native engine here')
    const ownRoutes = [...(backend.proof?.setting.ownRoutes ?? []), ...REFUSED_WHEN_DETERMINISTIC]
    setRoutes({ ownRoutes, bfloat16Sums: 'library' })
    try {
      const config = { deterministic: true, freeze_bn: { last_layer: 3 } }
      const [first, again] = [await train({ config }), await train({ config })]
      expect(differing(first.result.weights, again.result.weights)).toEqual([])
      expect(curves(first.events)).toEqual(curves(again.events))
    } finally {
      setRoutes(backend.proof?.setting ?? LIBRARY)
    }
  })

  it('leave the numbers of a processor as they are', async () => {
    await useBackend()
    const [plain, asked] = [await train(), await train({ config: { deterministic: true } })]
    expect(differing(plain.result.weights, asked.result.weights)).toEqual([])
  })
})
