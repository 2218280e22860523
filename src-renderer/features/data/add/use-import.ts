import { onBeforeUnmount, ref, shallowRef } from 'vue'
import type { ParamsIn, Result } from '../../../../src-shared/contract/contract.ts'
import { call, listen } from '../../../api/client.ts'
import { problemsIn } from '../../../api/transport.ts'

type Work = 'inspect' | 'look' | 'add'
type Request = Omit<ParamsIn<'data.add'>, 'job'>

/** One piece of work at a time, with progress, and to be called off. */
function useWork() {
  const problems = shallowRef<ReturnType<typeof problemsIn>>([])
  const busy = ref<Work | ''>('')
  /** What was called off, in a sentence; empty after the next step. */
  const stopped = ref('')
  const progress = shallowRef<{ text: string; fraction: number | null }>({ text: '', fraction: null })
  let job = ''
  let turn = 0
  onBeforeUnmount(
    listen('data.progress', (news) => {
      if (news.job === job) progress.value = news
    }),
  )

  /** The answer, or null where it failed, was called off or is waited for no more; what failed is kept in `problems`. */
  async function doing<T>(work: Work, ask: (job: string) => Promise<T>): Promise<T | null> {
    const own = ++turn
    busy.value = work
    problems.value = []
    stopped.value = ''
    progress.value = { text: '', fraction: null }
    job = `${work} ${Date.now()} ${own}`
    try {
      const answer = await ask(job)
      return own === turn ? answer : null
    } catch (error) {
      const list = problemsIn(error)
      if (own !== turn) return null
      problems.value = list.filter((p) => p.code !== 'cancelled')
      if (problems.value.length === 0) stopped.value = 'Stopped; nothing was added.'
      return null
    } finally {
      if (own === turn) busy.value = ''
    }
  }

  const cancel = (): void => {
    if (busy.value !== '') call('data.cancel', { job }).catch(() => undefined)
  }

  /** Its answer is waited for no more. */
  function drop(): void {
    cancel()
    turn++
    busy.value = ''
  }

  return { problems, busy, stopped, progress, doing, cancel, drop }
}

/** The calls behind the import. */
export function useImport() {
  const found = shallowRef<Result<'data.inspect'> | null>(null)
  const look = shallowRef<Result<'data.look'> | null>(null)
  const { problems, busy, stopped, progress, doing, cancel, drop } = useWork()

  /** Says that what was found or is looked for belongs to another path or mapping now. What is being added stays. */
  function forget(what: 'all' | 'look'): void {
    if (busy.value === 'look' || (what === 'all' && busy.value === 'inspect')) drop()
    look.value = null
    if (what === 'all') found.value = null
    problems.value = []
    stopped.value = ''
  }

  return {
    ...{ found, look, problems, busy, stopped, progress, forget, cancel },
    /** Whether there is an answer. `ready` is told before it is shown: the form must not be drawn with the choices of another file. */
    inspect: async (path: string, ready: (found: Result<'data.inspect'>) => void) => {
      forget('all')
      const answer = await doing('inspect', () => call('data.inspect', { path }))
      if (answer === null) return false
      ready(answer)
      found.value = answer
      return true
    },
    preview: async (request: Request) => {
      look.value = null
      const answer = await doing('look', (name) => call('data.look', { ...request, job: name }))
      if (answer !== null) look.value = answer
    },
    add: (request: Request) =>
      doing('add', (name) => call('data.add', { ...request, checks: 'later', job: name })),
  }
}
