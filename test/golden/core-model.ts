import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { stacked2dCore } from '../../src-main/engine/model/cores/stacked2d.ts'
import {
  STACKED_DEFAULTS,
  type StackedCoreOptions,
} from '../../src-main/engine/model/cores/stacked-options.ts'
import { buildModel, initialValue } from '../../src-main/engine/model/index.ts'
import type { Shape3 } from '../../src-main/engine/model/index.ts'
import { paramTensor } from './golden-tensors.ts'
import type { ForwardContext, Model, ParamMap, ParamSpec, Route } from '../../src-main/engine/types.ts'
import { parseComponent } from '../../src-shared/schema/component.ts'
import { composedNeural } from '../../src-shared/schema/model/composed.ts'
import { createRng } from '../../src-shared/util/rng.ts'
import type { PlainOptions } from './case-options.ts'
import type { PublishedCore } from './core-options.ts'
import { notComparable } from './golden-case.ts'

/** A core as a run would build it, or its own function where no config can say its options. */
export interface CoreUnderTest {
  readonly specs: readonly ParamSpec[]
  apply(x: Tensor4D, params: ParamMap, context: ForwardContext): Tensor4D
  penalty(params: ParamMap): Scalar
  readonly notes: readonly string[]
}

/** Options that the product's config has under another name. */
const RENAMED: Readonly<Record<string, string>> = { tl_model_name: 'vgg_type', layers: 'model_layer' }

/** Options that a config of a core does not have, because one value is the only one there. */
const FIXED: Readonly<Record<PublishedCore['core'], PlainOptions>> = {
  stacked: { use_avg_reg: true },
  squeeze_excitation: { bias: false, attention_conv: false },
  rotation_equivariant: {
    ...{
      skip: 0,
      input_stride: 1,
      elu_shift: [0, 0],
      bias: true,
      hidden_padding: null,
      batch_norm_scale: true,
    },
    ...{ final_batchnorm_scale: true, hidden_dilation: 1, use_avg_reg: true, depth_separable: false },
    ...{ attention_conv: false, rot_eq_batch_norm: true },
  },
  vgg: { pretrained: false },
}

/** `given` tensors decide nothing here: they are put into the specs by the caller. */
export function coreUnderTest(published: PublishedCore, input: Shape3): CoreUnderTest {
  const { core, options, notes } = published
  const config = configOf(core, options)
  const parsed = parseComponent(composedNeural, config, 'model.config')
  if (parsed.ok)
    return { ...ofModel(buildModel({ fn: composedNeural.fn, config: parsed.value }, shapesOf(input))), notes }
  const why = parsed.problems
    .map((p) => `${(p.path ?? '').replace(/^model\.config\./, '')}: ${p.message}`)
    .join('; ')
  if (core !== 'stacked' && core !== 'squeeze_excitation')
    return notComparable(`no config of a run says this core (${why})`)
  const own = stacked2dCore(PLACE, input, engineOptions(core, options))
  const note = `no config of a run says this core (${why}); the core alone is called`
  return {
    ...own,
    apply: (x, params, context) => own.apply(x, params, context, new Map()),
    notes: [...notes, note],
  }
}

const PLACE = { name: 'core.features', torch: 'core.features', block: 'core' }
const ROUTE: Route = { task: 'v1', session: 'any' }

const shapesOf = (input: Shape3) => ({
  inputs: { v1: input },
  sessions: [{ area: 'v1' as const, key: ROUTE.session, units: 1 }],
  classes: null,
})

/** A model of a run with this core; its readout, which is not looked at, adds nothing to the regulariser. */
function configOf(core: PublishedCore['core'], options: PlainOptions): PlainOptions {
  const fixed = FIXED[core]
  const group = Object.entries(options)
    .filter(([key, value]) => !(key in fixed) || JSON.stringify(fixed[key]) !== JSON.stringify(value))
    .map(([key, value]) => [core === 'vgg' ? (RENAMED[key] ?? key) : key, value] as const)
  return { core, [core]: Object.fromEntries(group), readout: 'gaussian', gamma_readout: 0 }
}

/** The core of a model: its map is captured, and tensors of the readout get the values that they would start with. */
function ofModel(model: Model): Omit<CoreUnderTest, 'notes'> {
  const others = model.specs.filter((spec) => spec.block !== 'core')
  const filled = (params: ParamMap): ParamMap => {
    const rest = others.map((spec) => [spec.name, paramTensor(initialValue(spec, createRng(0)))] as const)
    return new Map<string, Tensor>([...rest, ...params])
  }
  return {
    specs: model.specs.filter((spec) => spec.block === 'core'),
    apply: (x, params, context) => {
      const wanted: ForwardContext = { ...context, capture: new Set(['core']) }
      return model.apply(filled(params), x, ROUTE, wanted).representations.get('core') as Tensor4D // asked for above
    },
    penalty: (params) => model.penalty(filled(params), ROUTE),
  }
}

/** Published option -> ours. */
const NAMES: Readonly<Record<string, keyof StackedCoreOptions>> = {
  hidden_channels: 'hiddenChannels',
  input_kern: 'inputKernel',
  hidden_kern: 'hiddenKernel',
  layers: 'layers',
  gamma_hidden: 'gammaHidden',
  gamma_input: 'gammaInput',
  skip: 'skip',
  stride: 'stride',
  input_stride: 'inputStride',
  final_nonlinearity: 'finalNonlinearity',
  elu_shift: 'eluShift',
  bias: 'bias',
  momentum: 'momentum',
  pad_input: 'padInput',
  hidden_padding: 'hiddenPadding',
  batch_norm: 'batchNorm',
  batch_norm_scale: 'batchNormScale',
  final_batchnorm_scale: 'finalBatchNormScale',
  hidden_dilation: 'hiddenDilation',
  laplace_padding: 'laplacePadding',
  input_regularizer: 'inputRegulariser',
  stack: 'stack',
  use_avg_reg: 'averageRegulariser',
  depth_separable: 'depthSeparable',
  attention_conv: 'attentionConv',
  linear: 'linear',
  nonlinearity_type: 'nonlinearity',
  n_se_blocks: 'seBlocks',
  se_reduction: 'seReduction',
  hidden_conv_bias: 'hiddenConvBias',
}

function engineOptions(core: 'stacked' | 'squeeze_excitation', options: PlainOptions): StackedCoreOptions {
  const unknown = Object.keys(options).filter((key) => !(key in NAMES))
  if (unknown.length > 0) notComparable(`no core option ${unknown.join(', ')} is known here`)
  const ours = Object.entries(options).map(([key, value]) => [NAMES[key], value])
  const older = core === 'squeeze_excitation' && !('hidden_conv_bias' in options)
  return {
    ...STACKED_DEFAULTS,
    ...(older ? { bias: true, nonlinearity: 'ELU', averageRegulariser: false, hiddenConvBias: false } : {}),
    ...Object.fromEntries(ours),
  } as StackedCoreOptions // the json holds the published types of these options
}
