import { computed, ref, watch } from 'vue'
import type { FamilySummary } from '../../../src-shared/contract/calls/family.ts'
import { call } from '../../api/client.ts'
import { useAnnouncer } from '../../stores/announcer.ts'
import { useRuns } from '../../stores/runs.ts'
import { useToasts } from '../../stores/toasts.ts'

/** Stop and go on of a family whose runs come by themselves. `onChanged`: it has to be read again, also because runs of it changed. */
export function useFamilyActs(family: () => Pick<FamilySummary, 'name' | 'tag'>, onChanged: () => void) {
  const runs = useRuns()
  const toasts = useToasts()
  const announcer = useAnnouncer()
  const isBusy = ref(false)
  const known = computed(() =>
    runs.list
      .filter(({ tags }) => tags.includes(family().tag))
      .map(({ id, status }) => `${id} ${status}`)
      .join(),
  )
  watch(known, onChanged)

  const act = async (work: () => Promise<string>): Promise<void> => {
    isBusy.value = true
    await toasts.guard(async () => {
      announcer.say(await work())
      await runs.load()
      onChanged()
    })
    isBusy.value = false
  }
  const stop = (): Promise<void> =>
    act(async () => {
      await call('family.stop', { name: family().name })
      return 'Stopped: nothing more is queued'
    })
  const goOn = (): Promise<void> =>
    act(async () => {
      const { queued } = await call('family.continue', { name: family().name })
      return `${queued} ${queued === 1 ? 'run' : 'runs'} queued`
    })
  const retry = (id: string): Promise<void> =>
    act(async () => {
      await call('queue.retry', { id })
      return 'Queued again'
    })
  return { isBusy, stop, goOn, retry }
}
