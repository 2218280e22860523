import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../../..')
const read = (name: string): string => readFileSync(join(root, name), 'utf8')

const BLOCK = /^```(\w*)\n([\s\S]*?)^```$/gm

/** Pages for people who use the application; the guide to data comes first, its lines build on one another. */
export const pages = (): string[] => [
  ...new Set([
    'docs/guide/data.md',
    ...readdirSync(join(root, 'docs/guide'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/guide/${name}`),
  ]),
  'README.md',
]

/** Lines of a page's fenced blocks that start the application, as a person would copy them. */
export const shellLines = (page: string): string[] =>
  [...read(page).matchAll(BLOCK)]
    .flatMap(([, , block = '']) => block.split('\n'))
    .filter((line) => /^(npx )?cotrain data\b/.test(line))

/** Commands in the running text of a page, such as `cotrain data show`. */
export const namedCommands = (page: string): string[] => [
  ...new Set([...read(page).matchAll(/`((?:npx )?cotrain data[^`]*)`/g)].map(([, command = '']) => command)),
]

/** The files that the guide shows: a line that begins with the name of the file, then a block with its content. */
export const shownFiles = (): Map<string, string> =>
  new Map(
    [
      ...read('docs/guide/data.md').matchAll(
        /^`([\w.]+\.json)`(?:(?!```)[\s\S])*?```json\n([\s\S]*?)^```$/gm,
      ),
    ].map(([, name = '', content = '']) => [name, content]),
  )

/** The words that a shell makes of a command: quotes, braces, brackets and comments are its business. */
export function wordsOf(command: string, home: string): string[] {
  const script = `cotrain() { printf '%s\\0' "$@"; }\nnpx() { "$@"; }\n${command}\n`
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], {
    encoding: 'utf8',
    env: { ...process.env, HOME: home },
  })
  if (status !== 0) throw new Error(`${command}: ${stderr}`)
  return stdout.split('\0').slice(0, -1)
}

/** Options of an import among the words of a command, as text; flags that are options too count. */
export function optionsOf(words: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    words.flatMap((word, i): [string, string][] => {
      const before = words[i - 1]
      if (before === '--area' || before === '--mapping') return [[before.slice(2), word]]
      const at = word.indexOf('=')
      return before === '--option' ? [[word.slice(0, at), word.slice(at + 1)]] : []
    }),
  )
}
