import type { ParamSpec, TorchLayout } from '../types.ts'
import { elements } from './base/shape.ts'

/** Shape of the published tensor and, for each of our axes, the published axis that it comes from (after the split into `axes`). */
interface View {
  /** Published shape as it is stored. */
  readonly stored: readonly number[]
  /** The same values seen with more axes. */
  readonly axes: readonly number[]
  /** Our axes in terms of `axes`. */
  readonly order: readonly number[]
}

/** How a tensor of ours lies in the published state dict. */
export function viewOf(spec: ParamSpec): View {
  const s = spec.shape as readonly [number, number, number, number]
  const layout: TorchLayout = spec.torch.layout
  switch (layout.kind) {
    case 'same':
      return { stored: s, axes: s, order: s.map((_, i) => i) }
    case 'conv': {
      const stored = [s[3], s[2], s[0], s[1]] // out, in, rows, columns
      return { stored, axes: stored, order: [2, 3, 1, 0] }
    }
    case 'depthwise': {
      const stored = [s[2], s[3], s[0], s[1]] // channels, 1, rows, columns
      return { stored, axes: stored, order: [2, 3, 0, 1] }
    }
    case 'dense': {
      const stored = [s[1], s[0]]
      return { stored, axes: stored, order: [1, 0] }
    }
    case 'flatten-dense': {
      const { channels, height, width } = layout
      return { stored: [s[1], s[0]], axes: [s[1], channels, height, width], order: [2, 3, 1, 0] }
    }
    case 'reshape':
      return { stored: layout.shape, axes: layout.shape, order: layout.perm ?? layout.shape.map((_, i) => i) }
  }
}

/** Published values -> ours. */
export function fromTorch(spec: ParamSpec, data: ArrayLike<number>): Float32Array {
  const out = new Float32Array(elements(spec.shape))
  visit(viewOf(spec), (ours, theirs) => {
    out[ours] = data[theirs]!
  })
  return out
}

/** Our values -> published; the inverse of {@link fromTorch}, bit for bit. */
export function toTorch(spec: ParamSpec, data: ArrayLike<number>): Float32Array {
  const out = new Float32Array(elements(spec.shape))
  visit(viewOf(spec), (ours, theirs) => {
    out[theirs] = data[ours]!
  })
  return out
}

/** Calls `each` with the positions of every value in our and in the published buffer. */
function visit(view: View, each: (ours: number, theirs: number) => void): void {
  const strides = view.axes.map((_, i) => elements(view.axes.slice(i + 1)))
  const sizes = view.order.map((axis) => view.axes[axis]!)
  const steps = view.order.map((axis) => strides[axis]!)
  let ours = 0
  const walk = (depth: number, theirs: number): void => {
    const size = sizes[depth]!
    const step = steps[depth]!
    if (depth === sizes.length - 1) {
      for (let i = 0; i < size; i++) each(ours++, theirs + i * step)
      return
    }
    for (let i = 0; i < size; i++) walk(depth + 1, theirs + i * step)
  }
  if (sizes.length === 0) each(0, 0)
  else walk(0, 0)
}
