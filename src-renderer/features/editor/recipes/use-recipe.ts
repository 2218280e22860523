import { useTimeoutFn } from '@vueuse/core'
import { ref, shallowRef, watch } from 'vue'
import type { Result } from '../../../../src-shared/contract/contract.ts'
import type { RecipeIn } from '../../../../src-shared/schema/recipe.ts'
import { call } from '../../../api/client.ts'
import { useAnnouncer } from '../../../stores/announcer.ts'
import { useToasts } from '../../../stores/toasts.ts'
import { useCall } from '../../../ui/use/use-call.ts'

/** The plan follows the typing after a pause. */
const PAUSE_MS = 350

/** What a recipe would queue, kept up to date while it is written, and the act of queueing it. */
export function useRecipe(
  recipe: () => RecipeIn | string | null,
  inputs: () => Readonly<Record<string, string>> = () => ({}),
) {
  const toasts = useToasts()
  const announcer = useAnnouncer()
  const asked = shallowRef<{ recipe: RecipeIn | string; inputs: Record<string, string> } | null>(null)
  const isQueueing = ref(false)
  const ask = (): void => {
    const next = recipe()
    asked.value = next === null ? null : { recipe: next, inputs: { ...inputs() } }
  }
  const pause = useTimeoutFn(ask, PAUSE_MS, { immediate: false })
  watch(
    () => JSON.stringify([recipe(), inputs()]),
    () => {
      pause.start()
      // What is no recipe has no plan, not even that of before.
      if (recipe() === null) asked.value = null
    },
    { immediate: true },
  )
  const plan = useCall('recipes.plan', () => asked.value)

  /** Queues what is missing; null when the service refused, which it says. */
  async function queue(): Promise<Result<'recipes.queue'> | null> {
    const request = asked.value
    if (request === null) return null
    isQueueing.value = true
    let answer: Result<'recipes.queue'> | null = null
    await toasts.guard(async () => (answer = await call('recipes.queue', request)))
    isQueueing.value = false
    const done = answer as Result<'recipes.queue'> | null // assigned in the callback above
    if (done !== null) announcer.say(`${done.queued} ${done.queued === 1 ? 'run' : 'runs'} queued`)
    return done
  }

  return { plan, isQueueing, queue }
}
