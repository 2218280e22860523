import type { Tensor3D } from '@tensorflow/tfjs-core'
import { concat, matMul, reshape, slice, transpose } from '@tensorflow/tfjs-core'
import type { Init } from '../../types.ts'
import type { Place } from '../base/param-spec.ts'
import { parameter, valueOf } from '../base/param-spec.ts'
import type { Shape3 } from '../base/shape.ts'
import { slide } from '../base/shape.ts'
import type { Layer } from './layer.ts'

export interface LocallyConnectedOptions {
  readonly input: Shape3
  readonly channels: number
  readonly kernel: number
  readonly init: Init
}

/** A convolution without weight sharing, stride 1, no padding, no bias; weights [cells, k * k * in, out]. */
export function locallyConnectedLayer(place: Place, o: LocallyConnectedOptions): Layer {
  const { input, channels, kernel } = o
  const window = { kernel, stride: 1, dilation: 1, before: 0, after: 0 }
  const output = slide(input, window, channels, place.name)
  const cells = output.height * output.width
  const inputs = kernel * kernel * input.channels
  const weight = parameter(place, 'weight', {
    shape: [cells, inputs, channels],
    init: o.init,
    role: 'weight',
    layout: {
      kind: 'reshape',
      shape: [1, channels, input.channels, output.height, output.width, kernel * kernel],
      perm: [0, 3, 4, 5, 2, 1],
    },
  })
  return {
    name: place.name,
    torch: place.torch,
    kind: `locally connected ${kernel}x${kernel}`,
    block: place.block,
    specs: [weight],
    output,
    multiplyAdds: cells * inputs * channels,
    window,
    apply: (x, params) => {
      const batch = x.shape[0]
      const taps = Array.from({ length: kernel * kernel }, (_, i) =>
        slice(
          x,
          [0, Math.floor(i / kernel), i % kernel, 0],
          [batch, output.height, output.width, input.channels],
        ),
      )
      const patches: Tensor3D = transpose(reshape(concat(taps, 3), [batch, cells, inputs]), [1, 0, 2])
      const y = matMul(patches, valueOf<Tensor3D>(params, weight.name)) // [cells, B, out]
      return reshape(transpose(y, [1, 0, 2]), [batch, output.height, output.width, channels])
    },
  }
}
