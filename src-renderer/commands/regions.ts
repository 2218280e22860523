/** Moves the focus to the next (or previous) main region of the window: views, content, status. */
export function nextRegion(by: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter(
    (r) => getComputedStyle(r).display !== 'none',
  )
  const at = regions.findIndex((r) => r.contains(document.activeElement))
  // From outside all regions one comes to the first, or backwards to the last.
  const from = at === -1 && by === -1 ? 0 : at
  const next = regions[(from + by + regions.length) % regions.length]
  const inside = next?.matches('nav') === true ? next.querySelector<HTMLElement>('a, button') : next
  inside?.focus()
}
