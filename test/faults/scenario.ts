import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { LIVE, RESUMABLE } from '../../src-shared/contract/run.ts'
import type { Problem } from '../../src-shared/contract/errors.ts'
import { CotrainError, toProblems } from '../../src-shared/contract/errors.ts'
import type { WorkerNews } from '../../src-shared/contract/worker.ts'
import { changeSettings, readSettings, rememberUi } from '../../src-main/runs/home/settings-file.ts'
import { requeueRun, stopRun } from '../../src-main/runs/queue/supervise.ts'
import type { StopRequest } from '../../src-main/runs/work/stop-request.ts'
import { executeRun } from '../../src-main/runs/work/execute-run.ts'
import { readSafetensors } from '../../src-main/io/formats/tensors/safetensors.ts'
import { fakeEngine } from '../support/fake-engine.ts'
import type { Lab } from '../support/lab.ts'
import { openLab } from '../support/lab.ts'

/** One action on a store, and how to see that it was done. */
export interface Action {
  readonly name: string
  /** @throws where it could not be done; may be called again then */
  work(lab: Lab): Promise<void>
  /** @throws where what it does is not there */
  verify(lab: Lab): void
}

const NO_REASON: Problem = { code: 'internal', message: 'no reason.' }
const SEEDS = { finished: 1, stopped: 2, first: 3, second: 4, added: 5 }
const EPOCHS = '2'

interface TrainingHere {
  readonly stop?: StopRequest
  readonly epochs?: string
  news?(news: WorkerNews): void
}

/** Trains a waiting run in this process with the engine that counts. @throws its problem where it fails */
export async function trainHere(
  { store }: Lab,
  id: string,
  { stop = 'no', epochs = EPOCHS, news = () => undefined }: TrainingHere = {},
): Promise<void> {
  process.env['FAKE_EPOCHS'] = epochs
  const parts = { parts: fakeEngine, appVersion: '0', news, asked: () => stop }
  const outcome = await executeRun({ store, id, ...parts })
  const { problem } = store.read(id)
  if (outcome === 'failed') throw new CotrainError((problem ?? NO_REASON) as Problem) // written as one
}

/** Brings a run to its end, whatever has happened to it before. */
export async function finish(lab: Lab, id: string, epochs = EPOCHS): Promise<void> {
  const { status } = lab.store.read(id)
  if (status === 'finished') return
  if (RESUMABLE.has(status)) await requeueRun(lab.store, lab.queue, id, 'resume')
  await trainHere(lab, id, { epochs })
}

/** Final weights of a finished run: what a disturbed one must have as well. */
export const weightsOf = ({ store }: Lab, id: string): string =>
  JSON.stringify(Array.from(readSafetensors(store.files(id).weights).arrays.get('w')?.data ?? []))

/** A store with a finished run, a stopped one and two that wait. Returns their ids and all that a fault must leave as it is. */
export async function prepareStore(home: string): Promise<Prepared> {
  mkdirSync(home, { recursive: true })
  const lab = openLab(home)
  const add = async (seed: number) => lab.add(seed)
  const finished = await add(SEEDS.finished)
  await trainHere(lab, finished)
  await lab.queue.remove(finished)
  const stopped = await add(SEEDS.stopped)
  await trainHere(lab, stopped, { stop: 'epoch' })
  await lab.queue.remove(stopped)
  const [first, second] = [await add(SEEDS.first), await add(SEEDS.second)]
  await changeSettings(lab.store, { author: 'A. Person' })
  lab.store.list()
  const runs = { finished, stopped, first, second }
  return { home, runs, content: contentBelow(lab.store.files(finished).folder), actions: actionsOn(runs) }
}

export interface Prepared {
  readonly home: string
  readonly runs: Runs
  /** Files of the finished run. */
  readonly content: ReadonlyMap<string, string>
  readonly actions: readonly Action[]
}
interface Runs {
  readonly finished: string
  readonly stopped: string
  readonly first: string
  readonly second: string
}

export const copyOf = (from: string, to: string): void =>
  cpSync(from, to, { recursive: true, preserveTimestamps: true })

function actionsOn({ finished, stopped, first, second }: Runs): readonly Action[] {
  const expect = (is: boolean, what: string): void => {
    if (!is) throw new Error(`not done: ${what}`)
  }
  const isStatus = ({ store }: Lab, id: string, status: string): void =>
    expect(store.read(id).status === status, `${id.slice(0, 6)} is ${store.read(id).status}`)
  const waits = ({ queue }: Lab, id: string): boolean => queue.read().waiting.some((one) => one.id === id)
  let added = ''
  return [
    {
      name: 'make a run',
      work: async (lab) => void (added = await lab.add(SEEDS.added)),
      verify: (lab) => {
        isStatus(lab, added, 'queued')
        expect(waits(lab, added), 'it waits')
      },
    },
    {
      name: 'train',
      work: (lab) => finish(lab, first),
      verify: (lab) => {
        isStatus(lab, first, 'finished')
        expect(weightsOf(lab, first).length > 100, 'it has weights')
        const rows = lab.store.history(first).read().series.keys.get('Training/v1/loss')?.rows.length
        expect(rows === 8, `8 numbers, not ${rows}`)
      },
    },
    {
      name: 'go on from a checkpoint',
      work: (lab) => finish(lab, stopped),
      verify: (lab) => isStatus(lab, stopped, 'finished'),
    },
    {
      name: 'queue again',
      work: async ({ store, queue }) => {
        if (store.read(stopped).status !== 'queued') await requeueRun(store, queue, stopped, 'resume')
        await queue.reconcile()
      },
      verify: (lab) => {
        isStatus(lab, stopped, 'queued')
        expect(waits(lab, stopped), 'it waits')
      },
    },
    {
      name: 'change the queue',
      work: async ({ queue }) => {
        await queue.move(second, 0)
        await queue.prioritise(second, 3)
        await queue.setPaused(true)
      },
      verify: ({ queue }) => {
        const { paused, waiting } = queue.read()
        expect(paused && waiting[0]?.id === second && waiting[0].priority === 3, 'second is first')
      },
    },
    {
      name: 'take out of the queue',
      work: async ({ store, queue }) => {
        if (store.read(first).status === 'queued') await stopRun(store, queue, first, 'now')
        await queue.reconcile()
      },
      verify: (lab) => {
        isStatus(lab, first, 'stopped')
        expect(!waits(lab, first), 'it waits no more')
      },
    },
    {
      name: 'note',
      work: async ({ store }) => void (await store.annotate(stopped, { note: 'look again', star: true })),
      verify: ({ store }) => expect(store.summary(stopped).note === 'look again', 'the note'),
    },
    {
      name: 'settings',
      work: async ({ store }) => {
        await changeSettings(store, { threads: 2 })
        await rememberUi(store, 'colour', 'blue')
      },
      verify: ({ store }) => {
        const { author, threads } = readSettings(store)
        expect(author === 'A. Person' && threads === 2, 'both settings')
      },
    },
    {
      name: 'remove',
      work: ({ store }) => {
        if (store.exists(stopped)) store.remove(stopped)
        return Promise.resolve()
      },
      verify: ({ store }) => expect(!store.exists(stopped), 'it is in the trash'),
    },
    {
      name: 'remove and bring back',
      work: ({ store }) => {
        if (store.exists(stopped)) store.remove(stopped)
        store.restore(stopped)
        return Promise.resolve()
      },
      verify: (lab) => isStatus(lab, stopped, 'stopped'),
    },
    {
      name: 'list and look',
      work: ({ store }) => {
        store.list()
        store.read(finished)
        store.history(finished).read()
        return Promise.resolve()
      },
      verify: ({ store }) => expect(store.list().total === 4, 'four runs'),
    },
  ]
}

/** Every file below a folder by name, as text. */
function contentBelow(folder: string): Map<string, string> {
  const out = new Map<string, string>()
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile()) out.set(relative(folder, path), readFileSync(path, 'latin1'))
  }
  return out
}

/** What is wrong with a store in which nothing runs; empty where it is whole. */
export function faultsOfStore(home: string, { runs, content }: Prepared): string[] {
  const out: string[] = []
  const lab = openLab(home)
  for (const run of lab.store.list().runs) {
    if (!run.readable) out.push(`run ${run.id.slice(0, 6)} cannot be read: ${run.problem?.message}`)
    if (LIVE.has(run.status)) out.push(`run ${run.id.slice(0, 6)} is ${run.status} and nothing runs`)
  }
  const now = contentBelow(lab.store.files(runs.finished).folder)
  for (const [name, text] of content)
    if (now.get(name) !== text) out.push(`${name} of the finished run has changed`)
  lab.store.close()
  return out
}

/** What an error lacks that a person must be told; null where nothing is missing. */
export function unexplained(error: unknown): string | null {
  const [problem] = toProblems(error)
  if (problem === undefined || problem.code === 'internal' || problem.code === 'engine-failed')
    return `it is not explained: ${error instanceof Error ? error.stack : String(error)}`
  if (problem.path === undefined) return `no file is named: ${problem.message}`
  return problem.hint === undefined ? `no fix is named: ${problem.message}` : null
}
