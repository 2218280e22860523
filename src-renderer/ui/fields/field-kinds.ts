import type { Component } from 'vue'
import type { FormField } from '../../../src-shared/schema/form.ts'
import { ENTRY_KINDS } from './entry-kinds.ts'
import RecordField from './RecordField.vue'
import RunField from './RunField.vue'

/** The control of a field by its kind; null for groups, which FieldRow lays out itself. */
export function controlOf({ kind, refersTo }: FormField): Component | null {
  if (kind === 'group') return null
  if (refersTo === 'run') return RunField
  return kind === 'record' ? RecordField : ENTRY_KINDS[kind]
}
