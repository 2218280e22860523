import { computed } from 'vue'
import { useMemory } from '../../stores/memory.ts'

const KEY = 'demo'

interface StartedDemo {
  readonly ids: readonly string[]
  readonly note: string
}

/** The runs of the demo that was started last; none before the first start. */
export function useStartedDemo() {
  const memory = useMemory()
  return {
    started: computed(() => memory.read<StartedDemo>(KEY, { ids: [], note: '' })),
    remember: (demo: StartedDemo): void => memory.write(KEY, demo),
  }
}
