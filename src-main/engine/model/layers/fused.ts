import type { Layer } from './layer.ts'

/** Consecutive layers that run as one kernel sequence; `apply` gives the output of the last. */
export interface FusedStep {
  readonly layers: readonly Layer[]
  readonly apply: Layer['apply']
}

export function fuse(layers: readonly Layer[]): readonly FusedStep[] {
  return layers.map((layer) => ({ layers: [layer], apply: layer.apply }))
}
