/** Moves the focus to the next (or previous) main region of the window: views, content, status. */
export function nextRegion(by: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')]
  const at = regions.findIndex((r) => r.contains(document.activeElement))
  const next = regions[(at + by + regions.length) % regions.length]
  const inside = next?.matches('nav') === true ? next.querySelector<HTMLElement>('a, button') : next
  inside?.focus()
}
