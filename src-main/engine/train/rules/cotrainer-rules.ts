import type { TaskName } from '../../types.ts'
import { layerWeightSpecs } from '../hooks/layer-weights.ts'
import type { LossName, TrainingRules } from './rules.ts'
import type { CoTrainerStopOptions, NnvisionStopOptions } from '../schedule/stop-config.ts'
import { coTrainerStop, nnvisionStop } from '../schedule/stop-config.ts'
import { TASK_ORDER } from './sources.ts'

type Options = Readonly<Record<string, unknown>>

/** Options were validated by their schema, which gives them these types. */
const get = <T>(options: Options, key: string): T => options[key] as T

/** Rules of the co-trainer (CoTrainerConfig of neural_cotraining). */
export function cotrainerRules(o: Options): TrainingRules {
  const losses = get<Record<string, LossName>>(o, 'loss_functions')
  const args = get<{
    grad_accum_step: number
    main_key: string
    ratio: number | Record<string, number>
    legacy_ratio: boolean
  }>(o, 'train_cycler_args')
  const freeze = get<{ freeze: string[]; reset: string[] }>(o, 'freeze')
  const scaleLoss = get<boolean>(o, 'scale_loss')
  const regularize = get<'with_scale' | 'always' | 'never'>(o, 'regularize')
  return {
    losses: new Map(
      TASK_ORDER.flatMap((task) => (losses[task] === undefined ? [] : [[task, losses[task]] as const])),
    ),
    learnedWeights: get(o, 'loss_weighing'),
    moduleParams: layerWeightSpecs(get(o, 'representation_matching')),
    scaleLoss,
    regularize: regularize === 'always' || (regularize === 'with_scale' && scaleLoss),
    regularizerExpected: regularize === 'with_scale',
    averagePoisson: get(o, 'avg_loss'),
    sumLosses: get(o, 'loss_sum'),
    keepClasses: get(o, 'return_classification_subset'),
    cycler: {
      name: get(o, 'train_cycler'),
      args: {
        grad_accum_step: args.grad_accum_step,
        main_key: args.main_key,
        ratio: args.ratio,
        rule: args.legacy_ratio ? 'published' : 'accumulate',
      },
    },
    stop: coTrainerStop(o as unknown as CoTrainerStopOptions),
    optimizer: {
      name: get(o, 'optimizer'),
      options: get(o, 'optimizer_options'),
      groups: get(o, 'specific_opt_options'),
      missingGradients: get(o, 'missing_gradients'),
    },
    resetOptimizerOnRestore: get(o, 'reset_optimizer_on_restore'),
    gradClip: get(o, 'grad_clip'),
    precision: get(o, 'precision'),
    freeze: freeze.freeze,
    reset: freeze.reset,
    freezeNorms: get<{ last_layer: number }>(o, 'freeze_bn').last_layer,
    readoutName: get(o, 'readout_name'),
    finalSuite: {
      train: get(o, 'add_final_train_eval'),
      validation: get(o, 'add_final_val_eval'),
      test: get(o, 'add_final_test_eval'),
    },
    allowUntrained: get(o, 'allow_untrained'),
    saveEvery: get<{ save_every_n: number }>(o, 'chkpt_options').save_every_n,
  }
}

/** Rules of nnvision's single-task trainer: Adam without decay, regulariser always added, patience counted from 0. */
export function nnvisionRules(o: Options, task: TaskName): TrainingRules {
  return {
    losses: new Map([[task, get<LossName>(o, 'loss_function')]]),
    learnedWeights: false,
    moduleParams: [],
    scaleLoss: get(o, 'scale_loss'),
    regularize: true,
    regularizerExpected: true,
    averagePoisson: get(o, 'avg_loss'),
    sumLosses: !get<boolean>(o, 'avg_loss'),
    keepClasses: -1,
    cycler: {
      name: 'LongCycler',
      args: { grad_accum_step: get<number | null>(o, 'loss_accum_batch_n') ?? 0 },
    },
    stop: nnvisionStop(o as unknown as NnvisionStopOptions, task),
    optimizer: {
      name: 'Adam',
      options: {
        lr: get<number>(o, 'lr_init'),
        weight_decay: 0,
        amsgrad: false,
        betas: [0.9, 0.999],
        eps: 1e-8,
      },
      groups: {},
      missingGradients: 'zero',
    },
    resetOptimizerOnRestore: false,
    gradClip: null,
    precision: 'float32',
    freeze: [],
    reset: [],
    freezeNorms: -1,
    readoutName: 'readout',
    finalSuite: { train: true, validation: true, test: true },
    allowUntrained: get(o, 'allow_untrained'),
    saveEvery: get<{ save_every_n: number }>(o, 'chkpt_options').save_every_n,
  }
}
