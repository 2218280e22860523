/** What a key press says; the part of KeyboardEvent that matters here. */
export interface KeyPress {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
}

/** Whether a press is the combination "Mod+Shift+P"; Mod is Cmd on a Mac and Ctrl elsewhere. */
export function isPressed(press: KeyPress, keys: string, isMac: boolean): boolean {
  const parts = keys.split('+')
  const key = parts.at(-1) ?? ''
  const wants = (name: string): boolean => parts.slice(0, -1).includes(name)
  const mod = isMac ? press.metaKey : press.ctrlKey
  const other = isMac ? press.ctrlKey : press.metaKey
  if (mod !== wants('Mod') || other || press.altKey !== wants('Alt')) return false
  // "?" is Shift and something on most layouts: for signs the character decides, not the Shift key.
  const isSign = key.length === 1 && !/[a-z0-9]/i.test(key)
  if (!isSign && press.shiftKey !== wants('Shift')) return false
  const isPlace = press.code === `Digit${key}` || (press.altKey && press.code === `Key${key.toUpperCase()}`)
  return press.key.toLowerCase() === key.toLowerCase() || (/^[a-z0-9]$/i.test(key) && isPlace)
}

/** Keys that only hold others. */
export const MODIFIERS: ReadonlySet<string> = new Set([
  'Control',
  'Shift',
  'Alt',
  'Meta',
  'AltGraph',
  'CapsLock',
  'Dead',
])
/** Keys that move through the page or close what is open; taking them would lock people out. */
const KEPT: ReadonlySet<string> = new Set(['Tab', 'Escape', 'Enter', ' '])

/** The combination that a press is, as {@link isPressed} reads it; null for what cannot be a shortcut. */
export function keysOf(press: KeyPress, isMac: boolean): string | null {
  if (MODIFIERS.has(press.key)) return null
  const mod = isMac ? press.metaKey : press.ctrlKey
  if ((isMac ? press.ctrlKey : press.metaKey) || (KEPT.has(press.key) && !mod)) return null
  // With Alt or Shift the sign on the key may be another; its place says which letter or digit it is.
  const place = /^(?:Key|Digit)([A-Z0-9])$/.exec(press.code)?.[1]
  const isSign = place === undefined && press.key.length === 1 && !/[a-z0-9]/i.test(press.key)
  const name = place ?? (press.key.length === 1 ? press.key.toUpperCase() : press.key)
  if (name === ' ' || name === '+') return null
  return [mod ? 'Mod' : '', press.altKey ? 'Alt' : '', press.shiftKey && !isSign ? 'Shift' : '', name]
    .filter((part) => part !== '')
    .join('+')
}

/** Keys as they stand on the keyboard: Ctrl+Shift+P, or ⇧⌘P. */
export function keysText(keys: string, isMac: boolean): string {
  const signs: Readonly<Record<string, string>> = { Mod: '⌘', Shift: '⇧', Alt: '⌥' }
  if (isMac)
    return keys
      .split('+')
      .map((k) => signs[k] ?? k)
      .join('')
  return keys.replace('Mod', 'Ctrl')
}

/** Where letters are typed, a shortcut without Ctrl or Cmd is text. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return (
    target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.shadowRoot !== null
  )
}
