import type { FormField } from '../../../src-shared/schema/form.ts'

/** What every control of a field is given. */
export interface FieldProps {
  readonly field: FormField
  readonly value: unknown
  readonly id: string
  readonly invalid: boolean
  /** Id of the element with the help. */
  readonly describedBy: string
}

/** What every control of a field says. */
export interface FieldEvents {
  change: [value: unknown]
  /** What was typed cannot be read, and why. */
  refuse: [message: string]
}
