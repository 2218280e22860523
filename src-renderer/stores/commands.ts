import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { Command } from '../commands/command.ts'
import { isPressed, isTyping } from '../commands/keys.ts'

export const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform)

/** Every command that can be given now: the global ones and those of the open view. */
export const useCommands = defineStore('commands', () => {
  const sources = shallowRef<readonly (() => readonly Command[])[]>([])
  // Later sources come first: the open view may take over a key.
  const all = computed(() => sources.value.toReversed().flatMap((source) => source()))

  function add(source: () => readonly Command[]): () => void {
    sources.value = [...sources.value, source]
    return () => (sources.value = sources.value.filter((s) => s !== source))
  }

  function onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented) return
    const bare = !event.ctrlKey && !event.metaKey && !event.altKey && !/^F\d+$/.test(event.key)
    if (bare && isTyping(event.target)) return
    const found = all.value.find((c) => c.keys?.split(' ').some((keys) => isPressed(event, keys, IS_MAC)))
    if (found === undefined) return
    event.preventDefault()
    if ((found.blocked ?? '') === '') found.run()
  }

  return { all, add, onKey }
})
