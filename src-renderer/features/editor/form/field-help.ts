import type { FormField } from '../../../../src-shared/schema/form.ts'
import type { FieldState, Section } from '../../../config/form-state.ts'

/** The field at a path anywhere in the form, inner fields included; null where there is none. */
export function findField(
  sections: readonly Section[],
  path: string,
): { section: Section; state: FieldState } | null {
  for (const section of sections) {
    for (const group of section.groups) {
      const state = within(group.fields, path)
      if (state !== null) return { section, state }
    }
  }
  return null
}

function within(states: readonly FieldState[], path: string): FieldState | null {
  for (const state of states) {
    const at = state.path.join('.')
    if (at === path) return state
    if (path.startsWith(`${at}.`)) return within(state.inner, path) ?? state
  }
  return null
}

const KINDS: Readonly<Record<FormField['kind'], string>> = {
  int: 'whole number',
  number: 'number',
  boolean: 'on or off',
  choice: 'one of a list',
  text: 'text',
  list: 'list',
  record: 'names with values',
  group: 'group of options',
  value: 'value in several forms',
}

/** The type of a field in words: "list of numbers", "whole number or not set". */
export function typeText(field: FormField): string {
  const own =
    field.entry === undefined ? KINDS[field.kind] : `${KINDS[field.kind]} (${KINDS[field.entry.kind]})`
  return field.nullable ? `${own}, or not set` : own
}
