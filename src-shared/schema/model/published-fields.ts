import { z } from 'zod'
import type { Problem } from '../../contract/errors.ts'
import { boolean, nullable, text } from '../field.ts'

const compatible = { group: 'Compatibility', advanced: true, identity: false } as const

const channels = (label: string) =>
  nullable(z.number().int().min(1), {
    label,
    help: 'Read for compatibility; the channels are those of the data, and grey images are repeated to three.',
    ...compatible,
  })

const startAndComment = {
  init_weights: boolean({
    default: true,
    label: 'Initialise weights',
    help: 'Read for compatibility; networks always start as with true.',
    ...compatible,
  }),
  comment: text({
    default: '',
    label: 'Comment',
    help: 'Read for compatibility; a run has its own comment.',
    ...compatible,
  }),
}

/** Arguments of the published VGG classifier that say here what is so anyway. */
export const publishedClassifierFields = { ...startAndComment, input_channels: channels('Input channels') }

/** The same of the published shared network. */
export const publishedSharedFields = {
  ...startAndComment,
  neural_input_channels: channels('Neural input channels'),
  classification_input_channels: channels('Classification input channels'),
}

/** A start that the published code would have left to torch is not offered: nothing is ignored in silence. */
export const publishedStartProblems = (config: { readonly init_weights: boolean }): readonly Problem[] =>
  config.init_weights === false
    ? [
        {
          code: 'config-invalid',
          path: 'init_weights',
          message: 'networks always start from initialised weights, false is not offered.',
          hint: 'Remove it, or name a weights file as parent.',
        },
      ]
    : []
