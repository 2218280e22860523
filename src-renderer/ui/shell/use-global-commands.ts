import { useRouter } from 'vue-router'
import type { Command } from '../../commands/command.ts'
import { nextRegion } from '../../commands/regions.ts'
import { NAV } from './nav-items.ts'
import type { Overlay } from '../../stores/overlays.ts'
import { useOverlays } from '../../stores/overlays.ts'
import { useQueue } from '../../stores/queue.ts'
import type { Theme } from '../../stores/settings.ts'
import { useSettings } from '../../stores/settings.ts'
import { useToasts } from '../../stores/toasts.ts'
import { useViewCommands } from '../use/use-view-commands.ts'

type Go = (to: string) => () => void

/** Commands that work in every view. */
export function useGlobalCommands(): void {
  const router = useRouter()
  const overlays = useOverlays()
  const queue = useQueue()
  const settings = useSettings()
  const toasts = useToasts()
  const setTheme = (theme: Theme) => (): void => void toasts.guard(() => settings.save({ theme }))
  const go: Go = (to) => () => void router.push(to)
  const search = (): void => {
    const box = searchBox()
    if (box === null) toasts.tell('There is nothing to search in this view.')
    else box.focus()
  }

  useViewCommands((): Command[] => [
    ...viewCommands(go),
    ...everywhereCommands(go, (overlay) => (overlays.open = overlay), search),
    {
      id: 'pause',
      title: queue.queue.paused ? 'Continue the queue' : 'Pause the queue',
      group: 'Queue',
      keys: 'Mod+Alt+P',
      run: () => void toasts.guard(() => queue.setPaused(!queue.queue.paused)),
    },
    { id: 'theme light', title: 'Light theme', group: 'Appearance', run: setTheme('light') },
    { id: 'theme dark', title: 'Dark theme', group: 'Appearance', run: setTheme('dark') },
    { id: 'theme system', title: 'Theme of the system', group: 'Appearance', run: setTheme('system') },
  ])
}

const viewCommands = (go: Go): Command[] => [
  ...NAV.map((item) => ({
    id: `go ${item.to}`,
    title: `Go to ${item.label}`,
    group: 'Views',
    keys: item.keys,
    run: go(item.to),
  })),
  {
    id: 'go /new',
    title: 'New co-training',
    group: 'Views',
    also: 'guided start family responses pictures control',
    keys: 'Mod+Alt+G',
    run: go('/new'),
  },
  { id: 'go /settings', title: 'Settings', group: 'Views', keys: 'Mod+,', run: go('/settings') },
  {
    id: 'go /doctor',
    title: 'Engine and doctor',
    group: 'Views',
    also: 'gpu tensorflow backend',
    keys: 'Mod+7',
    run: go('/doctor'),
  },
]

const everywhereCommands = (go: Go, show: (overlay: Overlay) => void, search: () => void): Command[] => [
  {
    id: 'commands',
    title: 'All commands',
    group: 'Everywhere',
    keys: 'Mod+Shift+P',
    run: () => show('commands'),
  },
  {
    id: 'open run',
    title: 'Open a run',
    group: 'Everywhere',
    keys: 'Mod+P',
    run: () => show('runs'),
  },
  {
    id: 'shortcuts',
    title: 'Keyboard shortcuts',
    group: 'Everywhere',
    keys: 'F1 ?',
    run: () => show('shortcuts'),
  },
  {
    id: 'new',
    title: 'New experiment',
    group: 'Everywhere',
    keys: 'Mod+Alt+N Mod+N',
    run: go('/edit?new=1'),
  },
  { id: 'find', title: 'Search in this view', group: 'Everywhere', keys: 'Mod+F', run: search },
  {
    id: 'next region',
    title: 'Next region of the window',
    group: 'Everywhere',
    keys: 'F6',
    run: () => nextRegion(1),
  },
  {
    id: 'last region',
    title: 'Previous region of the window',
    group: 'Everywhere',
    keys: 'Shift+F6',
    run: () => nextRegion(-1),
  },
]

const searchBox = (): HTMLInputElement | null => document.querySelector('#main [data-search]')
