import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import { add, div, mean, reshape, sqrt, square, sum } from '@tensorflow/tfjs-core'
import { representationOf } from './representation.ts'
import type { Hook } from './hook.ts'

export interface RepresentationMonitorOptions {
  readonly representations: readonly string[]
}

/** Mean over images of the Euclidean norm of an image's representation. [] */
export function meanNorm(representation: Tensor): Scalar {
  const [images = 1] = representation.shape
  return mean(sqrt(sum(square(reshape(representation, [images, -1])), 1)))
}

/** Reports how large chosen representations are (nntransfer RepresentationMonitor): the norm of an image, mean over layers. */
export function representationMonitor({ representations }: RepresentationMonitorOptions): Hook {
  return {
    name: 'RepresentationMonitor',
    capture: representations,
    watch: ({ representations: seen, model }) => {
      const elsewhere = (name: string): boolean =>
        !seen.has(name) && model.layers.some((row) => row.name === name) // a layer of the other task
      const norms = representations
        .filter((name) => !elsewhere(name))
        .map((name) =>
          meanNorm(representationOf(seen, name, model, 'representation_monitor.representations')),
        )
      if (norms.length === 0) return new Map()
      const total = norms.reduce((a, b) => add<Scalar>(a, b))
      return new Map([['norm', div<Scalar>(total, norms.length)]])
    },
  }
}
