import { defineStore } from 'pinia'
import { ref } from 'vue'

/** Screen readers need time to finish a sentence before the next one replaces it. */
const PAUSE_MS = 1500

/** What the live region says: changes of run state and answers to actions, one after the other. */
export const useAnnouncer = defineStore('announcer', () => {
  const text = ref('')
  const waiting: string[] = []
  let busy = false

  function next(): void {
    const message = waiting.shift()
    if (message === undefined) {
      busy = false
      return
    }
    busy = true
    text.value = message
    setTimeout(next, PAUSE_MS)
  }

  function say(message: string): void {
    waiting.push(message)
    if (!busy) next()
  }

  return { text, say }
})
