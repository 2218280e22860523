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

/** A `#rrggbb` colour with an alpha of 0 to 1. */
export const withAlpha = (hex: string, alpha: number): string =>
  `${hex}${Math.round(alpha * 255)
    .toString(16)
    .padStart(2, '0')}`
