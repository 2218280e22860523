import { watch } from 'vue'
import { useRouter } from 'vue-router'
import type { RunStatus } from '../../../src-shared/contract/run.ts'
import { endText } from '../../format/run-end.ts'
import { useRuns } from '../../stores/runs.ts'
import { useSettings } from '../../stores/settings.ts'

/** Tells the desktop that a run ended, when nobody looks at the window and the settings allow it. */
export function useNotifications(): void {
  const runs = useRuns()
  const settings = useSettings()
  const router = useRouter()
  const seen = new Map<string, RunStatus>()
  watch(
    () => runs.list,
    (list) => {
      for (const run of list) {
        const before = seen.get(run.id)
        seen.set(run.id, run.status)
        const text = before === undefined || before === run.status ? null : endText(run)
        if (text === null || !settings.settings.notify || document.hasFocus() || !('Notification' in window))
          continue
        if (Notification.permission !== 'granted') continue
        const note = new Notification(text.title, { body: text.body, tag: run.id, icon: './favicon.svg' })
        note.onclick = () => {
          window.focus()
          void router.push(`/runs/${run.id}`)
        }
      }
    },
  )
}
