import { z } from 'zod'
import { boolean, choice, group, int, nullable, number } from '../field.ts'

const ENCODERS = ['rate', 'gaussian', 'gamma', 'zig', 'zil'] as const

const mlpShifterFields = () => ({
  input_channels: int({ default: 2, min: 1, max: 8, label: 'Inputs', help: 'Numbers per eye position.' }),
  hidden_channels_shifter: int({
    default: 5,
    min: 1,
    label: 'Hidden units',
    help: 'Units of its hidden layers.',
  }),
  shift_layers: int({ default: 3, min: 1, max: 8, label: 'Layers', help: 'Number of its layers.' }),
  bias: boolean({ default: true, label: 'Bias', help: 'Bias of its layers.' }),
})

const affineShifterFields = () => ({
  input_channels: int({ default: 2, min: 1, max: 8, label: 'Inputs', help: 'Numbers per eye position.' }),
  bias: boolean({ default: true, label: 'Bias', help: 'Constant part of the shift.' }),
  gamma_shifter: number({
    effect: 'penalty',
    default: 0,
    min: 0,
    scale: 'log',
    label: 'Penalty',
    help: 'Weight of the mean square of its weights.',
  }),
})

const mlpModulatorFields = () => ({
  input_channels: int({
    default: 3,
    min: 1,
    max: 16,
    label: 'Inputs',
    help: 'Numbers of behaviour per trial.',
  }),
  hidden_channels: int({
    default: 5,
    min: 1,
    label: 'Hidden units',
    help: 'Units of its hidden layers.',
  }),
  layers: int({ default: 2, min: 1, max: 8, label: 'Layers', help: 'Number of its layers.' }),
  bias: boolean({ default: true, label: 'Bias', help: 'Bias of its layers.' }),
  gamma_modulator: number({
    effect: 'penalty',
    default: 0,
    min: 0,
    scale: 'log',
    label: 'Penalty',
    help: 'Weight of the mean size of its last weights.',
  }),
  gain: choice(['relu_elu1', 'elu1'], {
    default: 'relu_elu1',
    label: 'Gain',
    help: 'As published gains never fall below 1; elu1 lets them.',
  }),
})

/** Gaze shifter and behaviour modulator. */
export const behaviourGroups = () => ({
  shifter: choice(['none', 'mlp', 'static_affine'], {
    default: 'none',
    label: 'Shifter',
    help: 'Learns from the eye position how far readout positions move.',
    group: 'Behaviour',
  }),
  mlp_shifter: group(mlpShifterFields(), {
    label: 'MLP shifter',
    help: 'Linear layers with tanh.',
    group: 'Behaviour',
  }),
  affine_shifter: group(affineShifterFields(), {
    label: 'Affine shifter',
    help: 'tanh of a linear map.',
    group: 'Behaviour',
  }),
  modulator: choice(['none', 'mlp'], {
    default: 'none',
    label: 'Modulator',
    help: 'Learns from behaviour by how much each unit’s response is scaled.',
    group: 'Behaviour',
  }),
  mlp_modulator: group(mlpModulatorFields(), {
    label: 'MLP modulator',
    help: 'Linear layers with ReLU.',
    group: 'Behaviour',
  }),
})

/** How responses follow from the readout. */
export const encoderGroups = () => ({
  encoder: choice(ENCODERS, {
    default: 'rate',
    label: 'Encoder',
    help: 'What is predicted: a rate, or a whole distribution (then use the loss of that name).',
    group: 'Encoder',
  }),
  rate: group(
    {
      output: choice(['elu', 'identity', 'exp', 'softplus'], {
        default: 'elu',
        label: 'Output',
        help: 'Nonlinearity of the rate; elu is ELU + 1.',
      }),
      elu_offset: number({ default: 0, label: 'Offset', help: 'Added before the nonlinearity.' }),
    },
    { label: 'Rate', help: 'Options of the rate.', group: 'Encoder' },
  ),
  gamma: group(
    {
      max_concentration: nullable(z.number().gt(0), {
        label: 'Largest concentration',
        help: 'Bound on the concentration; empty: none.',
      }),
      min_rate: nullable(z.number().gt(0), {
        label: 'Least rate',
        help: 'Bound on the rate parameter; empty: none.',
      }),
    },
    { label: 'Gamma', help: 'Options of the gamma distribution.', group: 'Encoder' },
  ),
  zero_inflated: group(
    {
      zero_threshold: nullable(z.number().gt(0), {
        label: 'Threshold of silence',
        help: 'Responses at or below it count as silence, in the unit of the responses; empty: learned for each unit.',
      }),
    },
    { label: 'Zero-inflated', help: 'Options of the zig and zil encoders.', group: 'Encoder' },
  ),
})
