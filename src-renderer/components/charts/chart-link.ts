import { shallowReactive } from 'vue'

/** What charts of one page share: the place looked at and the range shown. */
export interface ChartLink {
  x: number | null
  range: readonly [number, number] | null
}

export const createChartLink = (): ChartLink => shallowReactive<ChartLink>({ x: null, range: null })
