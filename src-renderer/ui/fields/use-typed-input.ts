import { ref, watch } from 'vue'
import type { Input } from './parse-input.ts'

interface TypedInput {
  readonly value: () => unknown
  readonly toText: (value: unknown) => string
  readonly parse: (text: string) => Input
  readonly change: (value: unknown) => void
  readonly refuse: (message: string) => void
  /** Whether the text says this value already, so that it is not rewritten under the cursor. */
  readonly isSame?: (text: string, value: unknown) => boolean
}

/**
 * The text of a control while it is typed: it follows the value, and becomes one when it can be read. A list or map is a new
 * object after each edit of the config; only another text is another value, so that what is typed here outlives edits elsewhere.
 */
export function useTypedInput({ value, toText, parse, change, refuse, isSame = () => false }: TypedInput) {
  const typed = ref(toText(value()))
  watch(
    () => toText(value()),
    (next) => {
      if (!isSame(typed.value, value())) typed.value = next
    },
  )
  const commit = (): void => {
    const input = parse(typed.value)
    if (input.ok) change(input.value)
    else refuse(input.message)
  }
  return { typed, commit }
}
