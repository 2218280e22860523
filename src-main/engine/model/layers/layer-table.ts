import type { LayerRow, ParamSpec } from '../../types.ts'
import type { Layer } from './layer.ts'
import type { Window } from '../base/shape.ts'
import { elements, shapeList } from '../base/shape.ts'

/** What one output cell sees: its extent and the distance to its neighbour, in input pixels, and where cell 0 is centred. */
export interface Field {
  readonly extent: number
  readonly step: number
  readonly centre: number
}

export const ONE_PIXEL: Field = { extent: 1, step: 1, centre: 0 }

/** Receptive field behind a further window. */
function widen(field: Field, window: Window): Field {
  const reach = (window.kernel - 1) * window.dilation
  return {
    extent: field.extent + reach * field.step,
    step: field.step * window.stride,
    centre: field.centre + field.step * (reach / 2 - window.before),
  }
}

const FLOAT_BYTES = 4

/** Number of values of the parameters; buffers do not count. */
export const sizeOf = (specs: readonly ParamSpec[]): number =>
  specs.filter((s) => s.kind === 'parameter').reduce((sum, s) => sum + elements(s.shape), 0)

/** Rows of a chain of layers; `field` is what its input already sees (absent: not defined any more, as behind a flatten). */
export function rowsOf(
  layers: readonly Layer[],
  field?: Field,
): { readonly rows: readonly LayerRow[]; readonly field?: Field } {
  const rows: LayerRow[] = []
  let seen = field
  for (const layer of layers.flatMap((l) => l.inner ?? [l])) {
    if (seen !== undefined && layer.window !== undefined) seen = widen(seen, layer.window)
    rows.push(rowOf(layer, seen))
  }
  return { rows, ...(seen === undefined ? {} : { field: seen }) }
}

function rowOf(layer: Layer, field?: Field): LayerRow {
  const { height, width, channels } = layer.output
  return {
    name: layer.name,
    kind: layer.kind,
    block: layer.block,
    outputShape: shapeList(layer.output),
    parameters: sizeOf(layer.specs),
    activationBytes: FLOAT_BYTES * height * width * channels,
    multiplyAdds: layer.multiplyAdds,
    ...(field === undefined ? {} : { receptiveField: field.extent }),
  }
}
