import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { LIVE, RESUMABLE } from '../../src-shared/contract/run.ts'
import type { Rng } from '../../src-shared/util/rng.ts'
import { lockHolder } from '../../src-main/disk/file-lock.ts'
import { processStart } from '../../src-main/disk/process-identity.ts'
import { lineReader } from '../../src-main/process/line-reader.ts'
import { requeueRun } from '../../src-main/runs/queue/supervise.ts'
import { latestCheckpoint } from '../../src-main/store/files/checkpoint-folder.ts'
import type { Lab } from '../support/lab.ts'
import { openLab } from '../support/lab.ts'
import type { Figures } from './figures.ts'

/** Kills of one run; then it may end. */
const KILLS_A_RUN = 6
/** A log is handed over each second; on a busy machine its timer comes late. */
const MOST_LOST_MS = 3_000
const PATIENCE_MS = 180_000

/** What is trained while processes are killed. */
export interface Victims {
  /** Arguments of Node for the service, without its home. */
  readonly service: (home: string) => readonly string[]
  /** Makes a run that waits. */
  add(lab: Lab, seed: number): Promise<string>
  /** What the weights of an undisturbed run with this seed are; null where that is not looked at. */
  calm(seed: number): Promise<string | null>
  weights(lab: Lab, id: string): string
  /** Longest time in which a run makes a few epochs, ms. */
  readonly waitMs: number
}

interface Told {
  readonly step: number
  readonly at: number
}

/** Kills worker, service or both `count` times at random moments of trainings; looks at the store after each, and resumes. */
export async function kills(
  scratch: string,
  rng: Rng,
  count: number,
  victims: Victims,
  figures: Figures,
): Promise<void> {
  const home = join(scratch, 'home')
  mkdirSync(home)
  const lab = openLab(home)
  let service = startService(victims, home)
  let [left, seed, most, compared] = [count, 0, 0, 0]
  try {
    while (left > 0) {
      const id = await victims.add(lab, ++seed)
      for (let n = 0; n < KILLS_A_RUN && left > 0; n++, left--) {
        await started(lab, id)
        await pause(rng.int(victims.waitMs))
        const { status } = lab.store.read(id)
        if (!LIVE.has(status) && status !== 'queued') break
        const whom = (['worker', 'service', 'both'] as const)[rng.int(3)]!
        const made = lastCheckpoint(lab, id)
        const worker = lockHolder(lab.store.files(id).lock)?.pid
        const killedAt = Date.now()
        if (whom !== 'service' && worker !== undefined) await kill(worker)
        if (whom !== 'worker') await kill(service.pid)
        const told = service.told(id)
        const wrong = lookAt(lab, id, made, whom !== 'service' && worker !== undefined)
        const lost = lostOf(lab, id, told, killedAt)
        most = Math.max(most, lost)
        if (whom !== 'service' && lost > MOST_LOST_MS) wrong.push(`numbers of ${lost} ms are lost`)
        if (whom !== 'worker') service = startService(victims, home)
        figures.count('kill', `of ${whom}`)
        if (wrong.length > 0) figures.fail(`kill ${count - left + 1} (${whom}, seed ${seed})`, wrong)
        if (RESUMABLE.has(lab.store.read(id).status))
          await requeueRun(lab.store, lab.queue, id, 'resume').catch((error: unknown) =>
            figures.fail(`kill ${count - left + 1}`, [`it cannot go on: ${String(error)}`]),
          )
      }
      await until(`run ${id.slice(0, 6)} ends`, () => lab.store.read(id).status === 'finished')
      const calm = await victims.calm(seed)
      if (calm !== null) compared++
      if (calm !== null && calm !== victims.weights(lab, id))
        figures.fail(`run of seed ${seed}`, ['its weights are not those of an undisturbed run'])
    }
  } finally {
    await kill(service.pid)
    for (const { id } of lab.store.list().runs) await kill(lockHolder(lab.store.files(id).lock)?.pid ?? 0)
    lab.store.close()
  }
  figures.say(
    `${seed} runs, all ended; ${compared} with the weights of undisturbed ones; at most ${most} ms of numbers lost`,
  )
}

function startService({ service }: Victims, home: string) {
  const child: ChildProcess = spawn(process.execPath, service(home), {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, COTRAIN_HOME: home },
  })
  const told = new Map<string, Told[]>()
  child.stdout?.setEncoding('utf8')
  child.stdout?.on(
    'data',
    lineReader((line) => {
      const { id, news } = JSON.parse(line) as {
        id: string
        news: { type: string; event?: { kind: string } & Told }
      }
      if (news.event?.kind !== 'metrics') return
      told.set(id, [...(told.get(id) ?? []), news.event])
    }),
  )
  return { pid: child.pid ?? 0, told: (id: string): readonly Told[] => told.get(id) ?? [] }
}

async function kill(pid: number): Promise<void> {
  if (processStart(pid) === null) return
  process.kill(pid, 'SIGKILL')
  // The kernel takes a moment to take it apart, in which it is still there.
  await until(`process ${pid} is gone`, () => processStart(pid) === null)
}

async function started(lab: Lab, id: string): Promise<void> {
  await until('its worker is there', () => {
    const { status } = lab.store.read(id)
    return LIVE.has(status) || status === 'finished' || status === 'failed'
  })
}

const lastCheckpoint = ({ store }: Lab, id: string): number =>
  Math.max(
    -1,
    ...store
      .history(id)
      .read()
      .marks.flatMap(({ mark, step }) => (mark === 'checkpoint' ? [step] : [])),
  )

/** What a kill has done to the store that it must not. */
function lookAt(lab: Lab, id: string, made: number, workerIsGone: boolean): string[] {
  const wrong: string[] = []
  const here = openLab(lab.home)
  for (const run of here.store.list().runs) {
    if (!run.readable) wrong.push(`run ${run.id.slice(0, 6)} cannot be read: ${run.problem?.message}`)
    if (run.id === id && workerIsGone && LIVE.has(run.status))
      wrong.push(`it is ${run.status} and nothing runs`)
  }
  const { found } = latestCheckpoint(here.store.files(id).checkpoints, here.store.read(id).identity.config)
  if ((found?.manifest.step ?? -1) < made) wrong.push(`the checkpoint of step ${made} is lost`)
  here.store.close()
  return wrong
}

/** Age at the kill of the oldest numbers that people were told and that the log lacks; 0 for none. */
function lostOf(lab: Lab, id: string, told: readonly Told[], killedAt: number): number {
  const last = lab.store.history(id).read().series.step.at(-1) ?? -1
  const lost = told.filter(({ step, at }) => step > last && at <= killedAt)
  return lost.length === 0 ? 0 : killedAt - Math.min(...lost.map(({ at }) => at))
}

async function until(what: string, condition: () => boolean): Promise<void> {
  const end = Date.now() + PATIENCE_MS
  while (!condition()) {
    if (Date.now() > end) throw new Error(`never happened: ${what}`)
    await pause(20)
  }
}
