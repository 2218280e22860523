import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { tagOf } from '../../../src-shared/schema/expand-recipe.ts'
import { grows } from '../../../src-shared/schema/recipe.ts'
import { waitForLock } from '../../disk/file-lock.ts'
import type { RunStore } from '../../store/run-store.ts'
import { createRun } from '../create/create-run.ts'
import { allRuns } from '../create/held-runs.ts'
import type { RecipeDeps } from '../create/recipe-plan.ts'
import { lookingOnce } from '../create/recipe-plan.ts'
import { addTag, queueRecipe } from '../create/recipes.ts'
import { stopRun } from '../queue/supervise.ts'
import type { QueuedFamily } from './families.ts'
import { planned } from './families.ts'
import { changing, familyNames, readFamily, writeSearch, writeStopped } from './family-files.ts'
import { nextTrial } from './next-trial.ts'

/** What an advance queued, by family, and what stood in its way. */
export interface Advance {
  readonly queued: ReadonlyMap<string, readonly string[]>
  readonly problems: readonly unknown[]
}

/**
 * Queues what has become possible in every graph and search that was started and not stopped: runs that are not there, whose parents
 * have finished, and the trials that a search chooses by those that are over. Nothing is remembered between two advances, and a run is found by what it is, so that one cut off anywhere loses and
 * doubles nothing. One process at a time does so for a home.
 */
export async function advanceFamilies(deps: RecipeDeps): Promise<Advance> {
  const queued = new Map<string, readonly string[]>()
  const problems: unknown[] = []
  const names = familyNames(deps.store)
  if (names.length === 0) return { queued, problems }
  await alone(deps.store, async () => {
    for (const name of names) {
      try {
        queued.set(name, await advance(deps, name, problems))
      } catch (error) {
        problems.push(error) // a damaged file: its own page says so
      }
    }
  })
  return { queued, problems }
}

async function advance(given: RecipeDeps, name: string, problems: unknown[]): Promise<readonly string[]> {
  const { recipe } = readFamily(given.store, name)
  if (!grows(recipe) || recipe.stopped) return []
  const deps = lookingOnce(given)
  const ids: string[] = []
  for (;;) {
    ids.push(...(await queuePossible(deps, name, problems)))
    // The trial stands in the file before it is a run: cut off in between, the next advance queues it.
    if (!(await addTrial(deps, name))) return ids
  }
}

/** Lets a Bayesian search choose one more trial, where fewer are open than may be. */
function addTrial(deps: RecipeDeps, name: string): Promise<boolean> {
  return changing(deps.store, async () => {
    const [file, plan] = planned(deps, name, allRuns(deps.store))
    const { search } = file.recipe
    const next = nextTrial(deps.store, file.recipe, plan)
    if (search === null || next === null) return false
    await writeSearch(deps.store, file, { made: [...search.made, next] })
    return true
  })
}

async function queuePossible(
  deps: RecipeDeps,
  name: string,
  problems: unknown[],
): Promise<readonly string[]> {
  const [{ recipe }, plan] = planned(deps, name, allRuns(deps.store))
  const ids: string[] = []
  for (const { config, row } of plan.rows) {
    if (config === null || row.status !== null) continue
    // What needs no parent was queued at the start; where that was cut off, it is caught up here.
    try {
      const made = await createRun(deps, config, { folder: deps.folder, relabel: false, goOn: false })
      if (!made.created) await addTag(deps, made.id, tagOf(recipe))
      ids.push(made.id)
    } catch (error) {
      problems.push(error) // others may be possible
    }
  }
  return ids
}

/** Takes what waits of a family out of the queue, and lets nothing more of it in. @throws CotrainError `not-found`. */
export async function stopFamily(deps: RecipeDeps, name: string): Promise<void> {
  const { store, queue } = deps
  await changing(store, () => writeStopped(store, readFamily(store, name), true))
  await alone(store, async () => {
    const [, { rows }] = planned(deps, name, allRuns(store))
    for (const { row } of rows)
      if (row.id !== null && row.status === 'queued') await stopRun(store, queue, row.id, 'now')
  })
}

/** Queues all that can begin of what is not finished, and lets the rest follow. @throws CotrainError for a recipe with problems. */
export async function continueFamily(given: RecipeDeps, name: string): Promise<QueuedFamily> {
  const deps = lookingOnce(given)
  const { recipe } = await changing(deps.store, async () => {
    const file = readFamily(deps.store, name)
    if (file.recipe.stopped) await writeStopped(deps.store, file, false)
    return file
  })
  return { family: name, ...(await queueRecipe(deps, { recipe, inputs: {} })) }
}

/** Work of minutes where data have to be looked at. */
async function alone(store: RunStore, work: () => Promise<void>): Promise<void> {
  mkdirSync(store.layout.families, { recursive: true })
  const lock = await waitForLock(join(store.layout.families, '.advance.lock'))
  try {
    await work()
  } finally {
    lock.release()
  }
}
