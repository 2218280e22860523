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
  return (
    press.key.toLowerCase() === key.toLowerCase() || (/^[0-9]$/.test(key) && press.code === `Digit${key}`)
  )
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
