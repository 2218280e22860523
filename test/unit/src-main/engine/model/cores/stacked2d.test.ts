import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { add, mul, sum, tensor, tidy, transpose } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Core } from '../../../../../../src-main/engine/model/cores/core.ts'
import { stacked2dCore } from '../../../../../../src-main/engine/model/cores/stacked2d.ts'
import type { StackedCoreOptions } from '../../../../../../src-main/engine/model/cores/stacked-options.ts'
import {
  atLayer,
  STACKED_DEFAULTS,
  stackedLayers,
} from '../../../../../../src-main/engine/model/cores/stacked-options.ts'
import { fromTorch } from '../../../../../../src-main/engine/model/torch-layout.ts'
import { valueAndGrads } from '../../../../../../src-main/engine/tensor/index.ts'
import type { ForwardContext } from '../../../../../../src-main/engine/types.ts'
import { createRng } from '../../../../../../src-shared/util/rng.ts'
import { useBackend } from '../../../../../support/backend.ts'
import type { Maps } from '../../../../../support/plain-network.ts'
import { channelMoments, plainConcat, plainConv, plainMap } from '../../../../../support/plain-network.ts'

beforeAll(() => useBackend())

const [BATCH, CHANNELS, HEIGHT, WIDTH] = [2, 2, 19, 14]
const BASE = {
  hiddenChannels: 4,
  inputKernel: 5,
  hiddenKernel: 3,
  gammaInput: 0,
  gammaHidden: 0,
}

/** Options that the published numbers at hand do not cover. */
const CASES: readonly Partial<StackedCoreOptions>[] = [
  { stride: 2, stack: -1, layers: 3 },
  { inputStride: 3, inputKernel: 4, padInput: false, layers: 2 },
  { hiddenDilation: [2, 3], hiddenKernel: [3, 5], layers: 3, hiddenChannels: [3, 5, 4] },
  { hiddenPadding: 0, hiddenKernel: 2, stack: -1, layers: 3, momentum: 0.37 },
  { depthSeparable: true, stride: 2, stack: -1, layers: 2, momentum: 1 },
  { depthSeparable: true, hiddenConvBias: false, hiddenDilation: 3, bias: false, layers: 3, skip: 2 },
  { skip: 3, layers: 4, stack: [0, -1], bias: [true, false, true, false], batchNormScale: false },
  { batchNorm: [false, true, false], finalNonlinearity: false, eluShift: [0.3, -0.2], layers: 3 },
  { linear: true, layers: 2, batchNorm: false, hiddenConvBias: false, padInput: false },
]

type Values = ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>

/** Random values under the published names and in torch's order. */
function valuesOf(core: Core): Values {
  return new Map(
    core.specs.map((spec) => {
      const shape = torchShape(spec.shape, spec.torch.layout.kind)
      const rng = createRng(7).fork(spec.torch.name)
      const size = shape.reduce((a, b) => a * b, 1)
      const around = spec.torch.name.endsWith('running_var') ? 1 : 0
      const data = Float32Array.from({ length: size }, () =>
        around === 0 ? 0.4 * rng.normal() : 0.5 + rng.uniform(),
      )
      return [spec.torch.name, { shape, data }]
    }),
  )
}

function torchShape(shape: readonly number[], layout: string): readonly number[] {
  const [h = 0, w = 0, i = 0, o = 0] = shape
  if (layout === 'conv') return [o, i, h, w]
  return layout === 'depthwise' ? [i, o, h, w] : shape
}

interface Reference {
  readonly output: Maps
  /** Running statistics after one training pass, by published name. */
  readonly after: ReadonlyMap<string, readonly number[]>
}

/** The published core as plain loops. */
function reference(x: Maps, values: Values, o: StackedCoreOptions, training: boolean): Reference {
  const after = new Map<string, readonly number[]>()
  const data = (name: string): Float32Array | null => values.get(name)?.data ?? null
  const seen: Maps[] = []
  const convolve = (
    name: string,
    from: Maps,
    window: { stride: number; pad: number; dilation: number },
  ): Maps => {
    const weight = values.get(`f.${name}.weight`)!
    return plainConv(from, weight, data(`f.${name}.bias`), {
      ...window,
      groups: from.shape[1] / weight.shape[1]!,
    })
  }
  const once = { stride: 1, pad: 0, dilation: 1 }
  for (let l = 0; l < o.layers; l++) {
    const at = `layer${l}`
    let y: Maps
    if (l === 0) {
      const pad = o.padInput ? Math.floor(o.inputKernel / 2) : 0
      y = convolve(`${at}.conv`, x, { stride: o.inputStride, pad, dilation: 1 })
    } else {
      const from = o.skip > 1 ? plainConcat(seen.slice(-Math.min(o.skip, l))) : seen[l - 1]!
      const kernel = atLayer(o.hiddenKernel, l, 1)
      const dilation = atLayer(o.hiddenDilation, l, 1)
      const pad =
        o.hiddenPadding === null ? (((kernel - 1) * dilation + 1) / 2) | 0 : atLayer(o.hiddenPadding, l, 1)
      const window = { stride: o.stride, pad, dilation }
      y = o.depthSeparable
        ? convolve(
            `${at}.ds_conv.out_depth_conv`,
            convolve(
              `${at}.ds_conv.spatial_conv`,
              convolve(`${at}.ds_conv.in_depth_conv`, from, once),
              window,
            ),
            once,
          )
        : convolve(`${at}.conv`, from, window)
    }
    if (atLayer(o.batchNorm, l)) {
      const running = (what: string): Float32Array => data(`f.${at}.norm.running_${what}`)!
      const batch = channelMoments(y)
      const blend = (old: Float32Array, now: readonly number[]): number[] =>
        now.map((v, c) => (1 - o.momentum) * old[c]! + o.momentum * v)
      if (training) {
        after.set(`f.${at}.norm.running_mean`, blend(running('mean'), batch.mean))
        const unbiased = batch.variance.map((v) => (v * batch.count) / (batch.count - 1))
        after.set(`f.${at}.norm.running_var`, blend(running('var'), unbiased))
      }
      const [mean, variance] = training ? [batch.mean, batch.variance] : [running('mean'), running('var')]
      const scale = data(`f.${at}.norm.weight`) ?? data(`f.${at}.scale.scale`)
      const shift = data(`f.${at}.norm.bias`) ?? data(`f.${at}.bias.bias`)
      y = plainMap(
        y,
        (v, c) => ((v - mean[c]!) / Math.sqrt(variance[c]! + 1e-5)) * (scale?.[c] ?? 1) + (shift?.[c] ?? 0),
      )
    }
    if (!o.linear && (l < o.layers - 1 || o.finalNonlinearity)) {
      const [xs, ys] = o.eluShift
      y = plainMap(y, (v) => (v - xs > 0 ? v - xs : Math.expm1(v - xs)) + ys)
    }
    seen.push(y)
  }
  return { output: plainConcat(stackedLayers(o.stack, o.layers).map((l) => seen[l]!)), after }
}

const image = (): Maps => {
  const rng = createRng(9)
  const data = Float64Array.from({ length: BATCH * CHANNELS * HEIGHT * WIDTH }, () =>
    Math.fround(rng.normal()),
  )
  return { shape: [BATCH, CHANNELS, HEIGHT, WIDTH], data }
}

const TOLERANCE = 2e-5

function expectClose(
  actual: ArrayLike<number>,
  wanted: ArrayLike<number>,
  what: string,
  tolerance = TOLERANCE,
): void {
  expect(actual.length, what).toBe(wanted.length)
  let [worst, size] = [0, 1e-6]
  for (let i = 0; i < wanted.length; i++) {
    worst = Math.max(worst, Math.abs(actual[i]! - wanted[i]!))
    size = Math.max(size, Math.abs(wanted[i]!))
  }
  expect(worst / size, what).toBeLessThan(tolerance)
}

it('refuses to stack layers of different sizes, or layers that are not there', () => {
  const build = (given: Partial<StackedCoreOptions>) => () =>
    stacked2dCore(
      { name: 'f', torch: 'f', block: 'core' },
      { height: HEIGHT, width: WIDTH, channels: CHANNELS },
      { ...STACKED_DEFAULTS, ...BASE, ...given } as StackedCoreOptions,
    )
  expect(build({ stride: 2 })).toThrow(/stack: the stacked layers differ in size: 19 x 14, 10 x 7, 5 x 4/)
  expect(build({ stack: [0, 7] })).toThrow(/the core has 3 layers, none numbered 7/)
})

describe.each(CASES)('a stacked core with %j', (given) => {
  const options = { ...STACKED_DEFAULTS, ...BASE, ...given } as StackedCoreOptions
  const place = { name: 'f', torch: 'f', block: 'core' }
  const core = stacked2dCore(place, { height: HEIGHT, width: WIDTH, channels: CHANNELS }, options)
  const values = valuesOf(core)
  const tensors = (): Map<string, Tensor> =>
    new Map(
      core.specs.map((spec) => [
        spec.name,
        tensor(fromTorch(spec, values.get(spec.torch.name)!.data), [...spec.shape]),
      ]),
    )
  const x = image()
  const input = (): Tensor4D =>
    tidy(() => transpose(tensor(Float32Array.from(x.data), [...x.shape]), [0, 2, 3, 1])) as Tensor4D

  it.each([false, true])('computes what plain loops do, training: %s', (training) => {
    const wanted = reference(x, values, options, training)
    const params = tensors()
    const after = new Map<string, readonly number[]>()
    const context: ForwardContext = {
      training,
      rng: createRng(0),
      frozenNorms: new Set(),
      onStatistics: (name, batch, momentum) => {
        const old = params.get(name)!.dataSync()
        after.set(
          core.specs.find((s) => s.name === name)!.torch.name,
          Array.from(batch.dataSync(), (v, i) => (1 - momentum) * old[i]! + momentum * v),
        )
      },
    }
    const found = tidy(() => {
      const y = core.apply(input(), params, context, new Map())
      expect([y.shape[3], y.shape[1], y.shape[2]]).toEqual(wanted.output.shape.slice(1))
      expect(core.output).toEqual({ height: y.shape[1], width: y.shape[2], channels: y.shape[3] })
      return transpose(y, [0, 3, 1, 2]).dataSync()
    })
    expectClose(found, wanted.output.data, 'output')
    expect([...after.keys()].sort()).toEqual([...wanted.after.keys()].sort())
    for (const [name, statistics] of wanted.after) expectClose(after.get(name)!, statistics, name)
  })

  it('has the gradients of the plain loops', () => {
    const params = new Map<string, Tensor>([...tensors(), ['x', input()]])
    const context: ForwardContext = {
      training: true,
      rng: createRng(0),
      frozenNorms: new Set(),
      onStatistics: () => undefined,
    }
    const weights = reference(x, values, options, true).output
    const rng = createRng(11)
    const upstream = { ...weights, data: weights.data.map(() => Math.fround(rng.normal())) }
    const [n, c, h, w] = upstream.shape
    const g = transpose(tensor(Float32Array.from(upstream.data), [n, c, h, w]), [0, 2, 3, 1])
    const trained = core.specs.filter((s) => s.kind === 'parameter')
    const { grads } = valueAndGrads(
      (p) => {
        const y = core.apply(p.get('x') as Tensor4D, p, context, new Map())
        return add(sum(mul(y, g)), 0)
      },
      params,
      ['x', ...trained.map((s) => s.name)],
    )
    const objective = (changed: Values): number =>
      reference(x, changed, options, true).output.data.reduce((s, v, i) => s + v * upstream.data[i]!, 0)
    for (const spec of trained) {
      // along a random direction, by central differences in double precision
      const stored = values.get(spec.torch.name)!
      const stream = createRng(13).fork(spec.name)
      const direction = Float64Array.from(stored.data, () => stream.normal())
      const step = 1e-5
      const moved = (sign: number): number => {
        const data = Float64Array.from(stored.data, (v, i) => v + sign * step * direction[i]!)
        return objective(
          new Map([...values, [spec.torch.name, { ...stored, data: data as unknown as Float32Array }]]),
        )
      }
      const slope = (moved(1) - moved(-1)) / (2 * step)
      const ours = Float32Array.from(grads.get(spec.name)!.dataSync())
      const along = fromTorch(spec, Float32Array.from(direction))
      const found = ours.reduce((s, v, i) => s + v * along[i]!, 0)
      const length = Math.sqrt(ours.reduce((s, v) => s + v * v, 0) * ours.length)
      expect(Math.abs(found - slope), `${spec.torch.name}: ${found} and ${slope}`).toBeLessThan(
        2e-3 + 1e-3 * length,
      )
    }
  })
})
