import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Rng } from '../../src-shared/util/rng.ts'
import { openLab } from '../support/lab.ts'
import type { Figures } from './figures.ts'
import type { Action, Prepared } from './scenario.ts'
import { copyOf, faultsOfStore, prepareStore, unexplained } from './scenario.ts'
import type { Deed, Fault, FileCall } from './watched-files.ts'
import { systemError, watchFiles } from './watched-files.ts'

const CHANGES: readonly Deed[] = ['open', 'write', 'sync', 'rename', 'unlink', 'remove-tree', 'mkdir']
const NAMED: readonly Deed[] = ['open', 'rename', 'unlink', 'remove-tree', 'mkdir', 'read', 'list', 'touch']

/** What a disk can do to a call: which calls, and what happens in their place. `stays`: to every such call from then on. */
interface Kind {
  readonly name: string
  readonly of: readonly Deed[]
  readonly stays?: boolean
  make(call: FileCall): Fault
}

const failing = (code: string, of: readonly Deed[]): readonly Kind[] =>
  [false, true].map((stays) => ({
    name: `${code}${stays ? ' from then on' : ''}`,
    of,
    stays,
    make: (call) => ({
      error: systemError(code, call),
      // A file is closed all the same.
      ...(call.does === 'close' ? { instead: 'done' as const } : {}),
    }),
  }))
const half = ({ bytes }: FileCall): number => Math.floor((bytes?.length ?? 0) / 2)

const KINDS: readonly Kind[] = [
  ...failing('ENOSPC', ['open', 'write', 'sync', 'close', 'rename', 'mkdir']),
  ...failing('EIO', [...CHANGES, 'read', 'list', 'look', 'close', 'touch']),
  ...failing('EACCES', NAMED),
  ...failing('EROFS', ['open', 'rename', 'unlink', 'remove-tree', 'mkdir', 'touch']),
  { name: 'short write', of: ['write'], make: (call) => ({ bytes: half(call) }) },
  {
    name: 'torn write',
    of: ['write'],
    make: (call) => ({ bytes: half(call), error: systemError('ENOSPC', call) }),
  },
  { name: 'lost rename', of: ['rename'], make: () => ({ instead: 'nothing' }) },
  {
    name: 'rename without an answer',
    of: ['rename'],
    make: (call) => ({ instead: 'done', error: systemError('EIO', call) }),
  },
]

interface Trial {
  readonly action: Action
  readonly call: number
  readonly kind: Kind
}

/** Fails every call of every action on a store in every way, or `most` of these trials drawn by `rng`. */
export async function callFaults(scratch: string, rng: Rng, most: number, figures: Figures): Promise<void> {
  const prepared = await prepareStore(join(scratch, 'template'))
  const trials: Trial[] = []
  let calls = 0
  for (const action of prepared.actions) {
    const seen = await callsOf(scratch, prepared, action)
    calls += seen.length
    seen.forEach((does, call) =>
      trials.push(...KINDS.filter((kind) => kind.of.includes(does)).map((kind) => ({ action, call, kind }))),
    )
  }
  const chosen = most >= trials.length ? trials : drawn(trials, most, rng)
  for (const trial of chosen) await tryOne(scratch, prepared, trial, figures)
  figures.say(
    `${calls} calls of ${prepared.actions.length} actions, ${trials.length} faults; tried: ${chosen.length}`,
  )
}

function drawn<T>(all: readonly T[], count: number, rng: Rng): T[] {
  const left = [...all]
  return Array.from({ length: Math.min(count, all.length) }, () => left.splice(rng.int(left.length), 1)[0]!)
}

async function callsOf(scratch: string, prepared: Prepared, action: Action): Promise<Deed[]> {
  const home = homeFor(scratch, prepared)
  const lab = openLab(home)
  const seen: Deed[] = []
  const unwatch = watchFiles(home, { before: ({ does }) => (seen.push(does), null) })
  try {
    await action.work(lab)
  } finally {
    unwatch()
  }
  action.verify(lab)
  rmSync(home, { recursive: true })
  return seen
}

function homeFor(scratch: string, { home: template }: Prepared): string {
  const home = mkdtempSync(join(scratch, 'home-'))
  copyOf(template, home)
  return home
}

async function tryOne(
  scratch: string,
  prepared: Prepared,
  { action, call, kind }: Trial,
  figures: Figures,
): Promise<void> {
  const home = homeFor(scratch, prepared)
  const lab = openLab(home)
  let count = 0
  let hit = ''
  const unwatch = watchFiles(home, {
    before: (made) => {
      const now = count++
      // Signs of life come by the clock: the calls are not the same each time.
      const isHit = now >= call && (hit === '' || kind.stays === true) && kind.of.includes(made.does)
      if (!isHit) return null
      if (hit === '') hit = `${made.does} ${made.path.slice(home.length + 1)}`
      return kind.make(made)
    },
  })
  let error: unknown = null
  try {
    await action.work(lab)
  } catch (caught) {
    error = caught
  } finally {
    unwatch()
  }
  const wrong = faultsOfStore(home, prepared)
  const lacking = error === null ? null : unexplained(error)
  if (lacking !== null) wrong.push(lacking)
  try {
    // The disk is as it was: the same action, by the same program.
    if (error !== null || kind.name === 'lost rename') await action.work(lab)
    action.verify(lab)
    wrong.push(...faultsOfStore(home, prepared).map((text) => `after doing it again: ${text}`))
  } catch (caught) {
    wrong.push(`cannot be done afterwards: ${caught instanceof Error ? caught.stack : String(caught)}`)
  }
  figures.count('call', error === null ? 'done all the same' : 'refused with cause and fix')
  if (wrong.length > 0) figures.fail(`${action.name}, call ${call} (${hit}), ${kind.name}`, wrong)
  lab.store.close()
  rmSync(home, { recursive: true, force: true })
}
