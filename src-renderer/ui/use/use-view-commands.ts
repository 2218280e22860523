import { onBeforeUnmount } from 'vue'
import type { Command } from '../../commands/command.ts'
import { useCommands } from '../../stores/commands.ts'

/** Commands that exist while the component does. */
export function useViewCommands(commands: () => readonly Command[]): void {
  onBeforeUnmount(useCommands().add(commands))
}
