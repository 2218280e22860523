import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { call } from '../api/client.ts'

/** What the interface remembers between starts: colours, saved views, first steps, recent commands. Kept by the service. */
export const useMemory = defineStore('memory', () => {
  const values = shallowRef<Readonly<Record<string, unknown>>>({})
  const isLoaded = ref(false)

  async function load(): Promise<void> {
    try {
      values.value = { ...(await call('ui.get', {})), ...values.value }
    } finally {
      isLoaded.value = true
    }
  }

  /** `fallback` also states the expected shape; a stored value of another type is ignored. */
  function read<T>(key: string, fallback: T): T {
    const stored = values.value[key]
    return typeof stored === typeof fallback &&
      (stored === null) === (fallback === null) &&
      Array.isArray(stored) === Array.isArray(fallback)
      ? (stored as T)
      : fallback
  }

  function write(key: string, value: unknown): void {
    values.value = { ...values.value, [key]: value }
    // A view that is not remembered is no reason to interrupt anyone.
    call('ui.set', { key, value }).catch(() => undefined)
  }

  return { values, isLoaded, load, read, write }
})
