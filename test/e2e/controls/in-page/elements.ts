/** All elements below a root, those of shadow roots too. */
export const within = (root: Document | Element | ShadowRoot): HTMLElement[] =>
  [...root.querySelectorAll<HTMLElement>('*')].flatMap((e) => [
    e,
    ...(e.shadowRoot === null ? [] : within(e.shadowRoot)),
  ])

export const isShown = (e: Element): boolean => e.checkVisibility({ visibilityProperty: true })

/** The element around, out of a shadow root too. */
export function above(e: Element): Element | null {
  const root = e.getRootNode()
  return e.parentElement ?? (root instanceof ShadowRoot ? root.host : null)
}

/** As `closest`, out of shadow roots too. */
export function closest(e: Element, selector: string): Element | null {
  for (let at: Element | null = e; at !== null; at = above(at)) if (at.matches(selector)) return at
  return null
}

export const marked = (mark: string): HTMLElement | undefined =>
  within(document).find((e) => e.dataset['control'] === mark)

export const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()
