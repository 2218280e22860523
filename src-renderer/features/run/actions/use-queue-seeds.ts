import { ref } from 'vue'
import { call } from '../../../api/client.ts'
import { useAnnouncer } from '../../../stores/announcer.ts'
import { useToasts } from '../../../stores/toasts.ts'

/** Queues one run of a config per seed (`from`: the run that it was edited from) and says how many were new; false when the service refused. */
export function useQueueSeeds() {
  const toasts = useToasts()
  const announcer = useAnnouncer()
  const isQueueing = ref(false)

  async function queueSeeds(
    config: unknown,
    seeds: readonly number[],
    force: boolean,
    from: string | null = null,
  ): Promise<boolean> {
    isQueueing.value = true
    let known = 0
    const isDone = await toasts.guard(async () => {
      for (const seed of seeds) {
        const answer = await call('runs.create', { config: { ...(config as object), seed }, force, from })
        if (!answer.created) known++
      }
    })
    isQueueing.value = false
    if (!isDone) return false
    const queued = seeds.length - known
    announcer.say(`${queued} ${queued === 1 ? 'run' : 'runs'} queued`)
    if (known > 0) toasts.tell(`${known} of ${seeds.length} runs exist already and were not repeated.`)
    return true
  }

  return { isQueueing, queueSeeds }
}
