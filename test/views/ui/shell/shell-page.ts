import { useEventListener } from '@vueuse/core'
import type { Component } from 'vue'
import { h } from 'vue'
import CommandPalette from '../../../../src-renderer/ui/shell/CommandPalette.vue'
import LiveRegion from '../../../../src-renderer/ui/shell/LiveRegion.vue'
import QuickOpen from '../../../../src-renderer/ui/shell/QuickOpen.vue'
import ShortcutSheet from '../../../../src-renderer/ui/shell/ShortcutSheet.vue'
import StatusBar from '../../../../src-renderer/ui/shell/StatusBar.vue'
import ToastStack from '../../../../src-renderer/ui/shell/ToastStack.vue'
import { useCommands } from '../../../../src-renderer/stores/commands.ts'
import { startStores } from '../../../../src-renderer/stores/start-stores.ts'
import { useGlobalCommands } from '../../../../src-renderer/ui/shell/use-global-commands.ts'
import { useNotifications } from '../../../../src-renderer/ui/shell/use-notifications.ts'
import { usePageTitle } from '../../../../src-renderer/ui/shell/use-page-title.ts'

/** What main.ts and App.vue start; to be called in a set-up. */
export function setInMotion(): void {
  startStores()
  useGlobalCommands()
  usePageTitle()
  useNotifications()
  useEventListener('keydown', useCommands().onKey)
}

/** A view with a heading and a box to search in, amid what AppShell and App.vue put round it. */
export const ShellPage: Component = {
  setup: () => {
    setInMotion()
    return () => [
      h('nav', { 'data-region': '' }, h('a', { href: '#/data' }, 'Views')),
      h('main', { id: 'main', tabindex: -1, 'data-region': '' }, [
        h('h1', { tabindex: -1 }, 'A view'),
        h('input', { 'data-search': '', 'aria-label': 'Search here' }),
      ]),
      [StatusBar, CommandPalette, QuickOpen, ShortcutSheet, ToastStack, LiveRegion].map((part) => h(part)),
    ]
  },
}

/** A view over stores that are kept up to date, with the messages beside it. */
export const inMotion = (view: Component): Component => ({
  setup: () => {
    setInMotion()
    return () => [h('main', { id: 'main' }, [h(view)]), h(ToastStack)]
  },
})
