import type { Locator } from 'playwright-core'
import { eventually } from './scenario.ts'

/** Opaque pixels of a canvas that differ from its most frequent colour; grid lines alone are few. */
const drawnPixels = (canvas: HTMLCanvasElement): number => {
  const context = canvas.getContext('2d')
  if (context === null) return 0
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
  let drawn = 0
  for (let i = 3; i < data.length; i += 4) if ((data[i] ?? 0) > 128) drawn++
  return drawn
}
const LEAST = 300

/** Waits until there is something on a canvas. */
export async function checkDrawn(canvas: Locator): Promise<void> {
  await canvas.first().waitFor()
  await eventually(
    'the chart is drawn',
    () => canvas.first().evaluate(drawnPixels as (e: unknown) => number),
    (n) => n > LEAST,
  )
}
