import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

const rectangle = {
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int(),
  height: z.number().int(),
}
const place = z.object({ ...rectangle, isMaximized: z.boolean() })
export type WindowPlace = z.infer<typeof place>
export type Rectangle = Omit<WindowPlace, 'isMaximized'>

/** So much of the title bar must be on a screen for a person to get hold of the window. */
const REACHABLE_PX = 80

/** Where the window was when it was closed; null at the first start, and when that place is on no screen any more. */
export function readWindowPlace(path: string, screens: readonly Rectangle[]): WindowPlace | null {
  try {
    const known = place.parse(JSON.parse(readFileSync(path, 'utf8')))
    return screens.some((screen) => isReachable(known, screen)) ? known : null
  } catch {
    return null // a place that is not known is no reason not to open
  }
}

/** Called while the window closes, hence without waiting. */
export function rememberWindowPlace(path: string, known: WindowPlace): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.part`, JSON.stringify(known))
  renameSync(`${path}.part`, path)
}

const isReachable = (window: Rectangle, screen: Rectangle): boolean =>
  window.x + window.width >= screen.x + REACHABLE_PX &&
  window.x <= screen.x + screen.width - REACHABLE_PX &&
  window.y >= screen.y &&
  window.y <= screen.y + screen.height - REACHABLE_PX
