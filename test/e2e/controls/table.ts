import type { Control } from './control.ts'
import { plain, short } from './effect.ts'
import type { Pressed, Walked } from './walk.ts'

/** Where the table of all controls is kept. */
export const TABLE = 'docs/reference/controls.md'
export const RENEW = 'COTRAIN_WRITE_TREES=1 npm run test:controls'

const KINDS: Readonly<Record<string, string>> = {
  checkbox: 'box to tick',
  choice: 'choice of one',
  combobox: 'list',
  group: 'chart',
  listitem: 'entry',
  menuitem: 'menu entry',
  menuitemcheckbox: 'menu entry',
  option: 'proposal',
  searchbox: 'search box',
  spinbutton: 'number',
  summary: 'fold',
  textbox: 'text box',
}
const HEAD = '| control | kind | in | what it does | there after |'
const RULE = HEAD.replaceAll(/[a-z ]+/g, ' --- ')
const ABOUT = `<!-- Written by \`${RENEW}\`, which presses every control. -->

# Controls

Every control of the app and what came of it when a test pressed it at the keyboard, in a store with finished, failed and waiting
runs and a set of images. What stands in each row of a table, in each entry of a list or in each chart is pressed once; what is
around several views of a page is told with the first of them. A control that waits names its reason. "There after" names what
has to be pressed before the control is there, or can be used.`

/** Counts change with the data and the options that there are. */
const counted = (name: string): string => plain(name).replaceAll(/(?<= )\d[\d,]*(?=[ ,:]|$)/g, 'n')
const cell = (text: string): string => text.replaceAll('|', '\\|')

/** A control as the table names it: its name, its kind, and the part of the view that it is in. */
export function namedCells(control: Control): string {
  const name = control.role === 'row' ? '' : short(counted(control.name))
  const each = control.each === '' ? '' : `(each ${control.each})`
  const kind = KINDS[control.role] ?? control.role
  const part = control.part === control.name ? '' : short(counted(control.part))
  return [`${name} ${each}`.trim(), kind, part].map(cell).join(' | ')
}

function line({ control, does, after }: Pressed): string {
  const choices = control.choices.map((name) => short(name.replace(/ \d+$/, '')))
  const words = does.map((word) =>
    word === 'takes each choice' ? `takes each choice: ${choices.join(', ')}` : word,
  )
  return `| ${namedCells(control)} | ${cell(words.map((word) => counted(word)).join('; '))} | ${cell(counted(after))} |`
}

const titled = (view: string): string => view.charAt(0).toUpperCase() + view.slice(1)

/** The part of the page about each view that was walked through, by its heading. */
function written({ pressed, addresses }: Walked): Map<string, string> {
  const views = [...new Set(pressed.map(({ view }) => view))]
  return new Map(
    views.map((view) => {
      const rows = new Set(pressed.filter((one) => one.view === view).map(line))
      const address = addresses.get(view) ?? ''
      const where = address === '' ? [] : [`At \`${address}\`.`, '']
      return [titled(view), [`## ${titled(view)}`, '', ...where, HEAD, RULE, ...rows].join('\n')]
    }),
  )
}

const partsOf = (page: string): Map<string, string> =>
  new Map(
    page
      .split(/^## /m)
      .slice(1)
      .map((part) => [part.split('\n', 1)[0] ?? '', `## ${part.trimEnd()}`]),
  )

/** The page of all controls by `views`: of those that were walked through as it was seen, of others as it is kept. */
export function tablePage(walked: Walked, views: readonly string[], kept: string): string {
  const [now, before] = [written(walked), partsOf(kept)]
  const parts = views.flatMap((view) => now.get(titled(view)) ?? before.get(titled(view)) ?? [])
  return `${[ABOUT, ...parts].join('\n\n')}\n`
}

export interface Row {
  readonly view: string
  readonly address: string
  /** As `namedCells` writes them. */
  readonly cells: string
  /** Whether the view shows it at once. */
  readonly isAtOnce: boolean
}

/** The rows of a page that `tablePage` wrote. */
export function rowsOf(text: string): Row[] {
  const rows: Row[] = []
  let [view, address] = ['', '']
  for (const each of text.split('\n')) {
    if (each.startsWith('## ')) [view, address] = [each.slice(3), '']
    else if (each.startsWith('At `')) address = each.slice(4, each.lastIndexOf('`'))
    else if (each.startsWith('| ') && each !== HEAD && each !== RULE) {
      const cells = each.slice(2, -2).split(/ \| /)
      rows.push({
        view,
        address,
        cells: cells.slice(0, 3).join(' | '),
        isAtOnce: (cells[4] ?? '').trim() === '',
      })
    }
  }
  return rows
}
