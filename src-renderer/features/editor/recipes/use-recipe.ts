import { useTimeoutFn } from '@vueuse/core'
import { computed, ref, shallowRef, watch } from 'vue'
import type { Result } from '../../../../src-shared/contract/contract.ts'
import type { RecipeIn } from '../../../../src-shared/schema/recipe.ts'
import { call } from '../../../api/client.ts'
import { useAnnouncer } from '../../../stores/announcer.ts'
import { useToasts } from '../../../stores/toasts.ts'
import { useCall } from '../../../ui/use/use-call.ts'
import { planObstacle } from './recipe-rows.ts'

/** The plan follows the typing after a pause. */
const PAUSE_MS = 350

/** What a recipe would queue, kept up to date while it is written, and the act of queueing it. */
export function useRecipe(
  recipe: () => RecipeIn | string | null,
  inputs: () => Readonly<Record<string, string>> = () => ({}),
) {
  const toasts = useToasts()
  const announcer = useAnnouncer()
  const written = computed(() => {
    const now = recipe()
    return now === null ? null : { recipe: now, inputs: { ...inputs() } }
  })
  const asked = shallowRef<typeof written.value>(null)
  const isQueueing = ref(false)
  const ask = (): void => void (asked.value = written.value)
  const pause = useTimeoutFn(ask, PAUSE_MS, { immediate: false })
  watch(
    () => JSON.stringify(written.value),
    () => {
      pause.start()
      // What is no recipe has no plan, not even that of before.
      if (written.value === null) asked.value = null
    },
    { immediate: true },
  )
  const plan = useCall('recipes.plan', () => asked.value)
  /** The plan in sight may be one of before: what is written now is asked for after a pause, and may be refused. */
  const isOld = computed(
    () => plan.isLoading.value || JSON.stringify(asked.value) !== JSON.stringify(written.value),
  )
  /** The plan of what is written now. */
  const counted = computed(() => (isOld.value || plan.problems.value.length > 0 ? null : plan.data.value))
  /** Why the runs cannot be queued; empty when they can. */
  const blocked = computed(() => {
    if (!isOld.value && plan.problems.value.length > 0) return 'The runs could not be counted; see why above'
    return counted.value === null ? 'The runs have not been counted yet' : planObstacle(counted.value)
  })

  /** Queues what is missing of the plan in sight; null when the service refused, which it says. */
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

  return { plan, isOld, counted, blocked, isQueueing, queue }
}
