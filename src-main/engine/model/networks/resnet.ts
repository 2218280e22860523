import type { Init, Model } from '../../types.ts'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { feedforward } from '../networks/feedforward.ts'
import { convLayer } from '../layers/conv.ts'
import { denseLayer } from '../layers/dense.ts'
import type { Layer } from '../layers/layer.ts'
import { normLayer } from '../layers/norm.ts'
import { reluLayer } from '../layers/pointwise.ts'
import { adaptivePoolLayer, avgPoolLayer, maxPoolLayer } from '../layers/pool.ts'
import { residualLayer } from '../layers/residual.ts'
import type { Place } from '../base/param-spec.ts'
import { kaimingFanOut, torchDefault, within } from '../base/param-spec.ts'
import type { Shape3 } from '../base/shape.ts'

/** Blocks per stage and whether they are bottlenecks, by depth. */
const DEPTHS = {
  '18': { blocks: [2, 2, 2, 2], bottleneck: false },
  '26': { blocks: [1, 2, 4, 1], bottleneck: true },
  '34': { blocks: [3, 4, 6, 3], bottleneck: false },
  '38': { blocks: [2, 3, 5, 2], bottleneck: true },
  '50': { blocks: [3, 4, 6, 3], bottleneck: true },
  '101': { blocks: [3, 4, 23, 3], bottleneck: true },
  '152': { blocks: [3, 8, 36, 3], bottleneck: true },
} as const

type ResnetDepth = keyof typeof DEPTHS

export interface ResnetOptions {
  readonly depth: ResnetDepth
  readonly input: Shape3
  readonly classes: number
  readonly coreStride: number
  readonly stem: {
    readonly kernel: number
    readonly pad: number
    readonly stride: number
    readonly maxPool: boolean
  }
  /** He initialisation by fan-out; otherwise torch's default. */
  readonly advancedInit: boolean
  /** Start each block as the identity (with `advancedInit` only). */
  readonly zeroInitResidual: boolean
  /** Average over the whole map instead of 4 x 4. */
  readonly adaptivePooling: boolean
  readonly width: number
}

const STEM_CHANNELS = 64
const STAGE_CHANNELS = [64, 128, 256, 512] as const
const BOTTLENECK_EXPANSION = 4
const POOL_SIZE = 4

interface BlockOptions {
  readonly channels: number
  readonly stride: number
  readonly bottleneck: boolean
  readonly options: ResnetOptions
}

/** ResNet of nntransfer: He et al. 2016 with a stem for small images; strides of bottlenecks sit on the 3 x 3. */
export function resnet(o: ResnetOptions): Model {
  const { blocks, bottleneck } = DEPTHS[o.depth]
  const channels = (n: number): number => Math.max(1, Math.round(n * o.width))
  const core: Layer[] = [...stem(o, channels(STEM_CHANNELS))]
  const shape = (): Shape3 => core.at(-1)?.output ?? o.input
  blocks.forEach((count, stage) => {
    for (let b = 0; b < count; b++) {
      const stride = b > 0 ? 1 : stage === 0 ? o.coreStride : 2
      const place = at(`layer${stage + 1}.${b}`)
      core.push(
        block(place, shape(), {
          channels: channels(STAGE_CHANNELS[stage] as number),
          stride,
          bottleneck,
          options: o,
        }),
      )
    }
  })
  const pool = o.adaptivePooling
    ? adaptivePoolLayer(at('avgpool'), shape(), 1)
    : avgPoolLayer(at('avgpool'), shape(), POOL_SIZE)
  requireOneCell(pool.output)
  const init = torchDefault(pool.output.channels)
  const fc = denseLayer(
    { ...at('fc'), block: 'readout' },
    { input: pool.output, units: o.classes, init, biasInit: init },
  )
  return feedforward({ core: [...core, pool], head: [fc], classes: o.classes, aliases: {}, colour: false })
}

const at = (name: string): Place => ({ name, torch: name, block: 'core' })

/** The published linear layer expects one cell. */
function requireOneCell({ height, width }: Shape3): void {
  if (height === 1 && width === 1) return
  throw new CotrainError({
    code: 'config-invalid',
    path: 'model.config.adaptive_pooling',
    message: `the last map is ${height} x ${width} after pooling; the readout expects a single cell.`,
    hint: 'Switch adaptive_pooling on, or change the strides for this image size.',
  })
}

const convInit = (o: ResnetOptions, kernel: number, inputs: number, outputs: number): Init =>
  o.advancedInit ? kaimingFanOut(kernel, outputs) : torchDefault(kernel * kernel * inputs)

function conv(
  place: Place,
  input: Shape3,
  channels: number,
  kernel: number,
  stride: number,
  o: ResnetOptions,
): Layer {
  const init = convInit(o, kernel, input.channels, channels)
  return convLayer(place, { input, channels, kernel, stride, pad: Math.floor(kernel / 2), bias: false, init })
}

function stem(o: ResnetOptions, channels: number): readonly Layer[] {
  const { kernel, pad, stride } = o.stem
  const init = convInit(o, kernel, o.input.channels, channels)
  const first = convLayer(at('conv1'), { input: o.input, channels, kernel, stride, pad, bias: false, init })
  const head = [first, normLayer(at('bn1'), { input: first.output }), reluLayer(at('relu1'), first.output)]
  return o.stem.maxPool
    ? [...head, maxPoolLayer(at('maxpool'), first.output, { size: 3, stride: 2, pad: 1 })]
    : head
}

function block(place: Place, input: Shape3, b: BlockOptions): Layer {
  const { channels, stride, bottleneck, options } = b
  const expansion = bottleneck ? BOTTLENECK_EXPANSION : 1
  const plan = bottleneck
    ? ([
        [1, channels, 1],
        [3, channels, stride],
        [1, channels * expansion, 1],
      ] as const)
    : ([
        [3, channels, stride],
        [3, channels, 1],
      ] as const)
  const main: Layer[] = []
  plan.forEach(([kernel, outputs, step], i) => {
    const from = main.at(-1)?.output ?? input
    const last = i === plan.length - 1
    const made = conv(within(place, `conv${i + 1}`), from, outputs, kernel, step, options)
    const startScale = last && options.advancedInit && options.zeroInitResidual ? 0 : 1
    main.push(made, normLayer(within(place, `bn${i + 1}`), { input: made.output, startScale }))
    if (!last) main.push(reluLayer(within(place, `relu${i + 1}`), made.output))
  })
  return residualLayer(place, main, shortcut(place, input, channels * expansion, stride, options))
}

function shortcut(
  place: Place,
  input: Shape3,
  channels: number,
  stride: number,
  o: ResnetOptions,
): readonly Layer[] {
  if (stride === 1 && input.channels === channels) return []
  const made = conv(within(place, 'downsample.0'), input, channels, 1, stride, o)
  return [made, normLayer(within(place, 'downsample.1'), { input: made.output })]
}
