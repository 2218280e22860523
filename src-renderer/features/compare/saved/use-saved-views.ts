import { computed, shallowRef } from 'vue'
import { boardsOf } from './boards.ts'
import type { SavedView } from './saved-view.ts'
import { readViews, renamedView, restoredView, withView } from './saved-view.ts'
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

  /** What was removed last and where it stood, for as long as it can be brought back. */
  const removed = shallowRef<{ readonly view: SavedView; readonly at: number } | null>(null)

  function remove(name: string): void {
    const at = views.value.findIndex((v) => v.name === name)
    const view = views.value[at]
    if (view === undefined) return
    removed.value = { view, at }
    write(views.value.toSpliced(at, 1))
  }

  function restore(): void {
    if (removed.value !== null) write(restoredView(views.value, removed.value.view, removed.value.at))
    removed.value = null
  }

  return {
    views,
    boards,
    save: (view: SavedView) => write(withView(views.value, view)),
    rename: (from: string, to: string) => write(renamedView(views.value, from, to)),
    removed: computed(() => removed.value?.view.name ?? null),
    remove,
    restore,
  }
}
