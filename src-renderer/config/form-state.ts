import type { Problem } from '../../src-shared/contract/errors.ts'
import type { Component, ComponentKind } from '../../src-shared/schema/component.ts'
import type { FormField } from '../../src-shared/schema/form.ts'
import { formOf } from '../../src-shared/schema/form.ts'
import { findComponent } from '../../src-shared/schema/registry.ts'
import { PART_TITLES } from '../../src-shared/schema/option-names.ts'
import type { Resolution, ResolvedOption, Rules } from '../../src-shared/schema/resolve.ts'
import { isMap, resolve } from '../../src-shared/schema/resolve.ts'
import { wordWithName } from '../../src-shared/schema/words.ts'
import { runConfigSchema } from '../../src-shared/schema/run-config.ts'

/** One field as the editor shows it now. */
export interface FieldState extends Omit<ResolvedOption, 'applies' | 'changed'> {
  readonly path: readonly string[]
  readonly isChanged: boolean
  /** The parts of a group that have a meaning now; empty for other fields and for a group that is off. */
  readonly inner: readonly FieldState[]
}

interface FieldGroup {
  readonly title: string
  readonly fields: readonly FieldState[]
}

export interface Section {
  readonly id: 'name' | 'run' | ComponentKind
  readonly title: string
  /** Absent when the config names no component, or an unknown one. */
  readonly component: Component | null
  readonly groups: readonly FieldGroup[]
}

const asObject = (value: unknown): Record<string, unknown> => (isMap(value) ? value : {})

type Group = readonly [title: string, keys: readonly string[]]
const NAME_GROUPS: readonly Group[] = [['Name', ['name', 'comment', 'tags']]]
const RUN_GROUPS: readonly Group[] = [
  ['Seeds', ['seed', 'data_seed']],
  ['Start from', ['parent']],
]

function runSection(
  { id, title }: Pick<Section, 'id' | 'title'>,
  parts: readonly Group[],
  given: Record<string, unknown>,
): Section {
  const states = new Map(
    statesOf({ schema: runConfigSchema }, given).map((state) => [state.field.key, state]),
  )
  const groups = parts.map(([title, keys]) => ({
    title,
    fields: keys.flatMap((key) => states.get(key) ?? []),
  }))
  return { id, title, component: null, groups }
}

/** The fields that have a meaning, and those that were given without one: their error must be seen where it can be mended. */
export const statesOf = (
  rules: Rules,
  given: unknown,
  above: readonly string[] = [],
): readonly FieldState[] => fieldsOf(resolve(rules, given), formOf(rules.schema), '', above)

/** Options that are only read, for published configs, say nothing to a person who writes one. */
const isMeant = ({ applies, field }: ResolvedOption): boolean => applies && field.effect !== 'none'

function fieldsOf(
  { options }: Pick<Resolution, 'options'>,
  fields: readonly FormField[],
  prefix: string,
  above: readonly string[],
): readonly FieldState[] {
  return fields.flatMap((field) => {
    const at = `${prefix}${field.key}`
    const option = options.get(at)
    if (option === undefined || !(isMeant(option) || option.changed)) return []
    const path = [...above, field.key]
    const inner = fieldsOf({ options }, field.fields ?? [], `${at}.`, path)
    const { value, fallback, source, changed } = option
    return [{ field, path, value, fallback, source, isChanged: changed, inner }]
  })
}

function componentSection(kind: ComponentKind, given: Record<string, unknown>): Section {
  const choice = asObject(given[kind])
  const component = typeof choice['fn'] === 'string' ? (findComponent(kind, choice['fn']) ?? null) : null
  if (component === null) return { id: kind, title: PART_TITLES[kind], component, groups: [] }
  const states = statesOf(component, choice['config'], [kind, 'config'])
  const groups = new Map<string, FieldState[]>()
  for (const state of states) {
    const title = state.field.group ?? 'General'
    groups.set(title, [...(groups.get(title) ?? []), state])
  }
  return {
    id: kind,
    title: PART_TITLES[kind],
    component,
    groups: [...groups].map(([title, fields]) => ({ title, fields })),
  }
}

/** The whole form of a config, in reading order: what it is called, what is trained on what, and from where it starts. */
export function sectionsOf(given: unknown): readonly Section[] {
  const config = asObject(given)
  return [
    runSection({ id: 'name', title: 'Name' }, NAME_GROUPS, config),
    ...(['dataset', 'model', 'trainer'] as const).map((kind) => componentSection(kind, config)),
    runSection({ id: 'run', title: 'Run' }, RUN_GROUPS, config),
  ]
}

const ownText = (field: FormField): string =>
  [
    field.label,
    field.key,
    field.help,
    field.unit ?? '',
    ...(field.choices ?? field.entry?.choices ?? []).map(wordWithName),
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
