import type { z } from 'zod'
import type { ComponentKind } from './component.ts'
import type { FormField } from './form.ts'
import { formOf } from './form.ts'
import { componentsOf, findComponent } from './registry.ts'
import { runConfigSchema } from './run-config.ts'
import { wordOf } from './words.ts'

/** What the three parts of a config are called. */
export const PART_TITLES: Readonly<Record<ComponentKind, string>> = {
  dataset: 'Data set',
  model: 'Model',
  trainer: 'Trainer',
}

const isKind = (part: string): part is ComponentKind => part in PART_TITLES

/** The part of a config that a path is in; null for what belongs to the run as a whole. */
export function partTitle(path: string): string | null {
  const [kind = ''] = path.split('.')
  return isKind(kind) ? PART_TITLES[kind] : null
}

interface Labelled {
  readonly at: string
  readonly label: string
  readonly above: readonly string[]
}

const labelled = (fields: readonly FormField[], prefix = '', above: readonly string[] = []): Labelled[] =>
  fields.flatMap(({ key, label, fields: inner = [] }) => [
    { at: `${prefix}${key}`, label, above },
    ...labelled(inner, `${prefix}${key}.`, [...above, label]),
  ])

/** Names of all options by path; those that share a label stand with the groups they are in. */
function namesIn(fields: readonly FormField[]): ReadonlyMap<string, string> {
  const all = labelled(fields)
  const count = new Map<string, number>()
  for (const { label } of all) count.set(label, (count.get(label) ?? 0) + 1)
  return new Map(
    all.map(({ at, label, above }) => [
      at,
      (count.get(label) ?? 0) > 1 && above.length > 0 ? `${above.join(', ')}: ${label}` : label,
    ]),
  )
}

const known = new WeakMap<z.ZodObject, ReadonlyMap<string, string>>()
function namesOf(schema: z.ZodObject): ReadonlyMap<string, string> {
  const names = known.get(schema) ?? namesIn(formOf(schema))
  known.set(schema, names)
  return names
}

/** The name at a path or, for entries of a map, at the path of the map with the entry behind it. */
function nameAt(names: ReadonlyMap<string, string>, keys: readonly string[]): string | null {
  for (let n = keys.length; n > 0; n--) {
    const name = names.get(keys.slice(0, n).join('.'))
    if (name !== undefined) return [name, ...keys.slice(n).map(wordOf)].join(': ')
  }
  return null
}

/** A data set, model or trainer by its title, for the value at `model.fn`; any other value as it is written. */
export function componentTitle(path: string, fn: unknown): string {
  const [kind = ''] = path.split('.')
  if (!isKind(kind) || !path.endsWith('.fn') || typeof fn !== 'string') return String(fn)
  return findComponent(kind, fn)?.title ?? fn
}

/**
 * What the form calls the option at a path of a config: "Patience" for `trainer.config.patience`, "V1 part: Variant" for
 * `dataset.config.v1_dataset_dict.variant`, "Model" for `model.fn`. Options that no schema has keep their path.
 */
export function optionName(path: string): string {
  const [kind = '', next, ...keys] = path.split('.')
  if (!isKind(kind)) return nameAt(namesOf(runConfigSchema), path.split('.')) ?? path
  if (next === 'fn') return PART_TITLES[kind]
  const names = componentsOf(kind).map(({ schema }) => namesOf(schema))
  // A component that has the very option is asked before one that has a map of its name.
  const exact = names.find((n) => n.has(keys.join('.')))
  const found = (exact === undefined ? names : [exact]).flatMap((n) => nameAt(n, keys) ?? [])
  return found[0] ?? path.replace('.config.', '.')
}

/** An option as the form calls it; where two parts of a config call one the same, with the part. */
export function optionLabel(path: string, all: readonly string[]): string {
  const name = optionName(path)
  const isShared = all.some((other) => other !== path && optionName(other) === name)
  const part = isShared ? partTitle(path) : null
  return part === null ? name : `${part}: ${name}`
}
