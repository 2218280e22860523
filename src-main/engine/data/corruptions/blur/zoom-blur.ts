import { bytesOfUnit, unitOfBytes } from '../base/bytes.ts'
import { addZoomed } from './spline-zoom.ts'
import type { Corruption } from '../base/types.ts'

/** [step between the factors, number of factors]; the first factor is 1. */
export type ZoomConstants = readonly [step: number, count: number]

/** Mean of the image and all its enlargements. */
export const zoomBlur: Corruption<ZoomConstants> = ({ width, height, data }, [step, count], context) => {
  const field = { width, height, channels: 3, data: unitOfBytes(data) }
  const keep = context.constants === 'ic' ? 'top-left' : 'centre'
  const sum = { ...field, data: field.data.slice() }
  const rounded = 1 + step - 1 // as numpy.arange adds it; it decides sizes where size / factor is nearly whole
  for (let k = 0; k < count; k++) addZoomed(field, { factor: 1 + k * rounded, keep }, sum)
  for (let i = 0; i < sum.data.length; i++) sum.data[i]! /= count + 1
  return bytesOfUnit(sum.data)
}
