import { add, relu } from '@tensorflow/tfjs-core'
import type { Place } from '../base/param-spec.ts'
import type { Layer, Taken } from './layer.ts'
import { chain } from './chain.ts'

/** ReLU(main(x) + shortcut(x)); an empty shortcut is the identity (He et al. 2016). */
export function residualLayer(place: Place, main: readonly Layer[], shortcut: readonly Layer[]): Layer {
  const last = main.at(-1)
  if (last === undefined) throw new RangeError('a residual block has no layers')
  const [long, short] = [chain(main), chain(shortcut)]
  return {
    name: place.name,
    torch: place.torch,
    kind: 'residual block',
    block: place.block,
    specs: [...main, ...shortcut].flatMap((l) => l.specs),
    output: last.output,
    multiplyAdds: [...main, ...shortcut].reduce((sum, l) => sum + l.multiplyAdds, 0),
    // The shortcut sees less than the main path: in the table its layers widen nothing.
    inner: [...shortcut.map(({ window: _window, ...layer }) => layer), ...main],
    apply: (x, params, context) => {
      const taken: Taken = new Map()
      return relu(add(long.apply(x, params, context, taken), short.apply(x, params, context, taken)))
    },
  }
}
