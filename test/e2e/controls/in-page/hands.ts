import { marked } from './elements.ts'

/** How a control is used: a list is chosen from, a text typed; everything else has keys. */
type Kind = 'gone' | 'select' | 'text' | 'other'

const TYPED = ['text', 'search']

/** Gives the focus to a marked control. */
export function focus(mark: string): Kind {
  const e = marked(mark)
  if (e === undefined) return 'gone'
  e.focus()
  if (e.matches('select')) return 'select'
  const isText =
    e instanceof HTMLInputElement ? TYPED.includes(e.type) : e.matches('textarea, [contenteditable]')
  return isText ? 'text' : 'other'
}

/** Takes another choice of a marked list, or goes back to the one that it had; false where there is one alone. */
export function choose(mark: string, isBack: boolean): boolean {
  const list = marked(mark) as HTMLSelectElement | undefined
  const others = [...(list?.options ?? [])].filter((o) => !o.disabled && !o.selected)
  if (list === undefined || (!isBack && others.length === 0)) return false
  if (!isBack) list.dataset['had'] = list.value
  list.value = isBack ? (list.dataset['had'] ?? '') : (others[0]?.value ?? '')
  for (const event of ['input', 'change']) list.dispatchEvent(new Event(event, { bubbles: true }))
  return true
}

const groupOf = (mark: string): HTMLInputElement[] => {
  const { name } = (marked(mark) ?? {}) as HTMLInputElement
  return [...document.querySelectorAll<HTMLInputElement>('input[type="radio"]')].filter(
    (r) => r.name === name && !r.disabled,
  )
}

/** The number of the chosen radio button in the group of a marked one. */
export const chosenRadio = (mark: string): number => groupOf(mark).findIndex((r) => r.checked)
export const pressRadio = (mark: string, which: number): void => groupOf(mark)[which]?.click()

export const isChosen = (mark: string): boolean => marked(mark)?.ariaSelected === 'true'

/** Waits until the address is no longer the one before a marked link was pressed, or the patience ends; other controls are not waited for. */
export async function arrived(mark: string, before: string, patienceMs: number): Promise<void> {
  const target = (marked(mark) as HTMLAnchorElement | undefined)?.hash ?? ''
  if (!target.startsWith('#/') || target === before) return
  for (const began = performance.now(); location.hash === before && performance.now() - began < patienceMs;)
    await new Promise((done) => setTimeout(done, 20))
}
