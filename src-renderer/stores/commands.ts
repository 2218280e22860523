import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Command } from '../commands/command.ts'
import { isPressed, isTyping } from '../commands/keys.ts'
import { withChosenKeys } from '../commands/shortcuts.ts'
import { useMemory } from './memory.ts'

const KEY = 'shortcuts'
export const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform)

/** Every command that can be given now: the global ones and those of the open view. */
export const useCommands = defineStore('commands', () => {
  const memory = useMemory()
  const sources = shallowRef<readonly (() => readonly Command[])[]>([])
  const chosen = computed(() => memory.read<Record<string, string>>(KEY, {}))
  // Later sources come first: the open view may take over a key.
  const own = computed(() => sources.value.toReversed().flatMap((source) => source()))
  const all = computed(() => own.value.map((command) => withChosenKeys(command, chosen.value)))
  /** While a person presses keys to choose them, they mean nothing else. */
  const isChoosing = ref(false)

  function add(source: () => readonly Command[]): () => void {
    sources.value = [...sources.value, source]
    return () => (sources.value = sources.value.filter((s) => s !== source))
  }

  function onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || isChoosing.value) return
    const bare = !event.ctrlKey && !event.metaKey && !event.altKey && !/^F\d+$/.test(event.key)
    if (bare && isTyping(event.target)) return
    const found = all.value.find((c) => c.keys?.split(' ').some((keys) => isPressed(event, keys, IS_MAC)))
    if (found === undefined) return
    event.preventDefault()
    if ((found.blocked ?? '') === '') found.run()
  }

  /** Null gives a command its own keys back, an empty text takes them away. */
  function choose(id: string, keys: string | null): void {
    const { [id]: _before, ...rest } = chosen.value
    memory.write(KEY, keys === null ? rest : { ...rest, [id]: keys })
  }
  const resetKeys = (): void => memory.write(KEY, {})

  return { all, own, chosen, isChoosing, add, choose, resetKeys, onKey }
})
