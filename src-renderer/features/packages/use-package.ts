import { computed, ref, shallowRef } from 'vue'
import type { OpenedPackage, PackageCard } from '../../../src-shared/contract/package.ts'
import { call, listen } from '../../api/client.ts'
import { useRuns } from '../../stores/runs.ts'
import { useAttempt } from '../../ui/use/use-attempt.ts'

const JOB = 'open a package'

/** Where a package lies: in a file of this machine, or on a shelf of the web. */
export type PackagePlace = { readonly path: string } | { readonly address: string; readonly file: string }

interface Seen {
  readonly card: PackageCard
  readonly bytes: number
  readonly known: readonly string[]
  readonly place: PackagePlace
}

/** One package that is looked at, and then opened. */
export function usePackage() {
  const runs = useRuns()
  const seen = shallowRef<Seen | null>(null)
  const opened = shallowRef<OpenedPackage | null>(null)
  const progress = ref('')
  const { isBusy, problems, attempt, forget } = useAttempt()
  const isKnown = computed(
    () => seen.value !== null && seen.value.known.length === seen.value.card.runs.length,
  )

  const show = (found: Seen): void => {
    forget()
    opened.value = null
    seen.value = found
  }

  const look = (path: string): Promise<void> =>
    attempt(async () => {
      seen.value = null
      opened.value = null
      const { card, bytes, known } = await call('packages.look', { path })
      show({ card, bytes, known, place: { path } })
    })

  const open = (): Promise<void> =>
    attempt(async () => {
      const place = seen.value?.place
      if (place === undefined) return
      const end = listen('data.progress', ({ job, text, fraction }) => {
        if (job === JOB)
          progress.value = fraction === null ? text : `${text}, ${Math.round(100 * fraction)} %`
      })
      try {
        opened.value =
          'path' in place
            ? await call('packages.open', { ...place, job: JOB })
            : await call('packages.fetch', { ...place, job: JOB })
        await runs.load()
      } finally {
        end()
        progress.value = ''
      }
    })

  return { seen, opened, progress, isBusy, problems, isKnown, show, look, open }
}
