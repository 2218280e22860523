import type { Scalar, Tensor4D } from '@tensorflow/tfjs-core'
import { concat } from '@tensorflow/tfjs-core'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { ParamMap, ParamSpec } from '../../types.ts'
import type { Chain } from '../layers/chain.ts'
import { take } from '../layers/layer.ts'
import type { Field } from '../layers/layer-table.ts'
import { ONE_PIXEL, rowsOf } from '../layers/layer-table.ts'
import type { Place } from '../base/param-spec.ts'
import type { Shape3 } from '../base/shape.ts'
import type { Core } from './core.ts'

/** One layer of a stack. */
export interface StackLayer {
  readonly chain: Chain
  readonly output: Shape3
  /** Number of earlier outputs that it reads. */
  readonly reads: number
}

export interface StackOptions {
  /** Layers whose outputs the readout sees, in this order. */
  readonly stack: readonly number[]
  /** Each layer reads the one before it alone. */
  readonly sequential: boolean
  readonly extraSpecs: readonly ParamSpec[]
  readonly penalty: (params: ParamMap) => Scalar
}

/** A core of layers whose outputs are stacked along channels. */
export function stackCore(place: Place, layers: readonly StackLayer[], o: StackOptions): Core {
  const { rows, field } = tabulate(layers, o.sequential)
  return {
    specs: [...layers.flatMap((l) => l.chain.layers.flatMap((m) => m.specs)), ...o.extraSpecs],
    rows,
    output: stackedShape(
      layers.map((l) => l.output),
      o.stack,
    ),
    ...(o.stack.length === 1 && field !== undefined ? { field } : {}),
    apply: (x, params, context, taken) => {
      const seen: Tensor4D[] = []
      layers.forEach((layer, l) => {
        const given = l === 0 ? x : joined(seen.slice(-layer.reads))
        const y = layer.chain.apply(given, params, context, taken)
        take(taken, context, y, `${place.name}.layer${l}`, `${place.torch}.layer${l}`)
        seen.push(y)
      })
      return joined(o.stack.map((l) => seen[l]!))
    },
    penalty: o.penalty,
  }
}

const joined = (maps: readonly Tensor4D[]): Tensor4D => (maps.length === 1 ? maps[0]! : concat([...maps], 3))

/** Shape of stacked outputs, which must agree in size. */
export function stackedShape(outputs: readonly Shape3[], stack: readonly number[]): Shape3 {
  const shapes = stack.map((l) => {
    const shape = outputs[l]
    if (shape === undefined)
      throw new CotrainError({
        code: 'config-invalid',
        path: 'model.config.stack',
        message: `the core has ${outputs.length} layers, none numbered ${l}.`,
        hint: `Use 0 to ${outputs.length - 1}, or negative numbers counted from the end.`,
      })
    return shape
  })
  const [first] = shapes
  if (first === undefined) throw new RangeError('no layer is stacked')
  if (shapes.some((s) => s.height !== first.height || s.width !== first.width)) {
    throw new CotrainError({
      code: 'config-invalid',
      path: 'model.config.stack',
      message: `the stacked layers differ in size: ${shapes.map((s) => `${s.height} x ${s.width}`).join(', ')}.`,
      hint: 'Stack the last layer alone (-1), or use strides of 1 and padding that keeps the size.',
    })
  }
  return { ...first, channels: shapes.reduce((total, s) => total + s.channels, 0) }
}

function tabulate(layers: readonly StackLayer[], sequential: boolean) {
  const rows: Core['rows'][number][] = []
  let field: Field | undefined = ONE_PIXEL
  for (const layer of layers) {
    const made: ReturnType<typeof rowsOf> = rowsOf(layer.chain.layers, field)
    rows.push(...made.rows)
    field = sequential ? made.field : undefined
  }
  return { rows, field }
}
