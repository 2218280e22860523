import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import { tensor, tensor3d } from '@tensorflow/tfjs-core'
import { differentiable } from '../base/differentiable.ts'

/** One of the four cells around a position: where its channels start in the map, its weight and the slopes of that. */
interface Cell {
  readonly start: number
  readonly weight: number
  readonly dx: number
  readonly dy: number
}

/** Same as `gatherCorners`, in plain loops: the wasm backend is slow at gathering and adding up single rows. */
export function sampleByLoops(map: Tensor4D, x: Tensor, y: Tensor): Tensor3D {
  const [batch, , , channels] = map.shape
  const units = x.shape[1]!
  return differentiable<Tensor3D, [Tensor4D, Tensor, Tensor]>(
    { map, x, y },
    (save) => {
      save([map, x, y])
      const values = map.dataSync()
      const out = new Float32Array(batch * units * channels)
      visitPositions(map.shape, x, y, (position, cells) => {
        for (const { start, weight } of cells)
          for (let c = 0, o = position * channels; c < channels; c++, o++)
            out[o] = out[o]! + weight * values[start + c]!
      })
      return tensor3d(out, [batch, units, channels])
    },
    (dOut, [savedMap, savedX, savedY]) => {
      const d = dOut.dataSync()
      const visit = (f: Visit): void => visitPositions(map.shape, savedX, savedY, f)
      const alongAxis = (slope: (cell: Cell) => number) => (): Tensor => {
        const values = savedMap.dataSync()
        const gradient = new Float32Array(batch * units)
        visit((position, cells) => {
          let sum = 0
          for (const cell of cells)
            sum += slope(cell) * dot(values, cell.start, d, position * channels, channels)
          gradient[position] = sum
        })
        return tensor(gradient, [batch, units])
      }
      return {
        map: () => {
          const gradient = new Float32Array(map.size)
          visit((position, cells) => {
            for (const { start, weight } of cells)
              for (let c = 0; c < channels; c++)
                gradient[start + c] = gradient[start + c]! + weight * d[position * channels + c]!
          })
          return tensor(gradient, map.shape)
        },
        x: alongAxis((cell) => cell.dx),
        y: alongAxis((cell) => cell.dy),
      }
    },
  )
}

type Visit = (position: number, cells: readonly Cell[]) => void

/** Visits each position of each example with the cells around it that lie inside the map. */
function visitPositions(
  [, height, width, channels]: Tensor4D['shape'],
  x: Tensor,
  y: Tensor,
  visit: Visit,
): void {
  const [xs, ys] = [x.dataSync(), y.dataSync()]
  const units = x.shape[1]!
  for (let position = 0; position < xs.length; position++) {
    const [u, v] = [xs[position]!, ys[position]!]
    const [left, top] = [Math.floor(u), Math.floor(v)]
    const example = Math.floor(position / units)
    const cells: Cell[] = []
    for (const [row, wy, dy] of [
      [top, top + 1 - v, -1],
      [top + 1, v - top, 1],
    ] as const)
      // prettier-ignore
      for (const [column, wx, dx] of [[left, left + 1 - u, -1], [left + 1, u - left, 1]] as const) { // prettier-ignore
        if (row < 0 || row >= height || column < 0 || column >= width) continue
        const start = ((example * height + row) * width + column) * channels
        cells.push({ start, weight: wx * wy, dx: dx * wy, dy: dy * wx })
      }
    visit(position, cells)
  }
}

function dot(a: ArrayLike<number>, aStart: number, b: ArrayLike<number>, bStart: number, n: number): number {
  let sum = 0
  for (let i = 0; i < n; i++) sum += a[aStart + i]! * b[bStart + i]!
  return sum
}
