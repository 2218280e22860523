import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { Problem } from '../../src-shared/contract/errors.ts'
import { problemsIn } from '../api/transport.ts'

export interface Toast {
  readonly id: number
  readonly tone: 'info' | 'bad'
  readonly text: string
  readonly hint: string
  /** What can be done about it; every error has one. */
  readonly action: { readonly label: string; readonly run: () => void } | null
}

/** Messages that cannot be shown where they arose: undo of a removal, and failed calls. Progress never comes here. */
export const useToasts = defineStore('toasts', () => {
  const toasts = shallowRef<readonly Toast[]>([])
  const counter = ref(0)

  function show(toast: Omit<Toast, 'id'>): void {
    toasts.value = [...toasts.value.slice(-2), { ...toast, id: ++counter.value }]
  }

  function dismiss(id: number): void {
    toasts.value = toasts.value.filter((t) => t.id !== id)
  }

  const tell = (text: string, action: Toast['action'] = null): void =>
    show({ tone: 'info', text, hint: '', action })

  function fail(error: unknown, action: Toast['action'] = null): void {
    const first: Problem | undefined = problemsIn(error)[0]
    show({ tone: 'bad', text: first?.message ?? 'Something went wrong.', hint: first?.hint ?? '', action })
  }

  /** Runs an action of a button; a failure is shown, never thrown. */
  async function guard(action: () => Promise<unknown>): Promise<boolean> {
    try {
      await action()
      return true
    } catch (error) {
      fail(error)
      return false
    }
  }

  return { toasts, show, dismiss, tell, fail, guard }
})
