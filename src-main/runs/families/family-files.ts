import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { parseDocument, stringify } from 'yaml'
import { FAMILY_NAME } from '../../../src-shared/contract/calls/family.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { PlainConfig } from '../../../src-shared/schema/component.ts'
import type { Recipe } from '../../../src-shared/schema/recipe.ts'
import { parseRecipe } from '../../../src-shared/schema/recipe.ts'
import type { Search } from '../../../src-shared/schema/search.ts'
import { withLock } from '../../disk/file-lock.ts'
import { readText } from '../../disk/read-json.ts'
import type { RunStore } from '../../store/run-store.ts'
import { parseYaml } from '../create/config-text.ts'

const END = '.yaml'
const LONGEST_NAME = 60

/** A family as it is kept: a recipe, written by the app or by hand. */
export interface FamilyFile {
  readonly name: string
  readonly yaml: string
  readonly recipe: Recipe
}

/** Name of the file of a family: the title in small letters, digits and dashes. */
export function familyName(title: string): string {
  const plain = title
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_NAME)
    .replaceAll(/^-+|-+$/g, '')
  return plain === '' ? 'family' : plain
}

/** Names of all families, by name: also of files that were written by hand, with capital letters or blanks in their names. */
export function familyNames({ layout }: RunStore): string[] {
  if (!existsSync(layout.families)) return []
  return readdirSync(layout.families)
    .filter((file) => file.endsWith(END) && !file.startsWith('.'))
    .map((file) => basename(file, END))
    .filter((name) => FAMILY_NAME.test(name))
    .sort()
}

/** The file as it is; null where there is none. */
export const familyText = (store: RunStore, name: string): string | null => readText(pathOf(store, name))

/** @throws CotrainError `not-found`, or naming the file and what is wrong in it. */
export function readFamily(store: RunStore, name: string): FamilyFile {
  const path = pathOf(store, name)
  const yaml = familyText(store, name)
  if (yaml === null)
    throw new CotrainError({
      code: 'not-found',
      path: name,
      message: 'there is no family of this name.',
      hint: '`cotrain family` lists them.',
    })
  const parsed = parseRecipe(parseYaml(yaml, path))
  if (parsed.ok) return { name, yaml, recipe: parsed.value }
  throw new CotrainError(parsed.problems.map((p) => ({ ...p, path: `${path}, ${p.path ?? ''}` })))
}

/** Writes a recipe as a family in one step. */
export async function writeFamily(store: RunStore, name: string, recipe: PlainConfig): Promise<void> {
  await store.disk.writeFile(pathOf(store, name), stringify(recipe, { lineWidth: 0 }))
}

/** Writes the seeds of a family, and leaves the rest of its text, with comments, as it is. */
export async function writeSeeds(
  store: RunStore,
  family: FamilyFile,
  seeds: readonly number[],
): Promise<void> {
  const document = parseDocument(family.yaml)
  document.set('seeds', document.createNode(seeds, { flow: true }))
  await store.disk.writeFile(pathOf(store, family.name), document.toString({ lineWidth: 0 }))
}

/** Writes whether a graph is stopped, and leaves the rest of its text as it is. */
export async function writeStopped(store: RunStore, family: FamilyFile, is: boolean): Promise<void> {
  const document = parseDocument(family.yaml)
  if (is) document.set('stopped', true)
  else document.delete('stopped')
  await store.disk.writeFile(pathOf(store, family.name), document.toString({ lineWidth: 0 }))
}

/** Writes what has changed of a search, and leaves the rest of the text, with comments, as it is. */
export async function writeSearch(
  store: RunStore,
  family: FamilyFile,
  change: Partial<Pick<Search, 'made' | 'trials'>>,
): Promise<void> {
  const document = parseDocument(family.yaml)
  if (change.trials !== undefined) document.setIn(['search', 'trials'], change.trials)
  if (change.made !== undefined)
    document.setIn(
      ['search', 'made'],
      document.createNode(change.made.map((patch) => document.createNode(patch, { flow: true }))),
    )
  await store.disk.writeFile(pathOf(store, family.name), document.toString({ lineWidth: 0 }))
}

/** Moves the file to the trash of the families. @throws CotrainError `not-found`. */
export async function removeFamily(store: RunStore, name: string): Promise<void> {
  await changing(store, async () => {
    if (!existsSync(pathOf(store, name))) readFamily(store, name)
    mkdirSync(store.layout.removedFamilies, { recursive: true })
    await rename(pathOf(store, name), join(store.layout.removedFamilies, `${name}-${store.now()}${END}`))
  })
}

/** One at a time changes the families of a home. */
export function changing<T>(store: RunStore, work: () => Promise<T>): Promise<T> {
  mkdirSync(store.layout.families, { recursive: true })
  return withLock(join(store.layout.families, '.change.lock'), work)
}

const pathOf = ({ layout }: RunStore, name: string): string => join(layout.families, `${name}${END}`)
