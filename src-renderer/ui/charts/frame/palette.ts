/** The design's colours as the canvas needs them: values, not names. */
export interface Palette {
  readonly text: string
  readonly muted: string
  readonly line: string
  readonly surface: string
  readonly accent: string
  readonly good: string
  readonly bad: string
  readonly warn: string
  readonly font: string
  readonly token: (name: string) => string
}

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement)
  const token = (name: string): string => style.getPropertyValue(name).trim()
  return {
    text: token('--text'),
    muted: token('--muted'),
    line: token('--line'),
    surface: token('--surface'),
    accent: token('--accent'),
    good: token('--good'),
    bad: token('--bad'),
    warn: token('--warn'),
    font: token('--font'),
    token,
  }
}

/** A font that every machine has: pictures are opened elsewhere. */
const PAPER_FONT = 'Helvetica, Arial, sans-serif'

/** Paper is white, whatever the theme of the screen: the colours of the light theme, for files. */
export function paperPalette(): Palette {
  const { dataset } = document.documentElement
  /** Nothing is painted before the theme is back. */
  function inLight<V>(read: () => V): V {
    const theme = dataset['theme']
    if (theme === 'light') return read()
    dataset['theme'] = 'light'
    try {
      return read()
    } finally {
      if (theme === undefined) delete dataset['theme']
      else dataset['theme'] = theme
    }
  }
  const light = inLight(readPalette)
  const known = new Map<string, string>()
  const token = (name: string): string => {
    const colour = known.get(name) ?? inLight(() => light.token(name))
    known.set(name, colour)
    return colour
  }
  return { ...light, font: PAPER_FONT, token }
}

/** A `#rrggbb` colour with an alpha of 0 to 1. */
export const withAlpha = (hex: string, alpha: number): string =>
  `${hex}${Math.round(alpha * 255)
    .toString(16)
    .padStart(2, '0')}`
