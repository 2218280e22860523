import { onBeforeUnmount, ref, shallowRef } from 'vue'
import type { ParamsIn, Result } from '../../../../src-shared/contract/contract.ts'
import { call, listen } from '../../../api/client.ts'
import { problemsIn } from '../../../api/transport.ts'

type Work = 'inspect' | 'look' | 'add'
type Request = Omit<ParamsIn<'data.add'>, 'job'>

/** The calls behind the import: one at a time, with progress, and to be called off. */
export function useImport() {
  const found = shallowRef<Result<'data.inspect'> | null>(null)
  const look = shallowRef<Result<'data.look'> | null>(null)
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

  /** The answer, or null where it failed or was called off; what failed is kept in `problems`. */
  async function doing<T>(work: Work, ask: (job: string) => Promise<T>): Promise<T | null> {
    const own = ++turn
    busy.value = work
    problems.value = []
    stopped.value = ''
    progress.value = { text: '', fraction: null }
    job = `${work} ${Date.now()} ${own}`
    try {
      return await ask(job)
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

  /** Says that what was found belongs to another path or mapping now. */
  function forget(what: 'all' | 'look'): void {
    look.value = null
    if (what === 'all') found.value = null
    problems.value = []
    stopped.value = ''
  }

  const cancel = (): void => {
    if (busy.value !== '') call('data.cancel', { job }).catch(() => undefined)
  }

  return {
    ...{ found, look, problems, busy, stopped, progress, forget, cancel },
    /** `ready` is told before anything of the answer is shown: the form must not be drawn with the choices of another file. */
    inspect: async (path: string, ready: (found: Result<'data.inspect'>) => void) => {
      forget('all')
      const answer = await doing('inspect', () => call('data.inspect', { path }))
      if (answer !== null) ready(answer)
      found.value = answer
    },
    preview: async (request: Request) => {
      look.value = null
      look.value = await doing('look', (name) => call('data.look', { ...request, job: name }))
    },
    add: (request: Request) => doing('add', (name) => call('data.add', { ...request, job: name })),
  }
}
