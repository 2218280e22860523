import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { concat, matMul, reshape, slice, tensor2d } from '@tensorflow/tfjs-core'
import { conv2d } from '../../tensor/index.ts'
import type { ParamMap, ParamSpec } from '../../types.ts'
import type { Layer } from '../layers/layer.ts'
import type { Place } from '../base/param-spec.ts'
import { buffer, normal, parameter, valueOf } from '../base/param-spec.ts'
import type { Shape3 } from '../base/shape.ts'
import { slide } from '../base/shape.ts'
import type { HermiteBasis } from './hermite-basis.ts'
import { hermiteBasis, summedDown, turning } from './hermite-basis.ts'

export interface HermiteConvOptions {
  readonly input: Shape3
  /** Feature maps per orientation. */
  readonly channels: number
  readonly kernel: number
  readonly stride: number
  readonly pad: number
  readonly rotations: number
  readonly upsampling: number
  /** The first layer reads an image; later ones read maps of every orientation, which turn along. */
  readonly first: boolean
  readonly initStd: number
}

/** A convolution whose kernels are Hermite expansions, each used in all orientations. */
export interface HermiteConvLayer extends Layer {
  /** Kernels of all orientations [k, k, in, rotations * channels]. */
  kernels(params: ParamMap): Tensor4D
}

/** `HermiteConv2D` of neuralpredictors (Ecker et al. 2019): output channels are orientation-major. */
export function hermiteConvLayer(place: Place, o: HermiteConvOptions): HermiteConvLayer {
  const basis = hermiteBasis(o.kernel, o.upsampling)
  const inputs = o.input.channels
  const coefficients = parameter(place, 'coeffs', {
    shape: [basis.count, inputs, o.channels],
    init: normal(o.initStd),
    role: 'weight',
  })
  const turned = turnedBasis(basis, o)
  const window = { kernel: o.kernel, stride: o.stride, dilation: 1, before: o.pad, after: o.pad }
  const output = slide(o.input, window, o.rotations * o.channels, place.name)
  const kernels = (params: ParamMap): Tensor4D => {
    const cells = o.kernel * o.kernel
    const flat: Tensor2D = reshape(valueOf<Tensor>(params, coefficients.name), [
      basis.count,
      inputs * o.channels,
    ])
    const all = matMul(tensor2d(turned, [o.rotations * cells, basis.count]), flat)
    const each = Array.from({ length: o.rotations }, (_, r) => {
      const own = reshape(slice(all, [r * cells, 0], [cells, -1]), [cells, inputs, o.channels])
      return o.first ? own : rolled(own, (r * inputs) / o.rotations)
    })
    return reshape(concat(each, 2), [o.kernel, o.kernel, inputs, o.rotations * o.channels])
  }
  return {
    name: place.name,
    torch: place.torch,
    kind: `hermite conv ${o.kernel}x${o.kernel}`,
    block: place.block,
    specs: [coefficients, ...publishedConstants(place, basis, o)],
    output,
    multiplyAdds: output.height * output.width * output.channels * inputs * o.kernel ** 2,
    window,
    kernels,
    apply: (x, params) => conv2d(x, kernels(params), { stride: o.stride, padding: o.pad }),
  }
}

/** Input channels moved on by `by` places, the last ones to the front. */
function rolled(kernel: Tensor, by: number): Tensor {
  const [cells = 0, inputs = 0, outputs = 0] = kernel.shape
  if (by === 0) return kernel
  const tail = slice(kernel, [0, inputs - by, 0], [cells, by, outputs])
  return concat([tail, slice(kernel, [0, 0, 0], [cells, inputs - by, outputs])], 1)
}

const angleOf = (r: number, rotations: number): number => (r * 2 * Math.PI) / rotations

/** Kernel cells of every orientation as combinations of the coefficients. [rotations * k * k, functions] */
function turnedBasis(basis: HermiteBasis, o: HermiteConvOptions): Float32Array {
  const cells = o.kernel * o.kernel
  const down = summedDown(basis, o.upsampling)
  const out = new Float32Array(o.rotations * cells * basis.count)
  for (let r = 0; r < o.rotations; r++) {
    const turn = turning(basis, angleOf(r, o.rotations))
    for (let cell = 0; cell < cells; cell++) {
      for (let j = 0; j < basis.count; j++) {
        let total = 0
        for (let i = 0; i < basis.count; i++) total += down[i * cells + cell]! * turn[i * basis.count + j]!
        out[(r * cells + cell) * basis.count + j] = total
      }
    }
  }
  return out
}

/** Constants that the published state dict carries; kept so that weights go both ways. */
function publishedConstants(place: Place, basis: HermiteBasis, o: HermiteConvOptions): readonly ParamSpec[] {
  const fixed = (leaf: string, shape: readonly number[], values: Float64Array): ParamSpec =>
    buffer(place, `rotate_hermite.${leaf}`, {
      shape,
      init: { kind: 'values', values: Float32Array.from(values) },
      role: 'statistic',
    })
  const turns = Array.from({ length: o.rotations }, (_, r) =>
    fixed(`Rs.${r}`, [basis.count, basis.count], turning(basis, angleOf(r, o.rotations))),
  )
  return [fixed('H', [basis.count, basis.points, basis.points], basis.functions), ...turns]
}
