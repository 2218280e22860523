import { useEventListener } from '@vueuse/core'
import type { Pinia } from 'pinia'
import { getActivePinia } from 'pinia'
import type { Component } from 'vue'
import { defineComponent, h } from 'vue'
import LiveRegion from '../../../src-renderer/ui/shell/LiveRegion.vue'
import ToastStack from '../../../src-renderer/ui/shell/ToastStack.vue'
import { useApp } from '../../../src-renderer/stores/app.ts'
import { useCommands } from '../../../src-renderer/stores/commands.ts'
import { useMemory } from '../../../src-renderer/stores/memory.ts'
import { useQueue } from '../../../src-renderer/stores/queue.ts'
import { useRuns } from '../../../src-renderer/stores/runs.ts'

let pinia: Pinia | undefined

/** The stores of the part that is shown: timers of an earlier one can make theirs the active ones. */
export const stores = (): Pinia | undefined => pinia

/** A part of the app over stores that are kept up to date, with messages and keys, as App.vue has them. */
export function inApp(component: Component): Component {
  const { props, emits } = component as { props?: Record<string, null>; emits?: string[] }
  const names = Array.isArray(emits) ? emits : Object.keys(emits ?? {})
  return defineComponent({
    ...(props === undefined ? {} : { props }),
    emits: names,
    setup: (given, { emit }) => {
      pinia = getActivePinia()
      useApp().start()
      useRuns().start()
      useQueue().start()
      void useMemory()
        .load()
        .catch(() => undefined)
      useEventListener('keydown', useCommands().onKey)
      const handlers = names.map((name) => [
        `on${name.charAt(0).toUpperCase()}${name.slice(1)}`,
        (...values: unknown[]) => emit(name, ...values),
      ])
      return () => [h(component, { ...given, ...Object.fromEntries(handlers) }), h(ToastStack), h(LiveRegion)]
    },
  })
}
