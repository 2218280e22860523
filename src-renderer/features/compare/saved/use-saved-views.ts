import { computed, shallowRef } from 'vue'
import { boardsOf } from './boards.ts'
import type { SavedView } from './saved-view.ts'
import { readViews, renamedView, withView } from './saved-view.ts'
import { useMemory } from '../../../stores/memory.ts'
import { useRuns } from '../../../stores/runs.ts'

const KEY = 'views'

/** Comparisons to come back to: those a person saved, and the boards that are always there. */
export function useSavedViews() {
  const memory = useMemory()
  const runs = useRuns()
  const views = computed(() => readViews(memory.values[KEY]))
  const boards = computed(() => boardsOf(runs.list))
  const write = (next: readonly SavedView[]): void => memory.write(KEY, next)

  /** What was removed last, for as long as it can be brought back. */
  const removed = shallowRef<{ readonly name: string; readonly before: readonly SavedView[] } | null>(null)

  function remove(name: string): void {
    removed.value = { name, before: views.value }
    write(views.value.filter((v) => v.name !== name))
  }

  function restore(): void {
    if (removed.value !== null) write(removed.value.before)
    removed.value = null
  }

  return {
    views,
    boards,
    save: (view: SavedView) => write(withView(views.value, view)),
    rename: (from: string, to: string) => write(renamedView(views.value, from, to)),
    removed: computed(() => removed.value?.name ?? null),
    remove,
    restore,
  }
}
