import { describe, expect, it } from 'vitest'
import { findComponent } from '../../../../src-shared/schema/registry.ts'
import { resolve } from '../../../../src-shared/schema/resolve.ts'
import type { RunConfig } from '../../../../src-shared/schema/run-config.ts'
import { changedConfig, parseRunConfig, storedConfig } from '../../../../src-shared/schema/run-config.ts'

const small = (trainer: object = {}) => ({
  dataset: { fn: 'img_loader' },
  model: { fn: 'lenet_builder' },
  trainer: { fn: 'cotrainer', config: trainer },
})

const problemsOf = (given: unknown): readonly string[] => {
  const parsed = parseRunConfig(given)
  return parsed.ok ? [] : parsed.problems.map(({ path, message, hint }) => `${path}: ${message} ${hint}`)
}

describe('a run config', () => {
  it.each([
    [
      { optimizer_options: { momentum: 0.9 } },
      'trainer.config.optimizer_options.momentum: this option has no effect with optimizer: "Adam". Remove it, or change optimizer.',
    ],
    [
      { lr_decay: 0.5 },
      'trainer.config.lr_decay: this option has no effect with scheduler: "". Remove it, or change scheduler.',
    ],
    [
      { train_cycler_args: { main_key: 'v1' } },
      'trainer.config.train_cycler_args.main_key: this option has no effect with train_cycler: "LongCycler". Remove it, or change train_cycler.',
    ],
    [
      { avg_loss: true },
      'trainer.config.avg_loss: this option has no effect with loss_functions: {"img_classification":"CrossEntropyLoss"}. Remove it, or change loss_functions.',
    ],
    [
      { optimizer: 'SGD', optimizer_options: { dampening: 0.1 } },
      'trainer.config.optimizer_options.dampening: this option has no effect with optimizer: "SGD" and optimizer_options.momentum: 0. Remove it, or change optimizer or optimizer_options.momentum.',
    ],
    [
      { max_iter: 20, scheduler: 'manual', scheduler_options: { milestones: [10, 20] } },
      'trainer.config.scheduler_options.milestones: milestone 20 has no effect: training ends after 20 epochs. Use 1 to 19, or train longer.',
    ],
    [
      { max_iter: 5, interval: 6 },
      'trainer.config.interval: is 6, more than the 5 epochs of max_iter: nothing would be evaluated in between. Use 5 or less.',
    ],
    [
      { loss_functions: { img_classification: 'CrossEntropyLoss', v1: 'PoissonLoss' } },
      'trainer.config.loss_functions.v1: the data set has no V1, so that this loss trains nothing. Remove it, or add the task to the data set; it has classification.',
    ],
    [
      { specific_opt_options: { fc: { momentum: 0.5 } } },
      'trainer.config.specific_opt_options.fc.momentum: Adam does not read this option. Remove it, or choose another optimizer.',
    ],
  ])('is refused where an option changes nothing, with the option that decides it: %j', (trainer, words) => {
    expect(problemsOf(small(trainer))).toContain(words)
  })

  it('is refused where the model has no readout for what is to be trained', () => {
    const model = { fn: 'mtl_builder', config: { classification: false } }
    expect(problemsOf({ ...small(), model })).toEqual([
      'model.fn: the model mtl_builder as configured has no readout for classification, which is to be trained. Choose a model or options with one, or train other tasks; this one answers V1.',
    ])
    const neural = { dataset: { fn: 'neural_loader' }, trainer: { fn: 'nnvision_trainer' } }
    expect(problemsOf({ ...neural, model: { fn: 'lenet_builder' } }).join()).toContain('no readout for V1')
    expect(problemsOf({ ...neural, model: { fn: 'neural_cnn_builder' } })).toEqual([])
  })

  it('says so of parts of a combined data set as well', () => {
    const config = {
      img_dataset_dict: { dataset_cls: 'MNIST', in_resize: 300 },
      v1_dataset_dict: { dataset: 'in_silico' },
    }
    const [problem] = problemsOf({
      ...small(),
      dataset: { fn: 'mtl_loader', config },
      model: { fn: 'mtl_builder' },
    })
    expect(problem).toBe(
      'dataset.config.img_dataset_dict.in_resize: this option has no effect with img_dataset_dict.dataset_cls: "MNIST". Remove it, or change img_dataset_dict.dataset_cls.',
    )
  })

  it('that was stored by an earlier version is read as it is, later options at their defaults', () => {
    const parsed = parseRunConfig(small())
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
    const { trainer } = parsed.value
    if (trainer.fn !== 'cotrainer') throw new Error('another trainer')
    const { grad_clip: _later, ...earlier } = trainer.config
    const options = { ...earlier, optimizer_options: { ...earlier.optimizer_options, momentum: 0.9 } }
    const stored = { ...parsed.value, trainer: { fn: trainer.fn, config: options } } as RunConfig
    expect(problemsOf(stored).join()).toMatch(/momentum: this option has no effect/)
    const read = storedConfig(stored)
    expect(read.trainer.config).toEqual({ ...options, grad_clip: null })
    expect(read.dataset).toEqual(parsed.value.dataset)
    const known = findComponent('trainer', trainer.fn)
    if (known === undefined) throw new Error('the trainer is gone')
    expect(resolve(known, read.trainer.config).options.get('optimizer_options.momentum')).toMatchObject({
      value: 0.9,
      applies: false,
    })
  })

  it('names what is missing or of the wrong kind, and nothing twice', () => {
    const paths = (given: unknown, path?: string) => {
      const parsed = parseRunConfig(given, path)
      return parsed.ok ? [] : parsed.problems.map((problem) => problem.path)
    }
    expect(paths({ ...small(), dataset: undefined, model: {} })).toEqual(['dataset', 'model.fn'])
    expect(paths({ ...small(), dataset: 3, trainer: { fn: 4 } })).toEqual(['dataset', 'trainer.fn'])
    expect(paths(7)).toEqual([''])
    expect(paths({ ...small({ lr_decai: 1 }), seed: -1 }, 'plan.0')).toEqual([
      'plan.0.seed',
      'plan.0.trainer.config.lr_decai',
    ])
    const losses = { img_classification: 'CrossEntropyLoss', v1: 'PoissonLoss' }
    const untrained = small({ loss_functions: losses })
    expect(paths(untrained, 'plan.0')).toEqual(['plan.0.trainer.config.loss_functions.v1'])
    const model = { fn: 'mtl_builder', config: { classification: false } }
    expect(paths({ ...small(), model }, 'plan.0')).toEqual(['plan.0.model.fn'])
  })

  it('has defaults for what is said of the run itself', () => {
    const parsed = parseRunConfig({ ...small(), parent: { run: 'ab12' } })
    expect(parsed).toMatchObject({ ok: true, value: { name: '', comment: '', tags: [], seed: 1000 } })
    const parent = { run: 'ab12', file: null, use: 'weights', epoch: null, strict: false }
    expect(parsed.ok ? parsed.value.parent : null).toEqual(parent)
  })

  it.each<[object, string]>([
    [
      { model: { fn: 'lenet_bulder' } },
      'model.fn: no model is called "lenet_bulder". Did you mean "lenet_builder"?',
    ],
    [{ trainer: { fn: 'no' } }, 'trainer.fn: no trainer is called "no". Known: cotrainer, nnvision_trainer.'],
    [
      { parent: {} },
      'parent.run: neither a run nor a weights file to start from is named. Choose one, or take "start from" away.',
    ],
  ])('is refused with %j', (given, words) => {
    expect(problemsOf({ ...small(), ...given })).toEqual([words])
  })

  it('that starts from weights says from which', () => {
    const model = { fn: 'classification_cnn_builder', config: { pretrained: true } }
    const words = 'there are no weights to start from, so that training would start from scratch.'
    const told = (given: object, path = '') => {
      const parsed = parseRunConfig({ ...small(), model, ...given }, path)
      return parsed.ok ? [] : parsed.problems.map((problem) => `${problem.path}: ${problem.message}`)
    }
    expect(told({})).toEqual([`model.config.pretrained: ${words}`])
    expect(told({}, 'plan.0')).toEqual([`plan.0.model.config.pretrained: ${words}`])
    expect(told({ parent: { file: 'vgg.safetensors' } })).toEqual([])
    expect(told({ model: { ...model, config: { pretrained: false } } })).toEqual([])
    expect(told({ parent: { use: 'weights' } }, 'plan.0')).toEqual([
      'plan.0.parent.run: neither a run nor a weights file to start from is named.',
    ])
  })

  it('that is changed is judged by what the change brings', () => {
    const parsed = parseRunConfig(small())
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
    const before = parsed.value
    const trainer = (more: object): RunConfig =>
      ({
        ...before,
        trainer: { fn: 'cotrainer', config: { ...before.trainer.config, ...more } },
      }) as RunConfig // as stored
    const fine = changedConfig(before, trainer({ max_iter: 7 }))
    expect([fine.problems, fine.inherited]).toEqual([[], []])
    expect(fine.config.trainer.config).toMatchObject({ max_iter: 7 })
    const old = trainer({ lr_decay: 0.5 }) // has no effect without a scheduler: refused today
    const kept = changedConfig(old, trainer({ lr_decay: 0.5, max_iter: 7 }))
    expect([kept.problems, kept.inherited]).toEqual([[], ['trainer.config.lr_decay']])
    expect(kept.config.trainer.config).toMatchObject({ lr_decay: 0.5, max_iter: 7 })
    const brought = changedConfig(old, trainer({ lr_decay: 0.5, max_iter: 0.5 }))
    expect(brought.problems.map(({ path }) => path)).toEqual(['trainer.config.max_iter'])
  })
})
