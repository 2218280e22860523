import type { Component } from 'vue'
import type { FormField } from '../../../src-shared/schema/form.ts'
import { ENTRY_KINDS } from './entry-kinds.ts'
import RecordField from './RecordField.vue'

/** The control of each kind of field; groups are laid out by FieldRow itself. */
export const FIELD_KINDS: Readonly<Record<Exclude<FormField['kind'], 'group'>, Component>> = {
  ...ENTRY_KINDS,
  record: RecordField,
}
