import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import {
  add,
  cast,
  clipByValue,
  expandDims,
  floor,
  gather,
  greaterEqual,
  lessEqual,
  logicalAnd,
  mul,
  range,
  reshape,
  scalar,
  scatterND,
  sub,
  sum,
} from '@tensorflow/tfjs-core'
import { differentiable } from '../base/differentiable.ts'
import { attr, DT_INT32, onNative, runNative1 } from '../base/native-ops.ts'

/** Map [batch, height, width, channels] at cell coordinates x, y [batch, units], from the four cells around; zero outside. */
export function gatherCorners(map: Tensor4D, x: Tensor, y: Tensor): Tensor3D {
  return differentiable<Tensor3D, [Tensor4D, Tensor, Tensor]>(
    { map, x, y },
    (save) => {
      save([map, x, y])
      const corners = cornersOf(map, x, y)
      return corners.map(({ values, wx, wy }) => weigh(values(), mul(wx, wy))).reduce((a, b) => add(a, b))
    },
    (dy, [savedMap, savedX, savedY]) => {
      const corners = (): Corner[] => cornersOf(savedMap, savedX, savedY)
      const along = (weight: (c: Corner) => Tensor): Tensor =>
        corners()
          .map((c) => mul(sum(mul(dy, c.values()), 2), weight(c)))
          .reduce((a, b) => add(a, b))
      return {
        map: () => scatter(dy, corners(), map.shape),
        x: () => along((c) => mul(c.dx, c.wy)),
        y: () => along((c) => mul(c.dy, c.wx)),
      }
    },
  )
}

/** One of the four cells: its flat index, interpolation weights and their slopes, all [batch, units]; zero outside the map. */
interface Corner {
  readonly index: Tensor
  readonly wx: Tensor
  readonly wy: Tensor
  readonly dx: Tensor
  readonly dy: Tensor
  readonly values: () => Tensor
}

const weigh = (values: Tensor, weights: Tensor): Tensor3D => mul(values, expandDims(weights, 2))

function cornersOf(map: Tensor4D, x: Tensor, y: Tensor): Corner[] {
  const [batch, height, width, channels] = map.shape
  const flat = reshape(map, [batch * height * width, channels])
  const offset = reshape(mul(range(0, batch, 1, 'int32'), height * width), [batch, 1])
  const columns = sides(x, width)
  return sides(y, height).flatMap((row) =>
    columns.map((column) => {
      const index = cast(add(offset, add(mul(row.cell, width), column.cell)), 'int32')
      return {
        index,
        wx: column.weight,
        wy: row.weight,
        dx: column.slope,
        dy: row.slope,
        values: () => rowsAt(flat, index),
      }
    }),
  )
}

/** Rows of a table. TensorFlow.js would read the indices back to check them; here they were kept inside. */
function rowsAt(table: Tensor, index: Tensor): Tensor {
  if (!onNative()) return gather(table, index)
  const attrs = [attr.int('batch_dims', 0), attr.type('Tparams'), attr.type('Tindices', DT_INT32)]
  return runNative1('GatherV2', [...attrs, attr.type('Taxis', DT_INT32)], [table, index, scalar(0, 'int32')])
}

/** The cells left and right of u, kept inside the map, with weights that vanish where they lie outside. */
function sides(u: Tensor, size: number): { cell: Tensor; weight: Tensor; slope: Tensor }[] {
  const left = floor(u)
  const fraction = sub(u, left)
  return [0, 1].map((side) => {
    const cell = add(left, side)
    const inside = cast(logicalAnd(greaterEqual(cell, 0), lessEqual(cell, size - 1)), 'float32')
    const weight = mul(side === 0 ? sub(1, fraction) : fraction, inside)
    return {
      cell: cast(clipByValue(cell, 0, size - 1), 'int32'),
      weight,
      slope: mul(inside, side === 0 ? -1 : 1),
    }
  })
}

function scatter(dy: Tensor, corners: readonly Corner[], shape: number[]): Tensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = shape
  const parts = corners.map(({ index, wx, wy }) => {
    const updates = reshape(weigh(dy, mul(wx, wy)), [index.size, channels])
    return scatterND(reshape(index, [index.size, 1]), updates, [batch * height * width, channels])
  })
  return reshape(
    parts.reduce((a, b) => add(a, b)),
    shape,
  )
}
