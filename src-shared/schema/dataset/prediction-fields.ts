import { choice, int, nullable, number, text } from '../field.ts'
import { z } from 'zod'

const oracle = 'Oracle'

/**
 * What of which run (the first letters of its id) a data set is: its predicted responses, or simulated neurons that read one
 * of its layers. Null for other data sets.
 */
export function runDataOf(
  dataset: string,
): { readonly kind: 'predicted' | 'oracle'; readonly run: string } | null {
  const [, kind, run] = /^(predicted|oracle):([0-9a-f]{4,64})$/.exec(dataset) ?? []
  return run === undefined ? null : { kind: kind === 'oracle' ? 'oracle' : 'predicted', run }
}

/** Options of responses that a finished run makes for the images of a classification set. */
export const predictionFields = {
  image_set: choice(
    ['MNIST', 'FashionMNIST', 'KMNIST', 'CIFAR10', 'CIFAR100', 'SVHN', 'TinyImageNet', 'ImageFolder'],
    {
      default: 'MNIST',
      label: 'Classification set',
      help: 'Images to answer (in a combined set: give the set of the classification part).',
    },
  ),
  image_dir: text({
    default: '',
    identity: false,
    advanced: true,
    label: 'Folder of the set',
    help: 'Empty: the folder of the classification part, or the usual place.',
  }),
  image_size: int({
    default: 64,
    min: 8,
    max: 1024,
    unit: 'px',
    label: 'Image size',
    help: 'Height and width of the images.',
  }),
  n_images: nullable(z.number().int().min(10), {
    label: 'Training images',
    help: 'Empty: all; the test images are always answered.',
  }),
  layer: text({
    default: '',
    group: oracle,
    label: 'Layer',
    help: 'Oracle: name of the layer that the simulated neurons read, as in the layer table of the model.',
  }),
  n_neurons: int({
    default: 100,
    min: 1,
    max: 5000,
    group: oracle,
    label: 'Neurons',
    help: 'Oracle: number of simulated neurons.',
  }),
  channels_per_neuron: int({
    default: 10,
    min: 1,
    max: 4096,
    group: oracle,
    advanced: true,
    label: 'Channels per neuron',
    help: 'Oracle: channels with a random weight; the others count nothing.',
  }),
  mean_response: number({
    default: 3,
    above: 0,
    max: 1000,
    group: oracle,
    label: 'Mean response',
    help: 'Oracle: mean of each neuron over the training images; give that of the recorded set.',
  }),
} as const

/** Resolved options of predicted and oracle responses. */
export type PredictionOptions = Readonly<z.infer<z.ZodObject<typeof predictionFields, z.core.$strict>>>
