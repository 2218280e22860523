import type { Page } from 'playwright-core'
import type { View } from '../views.ts'
import type { Control } from './control.ts'
import { plain } from './effect.ts'
import { inPage } from './page-side.ts'
import type { Watch } from './page-watch.ts'
import { watchPage } from './page-watch.ts'
import type { Effect } from './press.ts'
import { press } from './press.ts'

/** A control and what it does. */
export interface Pressed {
  readonly view: string
  /** What has to be pressed before it is there, or can be used; empty: nothing. */
  readonly after: string
  readonly control: Control
  readonly does: readonly string[]
}

export interface Walked {
  readonly pressed: readonly Pressed[]
  readonly faults: readonly string[]
  /** Of each view its address; empty for the frame. */
  readonly addresses: ReadonlyMap<string, string>
}

/** Controls of a view, and how to come to them. */
interface Place {
  readonly view: View
  readonly steps: readonly Control[]
  readonly after: string
  /** Keys of those that are meant; null: of all. */
  readonly only: ReadonlySet<string> | null
  readonly turn: number
}

interface Walk {
  readonly page: Page
  readonly watch: Watch
  readonly views: readonly View[]
  readonly say: (line: string) => void
  readonly pressed: Pressed[]
  readonly faults: Set<string>
  readonly addresses: Map<string, string>
  /** Keys that were met, by address; with them, dialogs that were opened and controls that had been blocked. */
  readonly known: Set<string>
  /** Places of a later turn. */
  readonly later: Place[]
}

/** The frame of the window is the same around every view. */
export const EVERYWHERE = 'everywhere'
/** So deep dialogs of dialogs and menus of menus are followed. */
const MOST_STEPS = 3
/** What takes things away comes after all else, then what starts work; at the very end go the runs that views are about. */
const TAKES = /^(?:Remove|Delete|Trash|Empty|Take|End |Clear|Hide|Reset all|Move to)/
const WORKS = /^(?:Queue|Start(?! (?:earlier|later))|Continue|Pause|Add \d|Try |Set up|Time the)/
const ENDS = /^(?:Move to trash|Remove)$/
const turnOf = ({ name, role }: Control): number =>
  role === 'link' ? 0 : ENDS.test(name) ? 3 : WORKS.test(name) ? 2 : TAKES.test(name) ? 1 : 0

/** There only as long as a run works, which may end at any time: pressed by the scenarios of the queue. */
const WHILE_WORKING = /^(?:Finish epoch|Stop now)/

const CHART_MENU = /: table and export$/

/** What of the page belongs to a view, and what of that does not: the frame, the chosen tab, else all of `main`. */
export const areaOf = (view: string): readonly [area: string, without: string] =>
  view === EVERYWHERE
    ? ['.shell', '#main']
    : view.includes(', ')
      ? ['main [role="tabpanel"]', '']
      : ['main', '']

/** Views of one page have what is around them in common. */
export const addressOf = (page: Page, view: string): string =>
  view === EVERYWHERE
    ? ''
    : new URL(page.url()).hash
        .replace(/\?.*/, '')
        .replace(/(?<=runs\/|data\/).+/, '<id>')
        .replace(/(?<=families\/).+/, '<name>')

/** Presses every control of every view once, of those that stand in each row of a list the first. */
export async function walkControls(
  page: Page,
  views: readonly View[],
  say: (line: string) => void,
): Promise<Walked> {
  const walk: Walk = {
    page,
    watch: watchPage(page),
    views,
    say,
    pressed: [],
    faults: new Set(),
    addresses: new Map(),
    known: new Set(),
    later: [],
  }
  let waiting: Place[] = views.map((view) => ({ view, steps: [], after: '', only: null, turn: 0 }))
  while (waiting.length > 0) {
    for (let place = waiting.shift(); place !== undefined; place = waiting.shift()) {
      try {
        waiting.unshift(...(await walkPlace(walk, place)))
      } catch (error) {
        walk.faults.add(
          `${titleOf(place)}: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
        )
      }
    }
    waiting = walk.later.splice(0).sort((a, b) => a.turn - b.turn)
  }
  return { pressed: walk.pressed, faults: [...walk.faults], addresses: walk.addresses }
}

const titleOf = ({ view, after }: Place): string =>
  after === '' ? view.name : `${view.name}, after ${after}`

async function list({ page, faults }: Walk, place: Place): Promise<readonly Control[]> {
  const listed = await inPage(page, 'list', ...areaOf(place.view.name))
  for (const fault of listed.faults) faults.add(`${place.view.name}: ${fault}`)
  return listed.controls
}

/** Counts in the name of a control that is remembered have changed with it. */
const isAlike = (a: Control, b: Control): boolean =>
  a.role === b.role && a.part === b.part && withoutNumbers(a.name) === withoutNumbers(b.name)
const withoutNumbers = (name: string): string => name.replaceAll(/\d+/g, 'n')

/** Comes to a place from another page, so that nothing is left of what was done there. */
async function show(walk: Walk, place: Place): Promise<readonly Control[]> {
  const { page, watch } = walk
  for (let i = 0; i < MOST_STEPS; i++) await page.keyboard.press('Escape')
  const other = page.url().includes('#/settings') ? '/families' : '/settings'
  await page.goto(`${new URL(page.url()).origin}/#${other}`)
  await watch.quiet()
  await place.view.show(page)
  await watch.quiet()
  for (const step of place.steps) {
    const controls = await list(walk, place)
    const control = controls.find(({ key }) => key === step.key) ?? controls.find((c) => isAlike(c, step))
    // What is remembered, as a star is, is still as the step left it.
    if (control === undefined && controls.some(({ key }) => place.only?.has(key) === true)) break
    if (control === undefined) throw new Error(`“${step.name}” is gone`)
    await press(page, watch, control)
  }
  return list(walk, place)
}

/** Presses what a place has that was not met before; the places that this opened. */
async function walkPlace(walk: Walk, place: Place): Promise<Place[]> {
  const { page, watch, faults, known } = walk
  let controls = await show(walk, place)
  const address = addressOf(page, place.view.name)
  walk.addresses.set(place.view.name, address)
  const open = controls.filter(({ key }) => place.only?.has(key) ?? !known.has(`${address} ${key}`))
  for (const { key } of controls) known.add(`${address} ${key}`)
  const found: Place[] = []
  let isThere = true
  for (const { key, name, role } of inTurn(walk, place, open)) {
    let control = isThere ? controls.find((c) => c.key === key) : undefined
    if (control === undefined) controls = await show(walk, place)
    control ??= controls.find((c) => c.key === key)
    if (control === undefined) {
      faults.add(`${titleOf(place)}: ${role} “${name}” is gone when it is shown again`)
      continue
    }
    const effect = await tried(walk, place, control)
    if (effect === null) continue
    found.push(...(await revealed(walk, { place, control, effect, address, blocked: blockedOf(open) })))
    await effect.undo?.()
    if (effect.dialog !== '' || effect.menu !== '') await page.keyboard.press('Escape')
    await watch.quiet()
    isThere = effect.leaves !== 'elsewhere'
    if (isThere) controls = await list(walk, place)
  }
  return found
}

const blockedOf = (controls: readonly Control[]): ReadonlySet<string> =>
  new Set(controls.filter((c) => c.isBlocked).map(({ key }) => key))

/** Those whose turn it is; the others come later. */
function inTurn({ later }: Walk, place: Place, open: readonly Control[]): Control[] {
  for (const turn of [1, 2, 3]) {
    const only = new Set(open.filter((c) => turnOf(c) === turn && turn > place.turn).map(({ key }) => key))
    if (only.size > 0) later.push({ ...place, only, turn })
  }
  // A row is chosen before all of them are: what it frees is tried on one.
  const isAll = ({ name }: Control): number => Number(name === 'Select all')
  return open.filter((c) => turnOf(c) <= place.turn).sort((a, b) => isAll(a) - isAll(b))
}

/** Presses a control and notes what it does; null where it waits for something. */
async function tried(walk: Walk, place: Place, control: Control): Promise<Effect | null> {
  const { page, watch, faults, pressed, say } = walk
  const { role, name, reason, isBlocked } = control
  const what = `${titleOf(place)}: ${role} “${plain(name)}”`
  if (isBlocked && reason === '') faults.add(`${what} cannot be used and does not say why`)
  const effect = isBlocked ? null : await press(page, watch, control)
  if (effect?.words.length === 0) faults.add(`${what} has no effect`)
  const does = effect?.words ?? [`waits: ${reason}`]
  pressed.push({ view: place.view.name, after: place.after, control, does })
  say(`${what}: ${does.join('; ')}`)
  return effect
}

interface Opening {
  readonly place: Place
  readonly control: Control
  readonly effect: Effect
  readonly address: string
  readonly blocked: ReadonlySet<string>
}

/** What a press brought: the entries of a menu, what is in a dialog, and controls that were not there or not usable. */
async function revealed(walk: Walk, { place, control, effect, address, blocked }: Opening): Promise<Place[]> {
  const { known, views } = walk
  const isAsBefore = effect.leaves === 'as before' && effect.undo === null
  if (effect.leaves === 'elsewhere' || isAsBefore || place.steps.length >= MOST_STEPS) return []
  // The parts of a page are views of their own.
  const isOwn = (name: string): boolean => views.some((view) => view.name === name.toLowerCase())
  if (control.role === 'tab' && isOwn(`${place.view.name}, ${control.name.replace(/ \d+$/, '')}`)) return []
  const title = effect.dialog || effect.menu
  // All charts have one menu, and so have all rows of a table.
  const of = CHART_MENU.test(title) ? 'chart' : control.each === '' ? title.toLowerCase() : control.key
  const dialog = `${CHART_MENU.test(title) ? '' : address} opened ${plain(of)}`
  if (title !== '' && (known.has(dialog) || isOwn(title))) return []
  if (title !== '') known.add(dialog)
  const isFreed = ({ key, isBlocked }: Control): boolean =>
    blocked.has(key) && !isBlocked && !known.has(`${address} freed ${key}`)
  const fresh = (await list(walk, place)).filter(
    (c) => !WHILE_WORKING.test(c.name) && (title !== '' || !known.has(`${address} ${c.key}`) || isFreed(c)),
  )
  for (const { key } of fresh) known.add(`${address} ${key}`).add(`${address} freed ${key}`)
  if (fresh.length === 0) return []
  const after = `${place.after === '' ? '' : `${place.after}, `}“${plain(control.name)}”`
  return [{ ...place, steps: [...place.steps, control], after, only: new Set(fresh.map(({ key }) => key)) }]
}
