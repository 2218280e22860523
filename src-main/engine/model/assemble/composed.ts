import type { ComposedConfig } from '../../../../src-shared/schema/model/composed.ts'
import type { Model } from '../../types.ts'
import { mlpModulator } from '../behaviour/modulator.ts'
import { affineShifter, mlpShifter } from '../behaviour/shifter.ts'
import type { Core } from '../cores/core.ts'
import { rotationCore } from '../cores/rotation.ts'
import { stacked2dCore } from '../cores/stacked2d.ts'
import { transferCore } from '../cores/transfer.ts'
import { gammaEncoder, gaussianEncoder, zigEncoder, zilEncoder } from '../encoders/distributions.ts'
import type { Encoder } from '../encoders/encoder.ts'
import { rateEncoder } from '../encoders/rate.ts'
import { neuralModel } from '../networks/neural-model.ts'
import type { Place } from '../base/param-spec.ts'
import type { ModelShapes } from '../base/shape.ts'
import { vggBackbone } from '../vgg/layout.ts'
import { composedReadout } from './composed-readout.ts'
import { plainStack, squeezeCore } from './core-config.ts'
import type { SessionPlan } from './neural-sites.ts'
import { neuralInput, sessionParts } from './neural-sites.ts'

const CORE: Place = { name: 'core.features', torch: 'core.features', block: 'core' }

/** The neural model of a config: its core, and for each session of the data a readout, encoder, shifter and modulator. */
export function buildComposed(c: ComposedConfig, shapes: ModelShapes): Model {
  const core = coreOf(c, shapes)
  const encoder = encoderOf(c)
  const shifter = shifterOf(c)
  const modulator = modulatorOf(c, encoder)
  return neuralModel({
    core,
    sessions: sessionParts(shapes, core.output, {
      biasInit: c.bias_init,
      encoder,
      readout: composedReadout(c, encoder.numbers),
      clone: c.clone_readout,
      ...(shifter && { shifter }),
      ...(modulator && { modulator }),
    }),
    aliases: c.get_intermediate_rep,
  })
}

function coreOf(c: ComposedConfig, shapes: ModelShapes): Core {
  const input = neuralInput(shapes)
  switch (c.core) {
    case 'stacked':
      return stacked2dCore(CORE, input, plainStack(c.stacked))
    case 'squeeze_excitation':
      return stacked2dCore(CORE, input, squeezeCore(c.squeeze_excitation))
    case 'vgg':
      return transferCore(CORE, input, {
        backbone: vggBackbone(c.vgg.vgg_type),
        layers: c.vgg.model_layer,
        fineTune: c.vgg.fine_tune,
        finalBatchNorm: c.vgg.final_batchnorm,
        finalNonlinearity: c.vgg.final_nonlinearity,
        momentum: c.vgg.momentum,
      })
    case 'rotation_equivariant':
      return rotationCore(CORE, input, rotationOptions(c.rotation_equivariant))
  }
}

const rotationOptions = (r: ComposedConfig['rotation_equivariant']): Parameters<typeof rotationCore>[2] => ({
  hiddenChannels: r.hidden_channels,
  inputKernel: r.input_kern,
  hiddenKernel: r.hidden_kern,
  layers: r.layers,
  rotations: r.num_rotations,
  upsampling: r.upsampling,
  stride: r.stride,
  initStd: r.init_std,
  padInput: r.pad_input,
  batchNorm: r.batch_norm,
  momentum: r.momentum,
  finalNonlinearity: r.final_nonlinearity,
  linear: r.linear,
  nonlinearity: r.nonlinearity_type,
  eluShift: [0, 0],
  stack: r.stack,
  gammaInput: r.gamma_input,
  gammaHidden: r.gamma_hidden,
  inputRegulariser: r.input_regularizer,
  laplacePadding: r.laplace_padding,
  averageRegulariser: true,
})

function encoderOf(c: ComposedConfig): Encoder {
  switch (c.encoder) {
    case 'rate':
      return rateEncoder(c.rate.output, c.rate.elu_offset)
    case 'gaussian':
      return gaussianEncoder()
    case 'gamma':
      return gammaEncoder({ maxConcentration: c.gamma.max_concentration, minRate: c.gamma.min_rate })
    case 'zig':
      return zigEncoder(c.zero_inflated.zero_threshold)
    case 'zil':
      return zilEncoder(c.zero_inflated.zero_threshold)
  }
}

function shifterOf(c: ComposedConfig): SessionPlan['shifter'] | null {
  const { mlp_shifter: m, affine_shifter: a } = c
  switch (c.shifter) {
    case 'none':
      return null
    case 'mlp':
      return {
        inputs: m.input_channels,
        build: (place) =>
          mlpShifter(place, {
            inputs: m.input_channels,
            hidden: m.hidden_channels_shifter,
            layers: m.shift_layers,
            bias: m.bias,
          }),
      }
    case 'static_affine':
      return {
        inputs: a.input_channels,
        build: (place) =>
          affineShifter(place, { inputs: a.input_channels, bias: a.bias, gamma: a.gamma_shifter }),
      }
  }
}

function modulatorOf(c: ComposedConfig, encoder: Encoder): SessionPlan['modulator'] | null {
  const m = c.mlp_modulator
  if (c.modulator === 'none') return null
  return {
    inputs: m.input_channels,
    build: (place, units) =>
      mlpModulator(place, {
        inputs: m.input_channels,
        hidden: m.hidden_channels,
        layers: m.layers,
        units,
        bias: m.bias,
        gamma: m.gamma_modulator,
        gain: m.gain,
        outputs: encoder.numbers,
      }),
  }
}
