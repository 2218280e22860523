import { computed, nextTick, onScopeDispose, watchEffect } from 'vue'
import { START_LOCATION, useRoute, useRouter } from 'vue-router'
import { runFraction } from '../../format/progress.ts'
import { useQueue } from '../../stores/queue.ts'
import { useRuns } from '../../stores/runs.ts'

/**
 * Title of window and tab: progress first, so that it is read in a narrow tab; and the focus on the heading of a new view, or on
 * the one that it marks with `data-start` because its work begins there.
 */
export function usePageTitle(): void {
  const route = useRoute()
  const router = useRouter()
  const queue = useQueue()
  const runs = useRuns()
  const percent = computed(() => {
    const first = queue.running[0]
    const progress = first === undefined ? null : (runs.progress.get(first.id) ?? first.progress)
    return progress === null ? '' : `${Math.floor(runFraction(progress) * 100)} % `
  })
  const name = computed(() => {
    const id = route.params['id']
    const run = typeof id === 'string' ? runs.byId.get(id) : undefined
    return run?.name ?? (route.meta['title'] as string | undefined) ?? ''
  })
  watchEffect(
    () => (document.title = `${percent.value}${name.value === '' ? '' : `${name.value} - `}CoTrain`),
  )

  // Screen readers start reading a new view at its heading. The first view keeps the page's own focus.
  const stop = router.afterEach((to, from, failure) => {
    if (failure !== undefined || from === START_LOCATION || to.path === from.path) return
    void focusHeading()
  })
  onScopeDispose(stop)
}

/** Not away from a dialog that is open over the view. */
async function focusHeading(): Promise<void> {
  await nextTick()
  // A view is read from its top, however far the one before was scrolled.
  const main = document.getElementById('main')
  if (main !== null) main.scrollTop = 0
  setTimeout(() => {
    const heading =
      document.querySelector<HTMLElement>('#main [data-start]') ??
      document.querySelector<HTMLElement>('#main h1')
    if (
      document.activeElement === document.body ||
      document.activeElement?.closest('nav, footer, main') != null
    )
      heading?.focus({ preventScroll: true })
  }, 30)
}
