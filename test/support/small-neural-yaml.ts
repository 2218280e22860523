/** Eight simulated neurons and a narrow network: seconds of training with every part of a real run. */
export const smallNeuralYaml = ({
  epochs,
  seed,
}: {
  epochs: number
  seed: number
}): string => `name: neurons only
dataset:
  fn: neural_loader
  config:
    dataset: in_silico
    crop: 0
    scale: 1
    batch_size: 16
    target_types: [v1]
    generator: { n_neurons: 8, images: pink_noise, image_size: 32, n_images: 320, n_test: 12, repeats: 4 }
model:
  fn: mtl_builder
  config: { vgg_type: vgg11_bn, pretrained: false, width: 0.125, input_size: 32, classification: false, v1_model_layer: 7 }
trainer:
  fn: cotrainer
  config:
    loss_functions: { v1: PoissonLoss }
    to_monitor: [v1]
    max_iter: ${epochs}
    optimizer: Adam
    train_cycler: MTL_Cycler
    train_cycler_args: { main_key: v1, ratio: { 1: 1 } }
seed: ${seed}
`
