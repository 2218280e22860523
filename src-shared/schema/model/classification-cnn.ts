import { z } from 'zod'
import { component } from '../component.ts'
import { boolean, nullable } from '../field.ts'
import { publishedClassifierFields, publishedStartProblems } from './published-fields.ts'
import {
  inputSize,
  intermediateRep,
  numClasses,
  pretrained,
  readoutDropout,
  readoutHidden,
  readoutKind,
  vggType,
  width,
} from './vgg-fields.ts'

/** What the published data sets imply: classes, image side, pooling before the readout. */
const DATASETS = {
  TinyImageNet: { num_classes: 200, input_size: 64, avg_pool: false },
  ImageNet: { num_classes: 1000, input_size: 224, avg_pool: true },
  V1_ImageNet: { num_classes: 964, input_size: 93, avg_pool: false },
} as const

const implied =
  (key: 'num_classes' | 'input_size' | 'avg_pool', otherwise: unknown) =>
  ({ dataset_cls: set }: { readonly dataset_cls: keyof typeof DATASETS | null }): unknown =>
    set === null ? otherwise : DATASETS[set][key]

/** `classification_cnn_builder`: VGG for image classification alone. */
export const classificationCnn = component({
  kind: 'model',
  fn: 'classification_cnn_builder',
  version: 1,
  tasks: () => ['img_classification'],
  title: 'VGG classifier',
  help: 'One of the eight VGG networks with a dense or convolutional readout, for image classification alone.',
  fields: {
    type: vggType(),
    dataset_cls: nullable(z.enum(['TinyImageNet', 'ImageNet', 'V1_ImageNet']), {
      label: 'Published data set',
      help: 'Fills in classes, input size and pooling of a published data set; empty: take them from the data.',
      group: 'Backbone',
    }),
    input_size: inputSize(),
    width: width(),
    pretrained: pretrained(),
    avg_pool: boolean({
      default: false,
      label: 'Average pool',
      help: 'Adaptive average pool to 7 x 7 before the readout, as for 224 px images.',
      group: 'Classification readout',
    }),
    readout_type: readoutKind(),
    readout_hidden: readoutHidden(),
    readout_dropout: readoutDropout(),
    num_classes: numClasses(),
    get_intermediate_rep: intermediateRep(),
    ...publishedClassifierFields,
  },
  derive: {
    num_classes: implied('num_classes', null),
    input_size: implied('input_size', null),
    avg_pool: implied('avg_pool', false),
  },
  applies: { readout_dropout: (c) => c.readout_hidden !== 0 },
  check: publishedStartProblems,
})

export type ClassificationCnnConfig = Readonly<z.output<typeof classificationCnn.schema>>
