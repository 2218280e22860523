import type { Page } from 'playwright-core'
import { ENGINE_NAMES } from '../../src-shared/contract/engine-name.ts'

/** What computes here, or that it is not known yet. */
const ENGINE = new RegExp(
  `(?:(?:${Object.values(ENGINE_NAMES).join('|')})(?: [\\d.]+)? on the (?:CPU|GPU)(?:, [a-z ]+slow(?:er)?)?|Looking for the engine)`,
  'gi',
)
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{64}/g, '<id>'],
  [/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{10}\b/g, '<id>'],
  [/(?<!#)(?:\/[\w.+-]+){2,}\/?/g, '<folder>'],
  [ENGINE, '<engine>'],
  [/\b(?:just now|[\d.]+ (?:s|min|h|d) ago)/g, '<time> ago'],
  [/\d[\d,.]* (?:[KMGT]i?B|bytes)/g, '<size>'],
  [/\d{1,2} \w{3} \d{4}(?:,? \d{2}:\d{2}(?::\d{2})?)?|\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2})?/g, '<date>'],
  [/about [\d.]+ (?:s|min|h)\b/gi, 'about <time>'],
  [/"(?:waits to be timed|being timed|not timed yet|not timed: [^"]*|about <time>[^"]*)"/g, '"<cost>"'],
  [/\d{2}:\d{2}:\d{2}/g, '<clock>'],
]

/** The same text on every machine and at every time. */
export const masked = (text: string): string =>
  MASKS.reduce((out, [pattern, word]) => out.replaceAll(pattern, word), text)

/** What is not yet what it will be. */
export const UNSETTLED = /Loading |Reading |being checked|Being checked|Looking for|being read|Counting|…"?$/m
/** Of rows and entries that follow each other so many are kept: the others are built alike. */
const KEPT_ALIKE = 2
const ALIKE = new Set(['row', 'listitem', 'option', 'figure'])
/** Lines that say nothing of their own, and what depends on the machine or on when it is looked at. */
const LEFT_OUT = /^- (?:\/\w+:|(?:row|cell|text|status).*(?:timed|<cost>)|cell$|paragraph$)/
/** The form of options is described by docs/reference, and what computes depends on the machine. */
const CLOSED = /^- (?:region "Options":|region "Welcome":|'?region "Shortcuts: )/

interface Line {
  readonly text: string
  readonly children: readonly Line[]
}

/** YAML by its indentation. */
function treeOf(lines: readonly string[]): Line[] {
  const roots: Line[] = []
  const open: { depth: number; children: Line[] }[] = [{ depth: -1, children: roots }]
  for (const line of lines) {
    const depth = line.length - line.trimStart().length
    while ((open.at(-1)?.depth ?? -1) >= depth) open.pop()
    const children: Line[] = []
    open.at(-1)?.children.push({ text: line.trim(), children })
    open.push({ depth, children })
  }
  return roots
}

/** Parts of the frame whose content is looked at elsewhere, or comes and goes. */
const EMPTIED = new Set(['main', 'contentinfo'])
const FLEETING = new Set(['status', 'alert'])

const roleOf = ({ text }: Line): string => /^- '?(\w+)/.exec(text)?.[1] ?? ''

function written(lines: readonly Line[], indent: string, most: number): string[] {
  const seen = new Map<string, number>()
  return lines.flatMap((line): string[] => {
    if (LEFT_OUT.test(line.text)) return []
    if (CLOSED.test(line.text)) return [`${indent}${line.text.replace(/:$/, '')}`]
    const role = roleOf(line)
    const count = (seen.get(role) ?? 0) + 1
    seen.set(role, count)
    if (ALIKE.has(role) && count > most) return []
    // The name of a row is its cells once more.
    const text = line.text.replace(/^- '?row .*$/, '- row:')
    const below = written(line.children, `${indent}  `, most)
    return [`${indent}${below.length === 0 ? text.replace(/:$/, '') : text}`, ...below]
  })
}

/**
 * What a screen reader is told of a view, short: of the open dialog, of the chosen tab, else of `main`; with `frame`, of the
 * page around it. Ids, times, sizes and folders are masked.
 */
export async function ariaText(page: Page, part: 'view' | 'tab' | 'frame'): Promise<string> {
  const dialog = page.locator('[role="dialog"]:visible')
  const area =
    part === 'frame'
      ? page.locator('body')
      : (await dialog.count()) > 0
        ? dialog.last()
        : part === 'tab'
          ? page.getByRole('main').getByRole('tabpanel').last()
          : page.getByRole('main')
  const text = await area.ariaSnapshot()
  const lines = treeOf(masked(text).split('\n'))
  if (part !== 'frame') return `${written(lines, '', KEPT_ALIKE).join('\n')}\n`
  // What computes and what is going on stand in the status bar and in messages; here it is only that they are there.
  const shown = lines
    .filter((line) => !FLEETING.has(roleOf(line)))
    .map((line) => (EMPTIED.has(roleOf(line)) ? { ...line, children: [] } : line))
  return `${written(shown, '', Infinity).join('\n')}\n`
}
