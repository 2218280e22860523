import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** One change that a recipe of CONTRIBUTING.md asks for: a new file, or lines below a line of a file. */
export interface RecipeStep {
  readonly path: string
  readonly below: string | null
  readonly text: string
}

const STEP = /^ *(?:New file|In) `([^`]+)`(?:, below `(.+)`)?:\n\n( *)```\w+\n([\s\S]*?)^ *```$/gm

/** The steps below a heading of the third level, in their order. */
export function recipeSteps(page: string, heading: string): readonly RecipeStep[] {
  const after = page.split(`\n### ${heading}\n`)[1]
  if (after === undefined) throw new Error(`no recipe "${heading}"`)
  const recipe = after.split(/^##/m)[0]!
  const steps = [...recipe.matchAll(STEP)].map(([, path, below, indent, text]) => ({
    path: path!,
    below: below ?? null,
    text: text!.replaceAll(new RegExp(`^${indent!}`, 'gm'), ''),
  }))
  const blocks = recipe.match(/^ *```\w+$/gm)?.length ?? 0
  if (steps.length !== blocks) throw new Error(`"${heading}": ${blocks} blocks, ${steps.length} understood`)
  return steps
}

/** Follows a step in a copy of the sources; a line that is missing or there twice is an error. */
export function followStep(root: string, { path, below, text }: RecipeStep): void {
  const file = join(root, path)
  if (below === null) {
    mkdirSync(dirname(file), { recursive: true })
    return writeFileSync(file, text, { flag: 'wx' })
  }
  const lines = readFileSync(file, 'utf8').split('\n')
  const places = lines.flatMap((line, i) => (line.trim() === below ? [i] : []))
  if (places.length !== 1) throw new Error(`${path}: ${places.length} lines read ${below}`)
  writeFileSync(file, lines.toSpliced(places[0]! + 1, 0, text.trimEnd()).join('\n'))
}
