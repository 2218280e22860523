import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Result } from '../../src-shared/contract/contract.ts'
import { call, listen, onLink } from '../api/client.ts'
import { moveItem } from './move-item.ts'

type Queue = Result<'queue.get'>
const EMPTY: Queue = { paused: false, waiting: [], running: [], slots: 1 }

/** What runs, what waits and why. */
export const useQueue = defineStore('queue', () => {
  const queue = shallowRef<Queue>(EMPTY)
  const isLoaded = ref(false)
  const waiting = computed(() => queue.value.waiting)
  const running = computed(() => queue.value.running)

  async function load(): Promise<void> {
    queue.value = await call('queue.get', {})
    isLoaded.value = true
  }

  function start(): void {
    listen('queue.changed', (next) => {
      queue.value = next
      isLoaded.value = true
    })
    onLink((link) => link === 'open' && void load().catch(() => undefined))
  }

  /** Shows the new order at once; the service's news confirms or corrects it. */
  async function move(id: string, to: number): Promise<void> {
    queue.value = { ...queue.value, waiting: moveItem(queue.value.waiting, (w) => w.id === id, to) }
    await call('queue.move', { id, to })
  }

  async function setPaused(paused: boolean): Promise<void> {
    await call(paused ? 'queue.pause' : 'queue.resume', {})
    queue.value = { ...queue.value, paused }
  }

  return { queue, isLoaded, waiting, running, load, start, move, setPaused }
})
