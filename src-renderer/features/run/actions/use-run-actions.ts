import { useRouter } from 'vue-router'
import type { Params } from '../../../../src-shared/contract/contract.ts'
import { call } from '../../../api/client.ts'
import { saveGiven } from '../../../ui/use/save-file.ts'
import { useAnnouncer } from '../../../stores/announcer.ts'
import { useEditor } from '../../../stores/editor.ts'
import { useRuns } from '../../../stores/runs.ts'
import { useToasts } from '../../../stores/toasts.ts'

/** What can be done with runs from any view; failures are shown, removal can be undone. */
export function useRunActions() {
  const runs = useRuns()
  const toasts = useToasts()
  const announcer = useAnnouncer()
  const router = useRouter()
  const editor = useEditor()
  const removeAll = useRemoval()

  async function stop(id: string, when: 'now' | 'epoch'): Promise<void> {
    if (await toasts.guard(() => call('runs.stop', { id, when }))) {
      announcer.say(when === 'now' ? 'Stopping at the next step' : 'Stopping when the epoch is done')
    }
  }

  /** A run that would be tried again by itself is left as it is. */
  async function callOff(id: string): Promise<void> {
    if (await toasts.guard(() => call('runs.stop', { id, when: 'now' }))) announcer.say('Not tried again')
  }

  const resume = (id: string): Promise<boolean> => toasts.guard(() => call('runs.resume', { id }))
  const retry = (id: string): Promise<boolean> => toasts.guard(() => call('queue.retry', { id }))

  /** Queues the same config with the first seed beyond those of its setting. */
  async function duplicate(id: string): Promise<void> {
    await toasts.guard(async () => {
      const { config, summary } = await call('runs.get', { id })
      const used = runs.list.filter((r) => r.groupId === summary.groupId).map((r) => r.seed)
      const seed = Math.max(summary.seed, ...used) + 1
      await call('runs.create', { config: { ...config, seed } })
      announcer.say(`Queued with seed ${seed}`)
    })
  }

  /** Puts runs back into the queue; one message counts those that could not be. */
  async function retryAll(ids: readonly string[]): Promise<void> {
    let refused = 0
    for (const id of ids) await call('queue.retry', { id }).catch(() => refused++)
    announcer.say(`${ids.length - refused} runs queued again`)
    if (refused > 0) toasts.fail(new Error(`${refused} of ${ids.length} runs could not be queued again.`))
  }

  const annotate = (
    id: string,
    change: { note?: string; tags?: string[]; star?: boolean; name?: string },
  ): Promise<boolean> => toasts.guard(async () => runs.put(await call('runs.annotate', { id, ...change })))

  async function save(id: string, what: Params<'runs.export'>['what']): Promise<void> {
    await toasts.guard(async () => {
      saveGiven(await call('runs.export', { id, what }))
    })
  }

  /** Opens the config in the editor; `changes` are made there at once and can be undone. */
  async function edit(id: string, changes: readonly { path: string; value: unknown }[] = []): Promise<void> {
    const isOpen = await toasts.guard(() => editor.openRun(id, runs.byId.get(id)?.name ?? id))
    if (!isOpen) return
    if (changes.length > 0) editor.setAll(changes)
    await router.push('/edit')
  }

  return { removeAll, stop, callOff, resume, retry, retryAll, duplicate, annotate, save, edit }
}

/** Moves runs to the trash, from where one click brings them back. */
function useRemoval(): (ids: readonly string[]) => Promise<void> {
  const runs = useRuns()
  const toasts = useToasts()

  async function restore(ids: readonly string[]): Promise<void> {
    for (const id of ids) await toasts.guard(() => call('runs.restore', { id }))
    await runs.load()
  }

  return async (ids) => {
    const gone: string[] = []
    for (const id of ids) {
      if (!(await toasts.guard(() => call('runs.remove', { id })))) continue
      gone.push(id)
      runs.drop(id)
    }
    if (gone.length === 0) return
    const what = gone.length === 1 ? 'The run was' : `${gone.length} runs were`
    toasts.tell(`${what} moved to the trash.`, { label: 'Undo', run: () => void restore(gone) })
  }
}
