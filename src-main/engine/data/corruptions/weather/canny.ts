import { borderIndex } from '../../image/border.ts'

/** A grey byte image, row-major. */
export interface GreyImage {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** tan(22.5 degrees) in 15-bit fixed point: where horizontal gradients end and diagonal ones begin. */
const TAN_22 = 13573

interface Gradient {
  readonly dx: Int32Array
  readonly dy: Int32Array
  /** |dx| + |dy| with a border of zeros: [height + 2, width + 2]. */
  readonly magnitude: Int32Array
}

/** 3x3 Sobel derivatives, edge replicated. */
function sobel({ width, height, data }: GreyImage): Gradient {
  const dx = new Int32Array(data.length)
  const dy = new Int32Array(data.length)
  const magnitude = new Int32Array((width + 2) * (height + 2))
  for (let y = 0, i = 0; y < height; y++) {
    const up = borderIndex(y - 1, height, 'nearest') * width
    const down = borderIndex(y + 1, height, 'nearest') * width
    for (let x = 0; x < width; x++, i++) {
      const left = borderIndex(x - 1, width, 'nearest')
      const right = borderIndex(x + 1, width, 'nearest')
      const [ul, ur, dl, dr] = [data[up + left]!, data[up + right]!, data[down + left]!, data[down + right]!]
      dx[i] = ur - ul + 2 * (data[y * width + right]! - data[y * width + left]!) + dr - dl
      dy[i] = dl - ul + 2 * (data[down + x]! - data[up + x]!) + dr - ur
      magnitude[(y + 1) * (width + 2) + x + 1] = Math.abs(dx[i]!) + Math.abs(dy[i]!)
    }
  }
  return { dx, dy, magnitude }
}

/** Whether the magnitude at `at` is a ridge across its gradient direction. */
function isRidge(magnitude: Int32Array, at: number, line: number, dx: number, dy: number): boolean {
  const m = magnitude[at]!
  const x = Math.abs(dx)
  const y = Math.abs(dy) * 32768
  const shallow = x * TAN_22
  if (y < shallow) return m > magnitude[at - 1]! && m >= magnitude[at + 1]!
  if (y > shallow + x * 65536) return m > magnitude[at - line]! && m >= magnitude[at + line]!
  const side = (dx ^ dy) < 0 ? -1 : 1
  return m > magnitude[at - line - side]! && m > magnitude[at + line + side]!
}

/** Canny edges (1986) with the L1 gradient norm, as OpenCV finds them: 255 on edges, 0 elsewhere. */
export function canny(image: GreyImage, low: number, high: number): Uint8Array {
  const { width, height } = image
  const { dx, dy, magnitude } = sobel(image)
  const line = width + 2
  const weak = new Uint8Array(magnitude.length)
  const edges = new Uint8Array(width * height)
  const open: number[] = []
  for (let i = 0; i < edges.length; i++) {
    const at = (Math.floor(i / width) + 1) * line + (i % width) + 1
    if (magnitude[at]! <= low || !isRidge(magnitude, at, line, dx[i]!, dy[i]!)) continue
    weak[at] = 1
    if (magnitude[at]! > high) open.push(at)
  }
  // weak ridges count where a chain of neighbours leads to a strong one
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (weak[at] === 0) continue
    weak[at] = 0
    edges[(Math.floor(at / line) - 1) * width + (at % line) - 1] = 255
    for (const step of [-line - 1, -line, -line + 1, -1, 1, line - 1, line, line + 1]) {
      if (weak[at + step] === 1) open.push(at + step)
    }
  }
  return edges
}
