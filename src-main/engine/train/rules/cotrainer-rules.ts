import type { TrainerConfigs } from '../../../../src-shared/schema/registry.ts'
import type { TaskName } from '../../types.ts'
import { layerWeightSpecs } from '../hooks/layer-weights.ts'
import type { TrainingRules } from './rules.ts'
import { coTrainerStop, nnvisionStop } from '../schedule/stop-config.ts'
import { TASK_ORDER } from './sources.ts'

/** Rules of the co-trainer (CoTrainerConfig of neural_cotraining). */
export function cotrainerRules(o: TrainerConfigs['cotrainer']): TrainingRules {
  const { loss_functions: losses, train_cycler_args: args, freeze, scale_loss: scaleLoss, regularize } = o
  const { own_parts: ownParts = {} } = o // stored configs of earlier versions have none
  return {
    losses: new Map(
      TASK_ORDER.flatMap((task) => (losses[task] === undefined ? [] : [[task, losses[task]] as const])),
    ),
    ownParts,
    learnedWeights: o.loss_weighing,
    moduleParams: layerWeightSpecs(o.representation_matching),
    scaleLoss,
    regularize: regularize === 'always' || (regularize === 'with_scale' && scaleLoss),
    regularizerExpected: regularize === 'with_scale',
    averagePoisson: o.avg_loss,
    sumLosses: o.loss_sum,
    keepClasses: o.return_classification_subset,
    cycler: {
      name: o.train_cycler,
      args: {
        grad_accum_step: args.grad_accum_step,
        main_key: args.main_key,
        ratio: args.ratio,
        rule: args.legacy_ratio ? 'published' : 'accumulate',
      },
    },
    stop: coTrainerStop(o),
    optimizer: {
      name: o.optimizer,
      options: o.optimizer_options,
      groups: o.specific_opt_options,
      missingGradients: o.missing_gradients,
    },
    resetOptimizerOnRestore: o.reset_optimizer_on_restore,
    gradClip: o.grad_clip,
    precision: o.precision,
    freeze: freeze.freeze,
    reset: freeze.reset,
    freezeNorms: o.freeze_bn.last_layer,
    readoutName: o.readout_name,
    finalSuite: {
      train: o.add_final_train_eval,
      validation: o.add_final_val_eval,
      test: o.add_final_test_eval,
    },
    allowUntrained: o.allow_untrained,
    saveEvery: o.chkpt_options.save_every_n,
  }
}

/** Rules of nnvision's single-task trainer: Adam without decay, regulariser always added, patience counted from 0. */
export function nnvisionRules(o: TrainerConfigs['nnvision_trainer'], task: TaskName): TrainingRules {
  return {
    losses: new Map([[task, o.loss_function]]),
    ownParts: {},
    learnedWeights: false,
    moduleParams: [],
    scaleLoss: o.scale_loss,
    regularize: true,
    regularizerExpected: true,
    averagePoisson: o.avg_loss,
    sumLosses: !o.avg_loss,
    keepClasses: -1,
    cycler: {
      name: 'LongCycler',
      args: { grad_accum_step: o.loss_accum_batch_n ?? 0 },
    },
    stop: nnvisionStop(o, task),
    optimizer: {
      name: 'Adam',
      options: {
        lr: o.lr_init,
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
    allowUntrained: o.allow_untrained,
    saveEvery: o.chkpt_options.save_every_n,
  }
}
