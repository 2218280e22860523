import { refDebounced } from '@vueuse/core'
import type { Ref } from 'vue'
import { computed } from 'vue'

const REST_MS = 150

/** A value that follows another once it has stood still: a slider asks the service when it rests, not at every pixel. */
export const useSettled = <T>(value: () => T): Readonly<Ref<T>> => refDebounced(computed(value), REST_MS)
