import { defineStore } from 'pinia'
import { ref } from 'vue'

export type Overlay = 'none' | 'commands' | 'runs' | 'shortcuts'

/** Which of the dialogs that belong to no view is open; at most one. */
export const useOverlays = defineStore('overlays', () => {
  const open = ref<Overlay>('none')
  return { open }
})
