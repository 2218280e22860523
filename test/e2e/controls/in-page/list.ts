import axe from 'axe-core'
import type { Control, Listed } from '../control.ts'
import { closest, isShown, within } from './elements.ts'
import { nameOf, partOf, reasonOf, roleOf } from './names.ts'

const PRESSED =
  'a[href], button, input, select, textarea, summary, [contenteditable="true"], [role="tab"], [role="option"], [role^="menuitem"]'
const CONTROL = `${PRESSED}, [tabindex="0"]`
/** What may have the pointer of a control: labels hand the press on, and rows and entries are reached by arrow keys. */
const REACHED = `${CONTROL}, label, tr, [role][tabindex], [draggable]`
/** Boxes that are built alike, and what one of them is called. */
const REPEATED = [
  ['.field', 'option'],
  ['thead th', 'column'],
  ['tr, [role="row"]', 'row'],
  ['figure', 'figure'],
  ['li, [role="listitem"], [role="option"]', 'entry'],
] as const
/** Their labels are what is seen of them. */
const DRAWN_BY_LABEL = '.hidden-visually, input[type="radio"], input[type="checkbox"]'

const looks = (e: Element): string => `${e.tagName.toLowerCase()}.${[...e.classList].sort().join('.')}`

/** The box of many alike that an element stands in; entries of menus and of the navigation are each their own. */
function repeatedBox(e: Element, root: Element): readonly [Element, string] | null {
  if (closest(e, 'nav, [role="menu"]') !== null) return null
  for (const [selector, word] of REPEATED) {
    const box = e.closest(selector)
    if (box === null || box === root || !root.contains(box)) continue
    const others = [...(box.parentElement?.children ?? [])].filter((other) => other !== box)
    if (box.matches('.field, tbody > tr') || others.some((other) => looks(other) === looks(box)))
      return [box, word]
  }
  return null
}

/** Where in its box an element stands. */
function placeIn(box: Element, e: Element): string {
  const steps: string[] = []
  for (let at: Element | null = e; at !== null && at !== box; at = at.parentElement) {
    const { tagName, parentElement } = at
    const same = [...(parentElement?.children ?? [])].filter((other) => other.tagName === tagName)
    steps.push(`${tagName}${same.indexOf(at)}`)
  }
  return steps.join('<')
}

function isControl(e: HTMLElement, without: string): boolean {
  if (!e.matches(CONTROL) || e.hasAttribute('data-focus-guard') || !e.checkVisibility()) return false
  if (without !== '' && e.closest(without) !== null) return false
  return (e as HTMLInputElement).type !== 'hidden' && closest(e, '[inert], [aria-hidden="true"]') === null
}

function described(e: HTMLElement, root: Element): Control {
  const [role, part] = [roleOf(e), partOf(e, root)]
  const isChoice = role === 'choice'
  const name = isChoice ? part : nameOf(e)
  const repeated = isChoice ? null : repeatedBox(e, root)
  const each = repeated?.[1] ?? ''
  const kind = (e as HTMLInputElement).type ?? ''
  // Options of a form are told by docs/reference: here each kind of field is one.
  const place =
    each === 'option'
      ? `${kind} ${e.className}`
      : `${part}|${repeated === null ? name : placeIn(repeated[0], e)}`
  return {
    mark: '',
    key: `${each}|${role}|${place}`,
    role,
    name,
    part,
    each,
    choices: isChoice ? [nameOf(e)] : [],
    isBlocked: (e as HTMLButtonElement).disabled || e.getAttribute('aria-disabled') === 'true',
    reason: reasonOf(e),
  }
}

function faultsOf(e: HTMLElement, { role, name, choices, part }: Control): string[] {
  const what = `${role} "${choices[0] ?? name}" (${looks(e)}) in "${part}"`
  const isSeen = isShown(e) && e.checkVisibility({ opacityProperty: true })
  return [
    ...((choices[0] ?? name) === '' ? [`without a name: ${what}`] : []),
    ...(isSeen || e.matches(DRAWN_BY_LABEL) ? [] : [`seen only under the pointer: ${what}`]),
  ]
}

/** Marks the first of those that are alike, and hands them back. */
function collected(elements: readonly HTMLElement[], root: Element): Listed {
  const byKey = new Map<string, Control>()
  const faults: string[] = []
  for (const e of elements) {
    const control = described(e, root)
    // Boxes that scroll take the focus so that arrow keys move them; charts and lists with keys of their own say so.
    if (!e.matches(PRESSED) && control.role !== 'row' && !control.name.includes('keys')) continue
    faults.push(...faultsOf(e, control))
    let { key } = control
    const same = byKey.get(key)
    if (same !== undefined && control.role === 'choice')
      byKey.set(key, { ...same, choices: [...same.choices, ...control.choices] })
    if (same !== undefined && (control.role === 'choice' || control.each !== '')) continue
    for (let n = 2; byKey.has(key); n++) key = `${control.key}|${n}`
    const mark = String(byKey.size)
    e.dataset['control'] = mark
    byKey.set(key, { ...control, key, mark })
  }
  return { controls: [...byKey.values()], faults: [...new Set(faults)] }
}

/** Lists and marks the controls of the open menu, else of the open dialog, else of `area` without a part of it. */
export function list(area: string, without: string): Listed {
  const last = (selector: string): Element | undefined =>
    [...document.querySelectorAll(selector)].filter(isShown).at(-1)
  const root = last('[role="menu"]') ?? last('[role="dialog"]') ?? last(area)
  if (root === undefined) return { controls: [], faults: [`there is no ${area}`] }
  const all = within(root)
  for (const old of within(document)) delete old.dataset['control']
  axe.setup(document)
  const { controls, faults } = collected(
    all.filter((e) => isControl(e, without)),
    // A part of the page is told of it as the whole page tells it.
    root.closest('#main') ?? root,
  )
  axe.teardown()
  const byPointer = all.filter(
    (e) => isShown(e) && getComputedStyle(e).cursor === 'pointer' && closest(e, REACHED) === null,
  )
  return {
    controls,
    faults: [
      ...faults,
      ...byPointer.map((e) => `only by pointer: ${looks(e)} "${e.innerText.slice(0, 30)}"`),
    ],
  }
}
