import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LIVE } from '../../src-shared/contract/run.ts'
import type { WorkerNews } from '../../src-shared/contract/worker.ts'
import type { Rng } from '../../src-shared/util/rng.ts'
import { ownIdentity } from '../../src-main/disk/process-identity.ts'
import { latestCheckpoint } from '../../src-main/store/files/checkpoint-folder.ts'
import { openLab } from '../support/lab.ts'
import { openDiskModel } from './disk-model.ts'
import type { Figures } from './figures.ts'
import { finish, trainHere, weightsOf } from './scenario.ts'
import type { Deed, FileCall } from './watched-files.ts'
import { watchFiles } from './watched-files.ts'

const CHANGES: ReadonlySet<Deed> = new Set([
  'open',
  'write',
  'sync',
  'rename',
  'unlink',
  'remove-tree',
  'mkdir',
])

/** What somebody was told, and after which call. */
interface Told {
  readonly after: number
  readonly what:
    { readonly kind: 'made' | 'finished' } | { readonly kind: 'checkpoint'; readonly step: number }
}
interface Recorded {
  readonly home: string
  readonly id: string
  readonly calls: readonly FileCall[]
  readonly told: readonly Told[]
  readonly weights: string
}

/**
 * Records what a training with checkpoints does to the disk, and cuts the power after every call: each time with all, with nothing
 * and with `draws` draws of what was not flushed yet. At most `most` of these losses, drawn by `rng`; each `resumeEach`-th is resumed.
 */
export async function powerLoss(
  scratch: string,
  rng: Rng,
  { draws, most, resumeEach }: { readonly draws: number; readonly most: number; readonly resumeEach: number },
  figures: Figures,
): Promise<void> {
  const recorded = await record(join(scratch, 'recorded'))
  const { home, calls } = recorded
  const share = Math.min(1, most / ((calls.length + 1) * (draws + 2)))
  const disk = openDiskModel(home)
  let tried = 0
  let resumed = 0
  for (let after = 0; after <= calls.length; after++) {
    if (after > 0) disk.apply(calls[after - 1]!)
    for (const keep of ['all', 'nothing', ...Array<'drawn'>(draws).fill('drawn')] as const) {
      if (rng.uniform() >= share) continue
      const place = mkdtempSync(join(scratch, 'after-'))
      disk.leave(place, keep, rng)
      asOfAnotherBoot(place)
      const isResumed = tried++ % resumeEach === 0
      if (isResumed) resumed++
      const wrong = await lookAt(place, recorded, after, isResumed)
      figures.count('loss', 'losses survived')
      const call = calls[after - 1]
      if (wrong.length > 0)
        figures.fail(
          `after call ${after} (${call?.does} ${call?.path.slice(home.length)}), ${keep} kept`,
          wrong,
        )
      rmSync(place, { recursive: true })
    }
  }
  figures.say(
    `${calls.length} calls of a training, ${tried} power losses, ${resumed} resumed to the same weights`,
  )
}

async function record(home: string): Promise<Recorded> {
  mkdirSync(home)
  const calls: FileCall[] = []
  const told: Told[] = []
  const unwatch = watchFiles(home, {
    before: () => null,
    after: (call) => {
      if (CHANGES.has(call.does)) calls.push(call)
    },
  })
  const lab = openLab(home)
  try {
    const id = await lab.add(1)
    told.push({ after: calls.length, what: { kind: 'made' } })
    const news = (one: WorkerNews): void => {
      if (one.type === 'done') told.push({ after: calls.length, what: { kind: 'finished' } })
      if (one.type === 'event' && one.event.kind === 'mark' && one.event.mark === 'checkpoint')
        told.push({ after: calls.length, what: { kind: 'checkpoint', step: one.event.step } })
    }
    await trainHere(lab, id, { news })
    return { home, id, calls, told, weights: weightsOf(lab, id) }
  } finally {
    unwatch()
  }
}

/** Locks name a process of this boot, which this one would take for alive. */
function asOfAnotherBoot(place: string): void {
  const { start } = ownIdentity()
  for (const entry of readdirSync(place, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !entry.name.includes('lock')) continue
    const path = join(entry.parentPath, entry.name)
    writeFileSync(path, readFileSync(path, 'utf8').replace(start, 'earlier'))
    utimesSync(path, 1, 1)
  }
}

async function lookAt(
  place: string,
  { id, told, weights }: Recorded,
  after: number,
  resume: boolean,
): Promise<string[]> {
  const wrong: string[] = []
  const lab = openLab(place)
  for (const run of lab.store.list().runs) {
    if (!run.readable) wrong.push(`the run cannot be read: ${run.problem?.message}`)
    if (LIVE.has(run.status)) wrong.push(`it is ${run.status} and nothing runs`)
  }
  const known = told.filter((one) => one.after <= after).map(({ what }) => what)
  if (!lab.store.exists(id)) return known.length === 0 ? wrong : [...wrong, 'a run that was made is gone']
  try {
    const { checkpoints, events } = lab.store.files(id)
    const { found } = latestCheckpoint(checkpoints, lab.store.read(id).identity.config)
    for (const what of known) {
      if (what.kind === 'finished' && lab.store.read(id).status !== 'finished') wrong.push('its end is lost')
      if (what.kind !== 'checkpoint') continue
      if ((found?.manifest.step ?? -1) < what.step) wrong.push(`the checkpoint of step ${what.step} is lost`)
      const { series } = lab.store.history(id).read()
      const steps = new Set(series.step.filter((step) => step <= what.step)).size
      if (steps !== (what.step / 20) * 4) wrong.push(`${steps} rows up to step ${what.step} in ${events}`)
    }
    if (resume) {
      await lab.queue.reconcile()
      await finish(lab, id)
      if (weightsOf(lab, id) !== weights) wrong.push('resumed it has other weights')
    }
  } catch (error) {
    wrong.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
  lab.store.close()
  return wrong
}
