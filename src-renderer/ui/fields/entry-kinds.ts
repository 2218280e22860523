import type { Component } from 'vue'
import type { FormField } from '../../../src-shared/schema/form.ts'
import BooleanField from './BooleanField.vue'
import ChoiceField from './ChoiceField.vue'
import ListField from './ListField.vue'
import NumberField from './NumberField.vue'
import TextField from './TextField.vue'
import ValueField from './ValueField.vue'

/** The control of one entry of a record; what has parts of its own is written as YAML. */
export const ENTRY_KINDS: Readonly<Record<FormField['kind'], Component>> = {
  int: NumberField,
  number: NumberField,
  boolean: BooleanField,
  choice: ChoiceField,
  text: TextField,
  list: ListField,
  record: ValueField,
  group: ValueField,
  value: ValueField,
}
