import { describe, expect, it } from 'vitest'
import { identityOf } from '../../../../../src-shared/schema/canonical.ts'
import type { PlainConfig } from '../../../../../src-shared/schema/component.ts'
import { parseComponent } from '../../../../../src-shared/schema/component.ts'
import { findComponent } from '../../../../../src-shared/schema/registry.ts'

const component = (fn: string) => {
  const found = findComponent('trainer', fn)
  if (found === undefined) throw new Error(`no trainer ${fn}`)
  return found
}

function parse(config: PlainConfig, fn = 'cotrainer') {
  return parseComponent(component(fn), config, 'trainer.config')
}

function resolved(config: PlainConfig, fn?: string): PlainConfig {
  const parsed = parse(config, fn)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.value
}

const problemsOf = (config: PlainConfig): readonly string[] => {
  const parsed = parse(config)
  return parsed.ok ? [] : parsed.problems.map((p) => `${p.path}: ${p.message}`)
}

/** Every option of the published co-trainer, as its base config writes it. */
const PUBLISHED: PlainConfig = {
  force_cpu: false,
  use_tensorboard: false,
  optimizer: 'Adam',
  optimizer_options: { amsgrad: false, lr: 3e-4, weight_decay: 5e-4 },
  specific_opt_options: {},
  lr_decay: 0.8,
  epoch: 0,
  scheduler: '',
  patience: 10,
  threshold: 1e-4,
  verbose: false,
  threshold_mode: 'rel',
  train_cycler: 'LongCycler',
  train_cycler_args: { grad_accum_step: 0 },
  loss_functions: { img_classification: 'CrossEntropyLoss' },
  loss_sum: false,
  loss_weighing: false,
  maximize: true,
  mtl: false,
  hash: false,
  return_classification_subset: -1,
  to_monitor: ['img_classification'],
  interval: 1,
  max_iter: 100,
  restore_best: true,
  lr_decay_steps: 3,
  add_final_train_eval: true,
  add_final_val_eval: true,
  add_final_test_eval: true,
  track_training: false,
  representation_matching: {},
  freeze: {},
  freeze_bn: { last_layer: -1 },
  readout_name: 'fc',
  reset_linear: false,
  reset_linear_frequency: false,
  transfer_from_path: '',
  rdm_transfer: false,
  rdm_prediction: {},
  lottery_ticket: {},
  lr_warmup: 0,
  chkpt_options: { save_every_n: 1, keep_best_n: 1, keep_last_n: 1, keep_selection: [] },
  keep_checkpoints: false,
  lr_milestones: [],
  loss_accum_batch_n: null,
  show_epoch_progress: false,
  data_transfer: false,
  comment: '',
}

describe('the co-trainer config', () => {
  it('takes every published option, and empty modules are off', () => {
    const config = resolved(PUBLISHED)
    for (const key of [
      'representation_matching',
      'rdm_prediction',
      'lottery_ticket',
      'reset_linear_frequency',
    ]) {
      expect(config[key]).toBeNull()
    }
    expect(config['max_iter']).toBe(100)
  })

  it('takes modules under their published names', () => {
    const config = resolved({
      representation_matching: { representation: 'conv_rep', criterion: 'mse', lambda: 0.5 },
      reset_linear_frequency: { epoch: 3 },
    })
    expect(config['representation_matching']).toMatchObject({
      representations: ['conv_rep'],
      criterion: 'mse',
      lambda: 0.5,
    })
    expect(config['reset_linear_frequency']).toEqual({ epoch: 3, batch: null })
  })

  it('derives scaling from the losses and the epochs from pruning', () => {
    expect(resolved({})['scale_loss']).toBe(false)
    expect(resolved({ loss_functions: { v1: 'PoissonLoss' }, to_monitor: ['v1'] })['scale_loss']).toBe(true)
    expect(resolved({ lottery_ticket: { rounds: 3, round_length: 7 } })['max_iter']).toBe(21)
    expect(resolved({ lottery_ticket: { rounds: 3, round_length: 7 }, max_iter: 5 })['max_iter']).toBe(5)
  })

  it('reads itself back unchanged', () => {
    const once = resolved({ ...PUBLISHED, noise_augmentation: { noise_std: { '0.1': 0.5 } } })
    expect(resolved(once)).toEqual(once)
  })

  it('keeps options without effect out of the identity', () => {
    const schema = component('cotrainer').schema
    const of = (config: PlainConfig) => identityOf(schema, resolved(config))
    expect(of({ comment: 'x', use_tensorboard: true, chkpt_options: { keep_last_n: 5 } })).toEqual(of({}))
    expect(of({ patience: 3 })).not.toEqual(of({}))
  })

  it.each([
    [{ loss_functions: {} }, /loss_functions: there is no task/],
    [
      { loss_functions: { v1: 'CrossEntropyLoss' }, to_monitor: ['v1'] },
      /loss_functions.v1: CrossEntropyLoss does not fit/,
    ],
    [{ to_monitor: [] }, /to_monitor: there is nothing to monitor/],
    [{ to_monitor: ['v4'] }, /to_monitor: "v4" has no loss/],
    [{ scheduler: 'manual' }, /milestones: the manual scheduler has no milestones/],
    [{ optimizer: 'SGD', optimizer_options: { nesterov: true } }, /nesterov: this option has no effect/],
    [{ noise_augmentation: { noise_std: { '0.1': 0.7, '0.2': 0.7 } } }, /fractions sum to more than 1/],
    [{ noise_augmentation: { noise_std: { '0.1': 0.7 }, noise_snr: { '5': 0.1 } } }, /cannot both be given/],
    [{ noise_augmentation: { noise_std: { loud: 0.7 } } }, /"loud" is no noise level/],
    [{ transfer_from_path: 'a.pth' }, /transfer_from_path: this is not read here/],
    [{ reset_linear: true }, /reset_linear: this is not read here/],
    [{ rdm_transfer: true }, /rdm_transfer: has no weight/],
    [{ optimiser: 'Adam' }, /optimiser: unknown option/],
  ])('refuses %j', (config, message) => {
    expect(problemsOf(config as PlainConfig).join('; ')).toMatch(message)
  })
})

describe('the single-task trainer config', () => {
  it('takes every published option', () => {
    const published = {
      avg_loss: false,
      scale_loss: true,
      loss_function: 'PoissonLoss',
      interval: 1,
      patience: 5,
      epoch: 0,
      lr_init: 0.005,
      max_iter: 100,
      maximize: true,
      tolerance: 1e-6,
      restore_best: true,
      lr_decay_steps: 3,
      lr_decay_factor: 0.3,
      min_lr: 1e-4,
      track_training: false,
      return_test_score: false,
      loss_accum_batch_n: null,
    }
    expect(resolved(published, 'nnvision_trainer')).toMatchObject(published)
  })
})

describe('number formats and repeats', () => {
  it('are float32 as it comes unless said, and refuse what there is not', () => {
    expect(resolved({})).toMatchObject({ precision: 'float32', deterministic: false })
    for (const precision of ['float32', 'tf32', 'bfloat16']) expect(problemsOf({ precision })).toEqual([])
    expect(problemsOf({ precision: 'float16' })[0]).toMatch(/^trainer.config.precision: /)
    expect(problemsOf({ deterministic: 'yes' })[0]).toMatch(/^trainer.config.deterministic: /)
  })
})
