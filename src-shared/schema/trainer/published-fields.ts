import { z } from 'zod'
import type { Problem } from '../../contract/errors.ts'
import type { OptionsOf } from '../component.ts'
import { boolean, int, list, nullable, text } from '../field.ts'

const NO_EFFECT = 'Read for compatibility; has no effect.'
const compatible = { group: 'Compatibility', advanced: true, identity: false, effect: 'none' } as const
const off = (label: string, help = NO_EFFECT) => boolean({ default: false, label, help, ...compatible })

/** Options of published trainers that their own code never reads, or that are said elsewhere here. */
export const publishedFields = {
  use_tensorboard: off('TensorBoard'),
  epoch: int({ default: 0, min: 0, label: 'Epoch', help: NO_EFFECT, ...compatible }),
  hash: off('Hash'),
  track_training: off('Track training', 'Read for compatibility; every epoch is tracked.'),
  keep_checkpoints: off('Keep checkpoints'),
  data_transfer: off('Data transfer', 'Read for compatibility; a run takes data over from its parent.'),
  loss_accum_batch_n: nullable(z.number().int(), {
    label: 'Batches per step',
    help: NO_EFFECT,
    ...compatible,
  }),
  lr_milestones: list(z.number().int(), { default: [], label: 'Milestones', help: NO_EFFECT, ...compatible }),
  comment: text({
    default: '',
    label: 'Comment',
    help: 'Read for compatibility; a run has its own comment.',
    ...compatible,
  }),
  reset_linear: off('Reset readout', 'Read for compatibility; see freeze.reset.'),
  rdm_transfer: off('RDM transfer', 'Read for compatibility; see rdm_prediction.'),
  transfer_from_path: text({
    default: '',
    label: 'Transfer from path',
    help: 'Read for compatibility; the run names what it starts from.',
    ...compatible,
  }),
}

/** Values that meant something in earlier code and have another place here. */
export function publishedProblems(
  config: OptionsOf<typeof publishedFields> & { readonly rdm_prediction: object | null },
): readonly Problem[] {
  const problem = (path: string, message: string, hint: string): Problem => ({
    code: 'config-invalid',
    path,
    message,
    hint,
  })
  return [
    ...(config.transfer_from_path === ''
      ? []
      : [problem('transfer_from_path', 'this is not read here.', 'Give the file as parent: {file: ...}.')]),
    ...(config.reset_linear
      ? [problem('reset_linear', 'this is not read here.', 'Name the layers in freeze: {reset: [...]}.')]
      : []),
    ...(config.rdm_transfer && config.rdm_prediction === null
      ? [problem('rdm_transfer', 'has no weight to train with.', 'Add rdm_prediction: {lambda: 1}.')]
      : []),
  ]
}
