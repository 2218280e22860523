import type { Problem } from '../../../src-shared/contract/errors.ts'
import type { Component, ComponentKind, PlainConfig } from '../../../src-shared/schema/component.ts'
import type { FormField } from '../../../src-shared/schema/form.ts'
import { formOf } from '../../../src-shared/schema/form.ts'
import { findComponent } from '../../../src-shared/schema/registry.ts'
import { runConfigSchema } from '../../../src-shared/schema/run-config.ts'

/** One field as the editor shows it now. */
export interface FieldState {
  readonly field: FormField
  readonly path: readonly string[]
  readonly value: unknown
  /** The default with these other settings. */
  readonly fallback: unknown
  readonly isChanged: boolean
}

export interface FieldGroup {
  readonly title: string
  readonly fields: readonly FieldState[]
}

export interface Section {
  readonly id: 'run' | ComponentKind
  readonly title: string
  /** Absent when the config names no component, or an unknown one. */
  readonly component: Component | null
  readonly groups: readonly FieldGroup[]
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
const asObject = (value: unknown): Record<string, unknown> => (isObject(value) ? value : {})

export const sameValue = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Options with defaults filled in, as far as that is possible for a config that may still be wrong. */
export function effectiveOptions(
  component: Component,
  given: Record<string, unknown>,
): { config: PlainConfig; fallbacks: PlainConfig } {
  const fields = formOf(component.schema)
  const fallbacks: Record<string, unknown> = Object.fromEntries(fields.map((f) => [f.key, f.default]))
  const config: Record<string, unknown> = Object.fromEntries(
    fields.map((f) => [f.key, withDefaults(f, given[f.key])]),
  )
  for (const [key, derived] of Object.entries(component.derive ?? {})) {
    fallbacks[key] = attempt(() => derived(config), fallbacks[key])
    if (!(key in given)) config[key] = fallbacks[key]
  }
  return { config, fallbacks }
}

function withDefaults(field: FormField, given: unknown): unknown {
  if (given === undefined) return field.default
  if (field.kind !== 'group' || !isObject(given)) return given
  return Object.fromEntries([...(field.fields ?? []).map((f) => [f.key, withDefaults(f, given[f.key])])])
}

/** Rules of a component may stumble over values of the wrong type; then the config is wrong anyway and says so elsewhere. */
function attempt<T>(compute: () => T, otherwise: T): T {
  try {
    return compute()
  } catch {
    return otherwise
  }
}

const LABEL_FIELDS: ReadonlySet<string> = new Set(['name', 'comment', 'tags', 'seed', 'data_seed', 'parent'])
const SECTION_TITLES: Readonly<Record<ComponentKind, string>> = {
  dataset: 'Data set',
  model: 'Model',
  trainer: 'Trainer',
}

function runSection(given: Record<string, unknown>): Section {
  const fields = formOf(runConfigSchema)
    .filter((f) => LABEL_FIELDS.has(f.key))
    .map((field) => stateOf(field, [field.key], withDefaults(field, given[field.key]), field.default))
  const seeds = fields.filter((f) => f.field.kind === 'int')
  return {
    id: 'run',
    title: 'Run',
    component: null,
    groups: [
      { title: 'Name', fields: fields.filter((f) => ['name', 'comment', 'tags'].includes(f.field.key)) },
      { title: 'Seeds', fields: seeds },
      { title: 'Start from', fields: fields.filter((f) => f.field.key === 'parent') },
    ],
  }
}

const stateOf = (
  field: FormField,
  path: readonly string[],
  value: unknown,
  fallback: unknown,
): FieldState => ({
  field,
  path,
  value,
  fallback,
  isChanged: !sameValue(value, fallback),
})

function componentSection(kind: ComponentKind, given: Record<string, unknown>): Section {
  const choice = asObject(given[kind])
  const component = typeof choice['fn'] === 'string' ? (findComponent(kind, choice['fn']) ?? null) : null
  if (component === null) return { id: kind, title: SECTION_TITLES[kind], component, groups: [] }
  const options = asObject(choice['config'])
  const { config, fallbacks } = effectiveOptions(component, options)
  const groups = new Map<string, FieldState[]>()
  for (const field of formOf(component.schema)) {
    const isMeant = component.applies?.[field.key]
    // A given option that does not apply stays visible: its error must be seen where it can be mended.
    if (isMeant !== undefined && !(field.key in options) && !attempt(() => isMeant(config), true)) continue
    const title = field.group ?? 'General'
    const list = groups.get(title) ?? []
    groups.set(title, [
      ...list,
      stateOf(field, [kind, 'config', field.key], config[field.key], fallbacks[field.key]),
    ])
  }
  return {
    id: kind,
    title: SECTION_TITLES[kind],
    component,
    groups: [...groups].map(([title, fields]) => ({ title, fields })),
  }
}

/** The whole form of a config, in reading order. */
export function sectionsOf(given: unknown): readonly Section[] {
  const config = asObject(given)
  return [
    runSection(config),
    ...(['dataset', 'model', 'trainer'] as const).map((kind) => componentSection(kind, config)),
  ]
}

/** States of the fields of a group field. */
export const innerStates = (state: FieldState): FieldState[] => {
  const value = asObject(state.value)
  const fallback = asObject(state.fallback)
  return (state.field.fields ?? []).map((field) =>
    stateOf(
      field,
      [...state.path, field.key],
      field.key in value ? value[field.key] : field.default,
      field.key in fallback ? fallback[field.key] : field.default,
    ),
  )
}

const ownText = (field: FormField): string =>
  [
    field.label,
    field.key,
    field.help,
    field.unit ?? '',
    ...(field.choices ?? []),
    ...(field.entry?.choices ?? []),
  ]
    .join(' ')
    .toLowerCase()
const textOf = (field: FormField): string => [ownText(field), ...(field.fields ?? []).map(textOf)].join(' ')

const hasWords = (text: string, query: string): boolean =>
  query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))

/** Whether every word of a search is in the field's label, key, help or choices, or in those of its parts. */
export const isFound = (field: FormField, query: string): boolean => hasWords(textOf(field), query)

/** The parts of a group that a search means: those that are found themselves; all of them when it is the group that is found. */
export function foundParts(
  group: FormField,
  parts: readonly FieldState[],
  query: string,
): readonly FieldState[] {
  if (query === '' || hasWords(ownText(group), query)) return parts
  const found = parts.filter((part) => isFound(part.field, query))
  return found.length > 0 ? found : parts
}

/** Problems that belong to a field: at its path or below. */
export function problemsAt(problems: readonly Problem[], path: readonly string[]): readonly Problem[] {
  const at = path.join('.')
  return problems.filter((p) => p.path === at || p.path?.startsWith(`${at}.`) === true)
}

/** "0 to 1", "above 0", "at least 3": the allowed range in words; empty when everything goes. */
export function rangeText(field: FormField): string {
  const { min, max, exclusiveMin } = field
  if (min !== undefined && max !== undefined)
    return exclusiveMin === true ? `above ${min}, at most ${max}` : `${min} to ${max}`
  if (min !== undefined) return exclusiveMin === true ? `above ${min}` : `at least ${min}`
  return max === undefined ? '' : `at most ${max}`
}
