import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { reshape } from '@tensorflow/tfjs-core'
import { dense } from '../../tensor/index.ts'
import type { Init, ParamMap, TorchLayout } from '../../types.ts'
import type { Place } from '../base/param-spec.ts'
import { constant, parameter, valueOf } from '../base/param-spec.ts'
import type { Shape3 } from '../base/shape.ts'
import type { Layer } from './layer.ts'

export interface DenseOptions {
  readonly input: Shape3
  readonly units: number
  readonly init: Init
  readonly biasInit?: Init
  readonly bias?: boolean
  /** The published layer reads a plain vector where ours holds a map: both count its values alike. */
  readonly plainVector?: boolean
}

export interface DenseTensors {
  readonly weight: string
  readonly bias: string | null
  readonly inputs: number
  readonly units: number
}

/** A linear layer that can be fused with the ReLU behind it. */
export interface DenseLayer extends Layer {
  readonly dense: DenseTensors
}

/** Whether a layer is a linear one. */
export const isDense = (layer: Layer | undefined): layer is DenseLayer =>
  layer !== undefined && 'dense' in layer

/**
 * Linear layer on the flattened input [1, 1, units]. Ours flattens height, width, channels; the published kernels of a
 * layer behind a feature map count channels first, which the exchange layout records.
 */
export function denseLayer(place: Place, o: DenseOptions): DenseLayer {
  const { height, width, channels } = o.input
  const inputs = height * width * channels
  const layout: TorchLayout =
    height * width === 1 || o.plainVector === true
      ? { kind: 'dense' }
      : { kind: 'flatten-dense', channels, height, width }
  const weight = parameter(place, 'weight', {
    shape: [inputs, o.units],
    init: o.init,
    role: 'weight',
    layout,
  })
  const bias =
    o.bias === false
      ? null
      : parameter(place, 'bias', { shape: [o.units], init: o.biasInit ?? constant(0), role: 'bias' })
  const tensors: DenseTensors = { weight: weight.name, bias: bias?.name ?? null, inputs, units: o.units }
  return {
    name: place.name,
    torch: place.torch,
    kind: 'dense',
    block: place.block,
    specs: bias === null ? [weight] : [weight, bias],
    output: { height: 1, width: 1, channels: o.units },
    multiplyAdds: inputs * o.units,
    dense: tensors,
    apply: (x, params) => applyDense(tensors, x, params, 'none'),
  }
}

/** The linear layer on x [batch, height, width, channels], flattened, with a ReLU if asked. [batch, 1, 1, units] */
export function applyDense(
  t: DenseTensors,
  x: Tensor4D,
  params: ParamMap,
  activation: 'relu' | 'none',
): Tensor4D {
  const flat: Tensor2D = reshape(x, [x.shape[0], t.inputs])
  const bias = t.bias === null ? {} : { bias: valueOf<Tensor1D>(params, t.bias) }
  return reshape(dense(flat, valueOf<Tensor2D>(params, t.weight), { ...bias, activation }), [
    x.shape[0],
    1,
    1,
    t.units,
  ])
}
