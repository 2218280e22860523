/** Edits of the same field within this time are one step of undo. */
const MERGE_MS = 1200
/** Older steps are forgotten. */
const DEPTH = 200

export interface TextHistory {
  readonly past: readonly string[]
  readonly present: string
  readonly future: readonly string[]
  /** What was edited last, and when; null when the next edit starts a new step. */
  readonly last: { readonly key: string; readonly at: number } | null
}

export const startHistory = (text: string): TextHistory => ({
  past: [],
  present: text,
  future: [],
  last: null,
})

/** Adds an edit; edits of one field in quick succession become one step. */
export function edit(history: TextHistory, text: string, key: string, at: number): TextHistory {
  if (text === history.present) return history
  const isSame = history.last !== null && history.last.key === key && at - history.last.at < MERGE_MS
  const past = isSame ? history.past : [...history.past, history.present].slice(-DEPTH)
  return { past, present: text, future: [], last: { key, at } }
}

export function undo(history: TextHistory): TextHistory {
  const before = history.past.at(-1)
  if (before === undefined) return history
  return {
    past: history.past.slice(0, -1),
    present: before,
    future: [history.present, ...history.future],
    last: null,
  }
}

export function redo(history: TextHistory): TextHistory {
  const [next, ...future] = history.future
  return next === undefined
    ? history
    : { past: [...history.past, history.present], present: next, future, last: null }
}
