import { join } from 'node:path'
import { parseRunConfig } from '../../src-shared/schema/run-config.ts'
import type { RunConfig } from '../../src-shared/schema/run-config.ts'
import type { Disk } from '../../src-main/disk/disk.ts'
import { writeFileAtomic } from '../../src-main/disk/atomic-write.ts'
import type { RunQueue } from '../../src-main/runs/queue/run-queue.ts'
import { openRunQueue } from '../../src-main/runs/queue/run-queue.ts'
import type { CreateOptions } from '../../src-main/runs/create/create-run.ts'
import { createRun } from '../../src-main/runs/create/create-run.ts'
import type { WorkerCommand } from '../../src-main/runs/workers/worker-process.ts'
import type { RunStore } from '../../src-main/store/run-store.ts'
import { openRunStore } from '../../src-main/store/run-store.ts'
import { childArguments } from './child.ts'
import { fakeDescription } from './fake-engine.ts'
import { temporaryFolder } from './temp-folder.ts'

/** A home of its own with the counting engine behind it. */
export interface Lab {
  readonly home: string
  readonly store: RunStore
  readonly queue: RunQueue
  readonly create: CreateOptions
  /** Queues a small valid config with this seed. */
  add(seed: number, changes?: Record<string, unknown>): Promise<string>
}

export const disk: Disk = { writeFile: writeFileAtomic }

export function smallConfig(seed: number, changes: Record<string, unknown> = {}): RunConfig {
  const given = {
    name: `seed ${seed}`,
    dataset: { fn: 'img_loader' },
    model: { fn: 'classification_cnn_builder' },
    trainer: { fn: 'cotrainer' },
    seed,
    ...changes,
  }
  const parsed = parseRunConfig(given)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.value
}

/** Makes homes for the tests of a file. */
export function labs(): () => Lab {
  const root = temporaryFolder()
  let count = 0
  return () => openLab(join(root, `home-${count++}`))
}

export function openLab(home: string): Lab {
  const store = openRunStore({ home, disk })
  const queue = openRunQueue(store)
  const create = {
    store,
    queue,
    describeData: () => Promise.resolve(fakeDescription),
    shapesOf: () => Promise.resolve(fakeDescription.shapes as NonNullable<typeof fakeDescription.shapes>),
  }
  const add = async (seed: number, changes?: Record<string, unknown>): Promise<string> =>
    (await createRun(create, smallConfig(seed, changes))).id
  return { home, store, queue, create, add }
}

/** Starts the counting engine in a process of its own. */
export function fakeWorker(home: string, env: Record<string, string> = {}): WorkerCommand {
  return { args: childArguments('fake-worker.ts'), env: { ...env, COTRAIN_HOME: home } }
}

/** Waits for a condition; fails with `what` after two minutes. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const end = Date.now() + 120_000
  while (!condition()) {
    if (Date.now() > end) throw new Error(`never happened: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
