import { usePreferredDark } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, shallowRef, watchEffect } from 'vue'
import type { ParamsIn, Result } from '../../src-shared/contract/contract.ts'
import { call } from '../api/client.ts'

type Settings = Result<'settings.get'>
export type Theme = Settings['theme']

const THEME_KEY = 'cotrain.theme'
const DEFAULTS: Settings = {
  home: '',
  theme: 'system',
  engine: 'auto',
  tensorflowFolder: '',
  tensorboardFolder: '',
  threads: 0,
  slotsPerGpu: 1,
  author: '',
  notify: true,
  blockSleep: true,
  lookForUpdates: false,
}

/** Settings of the service, and the theme that follows from them. */
export const useSettings = defineStore('settings', () => {
  const settings = shallowRef<Settings>({ ...DEFAULTS, theme: rememberedTheme() })
  const systemIsDark = usePreferredDark()

  const theme = computed<'light' | 'dark'>(() =>
    settings.value.theme === 'system' ? (systemIsDark.value ? 'dark' : 'light') : settings.value.theme,
  )
  watchEffect(() => (document.documentElement.dataset['theme'] = theme.value))

  async function load(): Promise<void> {
    keep(await call('settings.get', {}))
  }

  async function save(change: ParamsIn<'settings.set'>): Promise<void> {
    keep(await call('settings.set', change))
  }

  function keep(next: Settings): void {
    settings.value = next
    localStorage.setItem(THEME_KEY, next.theme)
  }

  return { settings, theme, load, save }
})

/** The theme is known before the service answers, so that the window does not flash. */
function rememberedTheme(): Theme {
  const stored = localStorage.getItem(THEME_KEY)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}
