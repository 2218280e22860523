import type { Command } from './command.ts'

/** Keys that a person has chosen, by command; an empty text takes the keys away. */
export type KeyChoices = Readonly<Record<string, string>>

/** A command that has keys, wherever it can be given. */
export interface Shortcut {
  readonly id: string
  readonly title: string
  readonly group: string
  readonly keys: string
}

/**
 * Shortcuts of single views, so that they can be listed and changed without opening the view. What the views themselves offer
 * decides when they are open; a test holds the two against each other.
 */
export const VIEW_SHORTCUTS: readonly Shortcut[] = [
  { id: 'add data', title: 'Add data', group: 'Data', keys: 'Mod+Alt+A' },
  { id: 'start family', title: 'Start the co-training', group: 'Co-training', keys: 'Mod+Enter' },
  { id: 'queue run', title: 'Check and queue', group: 'Experiment', keys: 'Mod+Enter' },
  { id: 'undo', title: 'Undo', group: 'Experiment', keys: 'Mod+Z' },
  { id: 'redo', title: 'Redo', group: 'Experiment', keys: 'Mod+Shift+Z Mod+Y' },
  { id: 'compare selected', title: 'Compare the selected runs', group: 'Runs', keys: 'Mod+Enter' },
  { id: 'run edit', title: 'Edit a copy of this run', group: 'Run', keys: 'Mod+E' },
  { id: 'run star', title: 'Star this run', group: 'Run', keys: 'S' },
  { id: 'choose runs', title: 'Choose runs', group: 'Compare', keys: 'Mod+Enter' },
  { id: 'group', title: 'Group seeds', group: 'Compare', keys: 'G' },
]

/** Groups whose commands are there in every view. */
const EVERYWHERE: ReadonlySet<string> = new Set(['Views', 'Everywhere', 'Queue', 'Appearance'])

/** The command with the keys that the person has chosen for it. */
export function withChosenKeys(command: Command, chosen: KeyChoices): Command {
  const keys = chosen[command.id]
  if (keys === undefined) return command
  const { keys: _own, ...rest } = command
  return keys === '' ? rest : { ...rest, keys }
}

/** All shortcuts, those of the open views first, each once. */
export function shortcutsOf(
  commands: readonly Command[],
  others: readonly Shortcut[] = VIEW_SHORTCUTS,
): Shortcut[] {
  const found = new Map<string, Shortcut>()
  for (const { id, title, group, keys } of [...commands, ...others])
    if (keys !== undefined && !found.has(id)) found.set(id, { id, title, group, keys })
  return [...found.values()]
}

/** The shortcut that has these keys already where this one is offered; two views may use the same. */
export function conflictOf(all: readonly Shortcut[], one: Shortcut, keys: string): Shortcut | null {
  const wanted = keys.split(' ')
  const meets = (other: Shortcut): boolean =>
    other.group === one.group || EVERYWHERE.has(other.group) || EVERYWHERE.has(one.group)
  return (
    all.find((o) => o.id !== one.id && meets(o) && o.keys.split(' ').some((k) => wanted.includes(k))) ?? null
  )
}
