import { join } from 'node:path'
import { writeTinyMnist } from '../support/tiny-mnist.ts'

/** A config that trains in seconds, on noisy bars written beside the home; `epochs` makes it as long as needed. */
export function tinyYaml(home: string, epochs: number): string {
  const folder = writeTinyMnist(join(home, '../MNIST'))
  return `# Noisy bars, for tests.
name: Tiny bars
dataset:
  fn: img_loader
  config:
    dataset_cls: MNIST
    data_dir: ${JSON.stringify(folder)}
    input_size: 32
    batch_size: 20
    valid_subset: 0.2
    apply_augmentation: false
    add_corrupted_test: false
    add_fly_corrupted_test: { contrast: [3] }
    add_out_domain_test: false
    validation_gauss: []
    constants: ic
model:
  fn: mtl_builder
  config:
    vgg_type: vgg11_bn
    pretrained: false
    width: 0.125
    input_size: 32
    num_classes: 10
    classification: true
    classification_readout_type: dense
    readout_hidden: 0
    v1_model_layer: -1
trainer:
  fn: cotrainer
  config:
    loss_functions: { img_classification: CrossEntropyLoss }
    to_monitor: [img_classification]
    optimizer: Adam
    optimizer_options: { lr: 0.003, weight_decay: 0.00001 }
    max_iter: ${epochs}
    patience: 1000
    add_final_train_eval: false
seed: 1
`
}
