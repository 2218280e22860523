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
/** A place for each arrangement of screens, the last used at the end. */
const places = z.record(z.string(), place)
export type WindowPlace = z.infer<typeof place>
export type Rectangle = Omit<WindowPlace, 'isMaximized'>

/** So much of the title bar must be on a screen for a person to get hold of the window. */
const REACHABLE_PX = 80
/** Arrangements that are remembered: a desk, a projector, a laptop alone, and some to spare. */
const MOST_ARRANGEMENTS = 10

/** Where the window was when it was last closed on these screens; null at the first start on them, and when it cannot be reached. */
export function readWindowPlace(path: string, screens: readonly Rectangle[]): WindowPlace | null {
  const known = readPlaces(path)[arrangementOf(screens)]
  return known !== undefined && screens.some((screen) => isReachable(known, screen)) ? known : null
}

/** Called while the window closes, hence without waiting. */
export function rememberWindowPlace(path: string, screens: readonly Rectangle[], known: WindowPlace): void {
  const { [arrangementOf(screens)]: _, ...others } = readPlaces(path)
  const kept = [...Object.entries(others), [arrangementOf(screens), known]].slice(-MOST_ARRANGEMENTS)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.part`, JSON.stringify(Object.fromEntries(kept)))
  renameSync(`${path}.part`, path)
}

function readPlaces(path: string): z.infer<typeof places> {
  try {
    return places.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return {} // a place that is not known is no reason not to open
  }
}

/** The system lists screens in no particular order. */
const arrangementOf = (screens: readonly Rectangle[]): string =>
  screens
    .map(({ x, y, width, height }) => `${width}x${height} at ${x},${y}`)
    .sort()
    .join('; ')

const isReachable = (window: Rectangle, screen: Rectangle): boolean =>
  window.x + window.width >= screen.x + REACHABLE_PX &&
  window.x <= screen.x + screen.width - REACHABLE_PX &&
  window.y >= screen.y &&
  window.y <= screen.y + screen.height - REACHABLE_PX
