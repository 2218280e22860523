import { shallowReactive } from 'vue'

/** What charts of one page share: the place looked at and the range shown. */
export interface ChartLink {
  readonly x: number | null
  readonly range: readonly [number, number] | null
  lookAt(x: number | null): void
  /** null shows everything again. */
  zoomTo(range: readonly [number, number] | null): void
}

export function createChartLink(): ChartLink {
  const state = shallowReactive<{ x: number | null; range: readonly [number, number] | null }>({
    x: null,
    range: null,
  })
  return {
    get x() {
      return state.x
    },
    get range() {
      return state.range
    },
    lookAt: (x) => (state.x = x),
    zoomTo: (range) => {
      state.range = range
      // The place looked at lies elsewhere on the new scale.
      state.x = null
    },
  }
}
