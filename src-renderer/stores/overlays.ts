import { defineStore } from 'pinia'
import { ref } from 'vue'

/** Which of the dialogs that belong to no view is open; at most one. */
export const useOverlays = defineStore('overlays', () => {
  const open = ref<'none' | 'commands' | 'runs' | 'shortcuts'>('none')
  return { open }
})
