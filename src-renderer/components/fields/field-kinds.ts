import type { Component } from 'vue'
import type { FormField } from '../../../src-shared/schema/form.ts'
import BooleanField from './BooleanField.vue'
import ChoiceField from './ChoiceField.vue'
import ListField from './ListField.vue'
import NumberField from './NumberField.vue'
import RecordField from './RecordField.vue'
import TextField from './TextField.vue'
import ValueField from './ValueField.vue'

/** The control of each kind of field; groups are laid out by FieldRow itself. */
export const FIELD_KINDS: Readonly<Record<Exclude<FormField['kind'], 'group'>, Component>> = {
  int: NumberField,
  number: NumberField,
  boolean: BooleanField,
  choice: ChoiceField,
  text: TextField,
  list: ListField,
  record: RecordField,
  value: ValueField,
}
