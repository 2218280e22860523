import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Result } from '../../src-shared/contract/contract.ts'
import type { Problem } from '../../src-shared/contract/errors.ts'
import { call, listen, onLink } from '../api/client.ts'
import { problemsIn } from '../api/transport.ts'
import { moveItem } from './move-item.ts'

type Queue = Result<'queue.get'>
const EMPTY: Queue = { paused: false, waiting: [], running: [], slots: 1 }

/** What runs, what waits and why. */
export const useQueue = defineStore('queue', () => {
  const queue = shallowRef<Queue>(EMPTY)
  const isLoaded = ref(false)
  /** Why nothing is known of the queue; empty once it was read. */
  const problems = shallowRef<readonly Problem[]>([])
  const waiting = computed(() => queue.value.waiting)
  const running = computed(() => queue.value.running)

  function take(next: Queue): void {
    queue.value = next
    isLoaded.value = true
    problems.value = []
  }

  async function load(): Promise<void> {
    try {
      take(await call('queue.get', {}))
    } catch (error) {
      if (!isLoaded.value) problems.value = problemsIn(error)
      throw error
    }
  }

  function start(): void {
    listen('queue.changed', take)
    onLink((link) => link === 'open' && void load().catch(() => undefined))
  }

  /** Shows the new order at once; the service's news confirms or corrects it, and a refusal puts the old one back. */
  async function move(id: string, to: number): Promise<void> {
    const before = queue.value
    const moved = { ...before, waiting: moveItem(before.waiting, (w) => w.id === id, to) }
    queue.value = moved
    try {
      await call('queue.move', { id, to })
    } catch (error) {
      // What came meanwhile may stand on the refused order: then only the service knows the right one.
      if (queue.value === moved) queue.value = before
      else void load().catch(() => undefined)
      throw error
    }
  }

  async function setPaused(paused: boolean): Promise<void> {
    await call(paused ? 'queue.pause' : 'queue.resume', {})
    queue.value = { ...queue.value, paused }
  }

  return { queue, isLoaded, problems, waiting, running, load, start, move, setPaused }
})
