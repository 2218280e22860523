import type { Rng } from '../../../src-shared/util/rng.ts'

const SIDE = 28

/** A made-up grey image as a data URL; drawn by the browser, so that no encoder is needed here. */
export function imageOf(n: number, rng: Rng): string {
  const canvas = document.createElement('canvas')
  canvas.width = SIDE
  canvas.height = SIDE
  const context = canvas.getContext('2d')
  if (context === null) return ''
  context.fillStyle = '#000'
  context.fillRect(0, 0, SIDE, SIDE)
  context.fillStyle = '#fff'
  context.font = `${18 + rng.int(6)}px serif`
  context.fillText(String(n % 10), 7 + rng.int(5), 20 + rng.int(4))
  return canvas.toDataURL('image/png')
}
