import { ref } from 'vue'
import { useRouter } from 'vue-router'
import type { Result } from '../../../../src-shared/contract/contract.ts'
import { call } from '../../../api/client.ts'
import { useToasts } from '../../../stores/toasts.ts'
import type { Fix } from '../parts/finding-groups.ts'

/** Mends a set by one step that can be undone; `changed` hears of a set that was kept, a new one is opened in its place. */
export function useMending(changed: () => void) {
  const toasts = useToasts()
  const router = useRouter()
  /** Label of the step that is being taken; empty where none is. */
  const mending = ref('')

  async function undo(before: Result<'data.get'>, now: string, fix: Fix): Promise<void> {
    await toasts.guard(async () => {
      if (fix.kind === 'test-share') {
        await call('data.mend', { id: now, fix: { ...fix, share: 0 } })
        return changed()
      }
      await call('data.remove', { id: now })
      await call('data.restore', { id: before.id })
      await router.push(`/data/${before.id}`)
    })
  }

  async function mend(set: Result<'data.get'>, label: string, fix: Fix): Promise<void> {
    mending.value = label
    await toasts.guard(async () => {
      const { id } = await call('data.mend', { id: set.id, fix, checks: 'later' })
      toasts.tell(`${set.name}: ${label}. Done.`, { label: 'Undo', run: () => void undo(set, id, fix) })
      changed()
      if (id !== set.id) await router.push(`/data/${id}`)
    })
    mending.value = ''
  }

  return { mending, mend }
}
