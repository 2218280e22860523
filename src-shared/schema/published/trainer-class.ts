import { pyDict, pyFloat } from '../../util/upstream-hash.ts'
import { entriesOf, type Default, type PublishedClass, type Read } from './published-class.ts'

const EMPTY = pyDict({})

/** Only options with a neural loss, or with several losses, define loss scaling at all. */
function neural(value: boolean): Default {
  return (read: Read) => {
    const tasks = entriesOf(read('loss_functions')).map(([task]) => task)
    return tasks.length > 1 || !tasks.includes('img_classification') ? value : undefined
  }
}

/** Co-trainer of neural_cotraining; the last eight options come from nntransfer's TrainerConfig. */
export const CO_TRAINER_CONFIG: PublishedClass = {
  fn: 'neural_cotraining.trainer.cotrainer',
  derived: ['main_loop_modules'],
  defaults: [
    ['force_cpu', false],
    ['use_tensorboard', false],
    ['optimizer', 'Adam'],
    ['optimizer_options', pyDict({ amsgrad: false, lr: pyFloat(3e-4), weight_decay: pyFloat(5e-4) })],
    ['specific_opt_options', EMPTY],
    ['lr_decay', pyFloat(0.8)],
    ['epoch', 0],
    ['scheduler', ''],
    ['scheduler_options', EMPTY],
    ['patience', 10],
    ['threshold', pyFloat(1e-4)],
    ['verbose', false],
    ['min_lr', pyFloat(1e-4)],
    ['threshold_mode', 'rel'],
    ['train_cycler', 'LongCycler'],
    ['train_cycler_args', pyDict({ grad_accum_step: 0 })],
    ['loss_functions', pyDict({ img_classification: 'CrossEntropyLoss' })],
    ['loss_sum', false],
    ['loss_weighing', false],
    ['scale_loss', neural(true)],
    ['avg_loss', neural(false)],
    ['maximize', true],
    ['mtl', false],
    ['hash', false],
    ['return_classification_subset', -1],
    ['to_monitor', ['img_classification']],
    ['interval', 1],
    ['max_iter', 100],
    ['restore_best', true],
    ['lr_decay_steps', 3],
    ['add_final_train_eval', true],
    ['add_final_val_eval', true],
    ['add_final_test_eval', true],
    ['track_training', false],
    ['representation_matching', EMPTY],
    ['freeze', EMPTY],
    ['freeze_bn', pyDict({ last_layer: -1 })],
    ['readout_name', 'fc'],
    ['reset_linear', false],
    ['reset_linear_frequency', false],
    ['transfer_from_path', ''],
    ['rdm_transfer', false],
    ['rdm_prediction', EMPTY],
    ['lottery_ticket', EMPTY],
    ['lr_warmup', 0],
    [
      'chkpt_options',
      pyDict({ save_every_n: 1, keep_best_n: 1, keep_last_n: 1, keep_selection: { $tuple: [] } }),
    ],
    ['keep_checkpoints', false],
    ['lr_milestones', { $tuple: [] }],
    ['loss_accum_batch_n', null],
    ['show_epoch_progress', false],
    ['data_transfer', false],
    ['comment', ''],
  ],
}
