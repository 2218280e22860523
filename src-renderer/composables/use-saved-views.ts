import { computed } from 'vue'
import { boardsOf } from '../components/compare/boards.ts'
import type { SavedView } from '../components/compare/saved-view.ts'
import { readViews, renamedView, withView } from '../components/compare/saved-view.ts'
import { useMemory } from '../stores/memory.ts'
import { useRuns } from '../stores/runs.ts'
import { useToasts } from '../stores/toasts.ts'

const KEY = 'views'

/** Comparisons to come back to: those a person saved, and the boards that are always there. */
export function useSavedViews() {
  const memory = useMemory()
  const runs = useRuns()
  const toasts = useToasts()
  const views = computed(() => readViews(memory.values[KEY]))
  const boards = computed(() => boardsOf(runs.list))
  const write = (next: readonly SavedView[]): void => memory.write(KEY, next)

  function remove(name: string): void {
    const before = views.value
    write(before.filter((v) => v.name !== name))
    toasts.tell(`The view “${name}” was removed.`, { label: 'Undo', run: () => write(before) })
  }

  return {
    views,
    boards,
    save: (view: SavedView) => write(withView(views.value, view)),
    rename: (from: string, to: string) => write(renamedView(views.value, from, to)),
    remove,
  }
}
