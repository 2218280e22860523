import { existsSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { RunStatus } from '../../../src-shared/contract/run.ts'
import { RESUMABLE } from '../../../src-shared/contract/run.ts'
import { pluginsOf } from '../../../src-shared/schema/plugin/used-plugins.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import type { RunIdentityRecord, RunRecord } from '../../store/files/run-record.ts'
import { RECORD_FORMAT } from '../../store/files/run-record.ts'
import type { RunStore } from '../../store/run-store.ts'
import type { ModelShapes } from '../../engine/model/index.ts'
import { checkNaming } from './check-naming.ts'
import { checkSameTraining, takeOverTraining } from './continue-training.ts'
import { checkpointOf } from '../read/kept-moments.ts'
import type { FormerRule } from '../../data/image-sets/data-source.ts'
import { usedSets } from '../../data/places/used-sets.ts'
import { type DescribeData, isSameData } from '../workers/engine-parts.ts'
import { identify } from '../workers/run-identity.ts'
import { placesOf } from './run-places.ts'
import type { QueueWish, RunQueue } from '../queue/run-queue.ts'
import { requeueRun } from '../queue/supervise.ts'
import { sha256OfFile } from '../../disk/sha256.ts'

export interface CreateOptions {
  readonly store: RunStore
  readonly queue: RunQueue
  readonly describeData: DescribeData
  /** What a model must know about the data, where that is known only after building them. */
  shapesOf(config: RunConfig, fingerprint: string, folder?: string): Promise<ModelShapes>
}

export interface Created {
  readonly id: string
  /** false: a run of this identity was there already. */
  readonly created: boolean
  readonly status: RunStatus
}

/** The config with what its id needs: parent ids in full, files by content. */
export interface Resolved {
  readonly config: RunConfig
  readonly data: string
  readonly parts?: Readonly<Record<string, string>>
  /** Fingerprint of the data by a rule of earlier versions. */
  former?(rule: FormerRule): Promise<string>
  readonly shapes: ModelShapes | null
  readonly weightsFile: string | null
}

/** @throws CotrainError for data, parents or weights that are not there. */
export async function resolveConfig(
  { store, describeData }: Pick<CreateOptions, 'store' | 'describeData'>,
  config: RunConfig,
  folder: string,
): Promise<Resolved> {
  const described = await describeData(config.dataset, config.data_seed, folder)
  if (described.problems.length > 0) throw new CotrainError(described.problems)
  const { parent } = config
  const { parts, former, shapes } = described
  const data = { data: described.fingerprint, shapes, ...(parts && { parts }), ...(former && { former }) }
  if (parent === null) return { config, ...data, weightsFile: null }
  if (parent.use === 'training') {
    const before = trainedParent(store, parent.run)
    const isSame = await isSameData(before.identity, described)
    checkSameTraining(before, config, isSame ? before.identity.data : described.fingerprint)
    const { epoch } = checkpointOf(store, before, parent.epoch).manifest
    const whole = { ...parent, run: before.id, epoch }
    return { config: { ...config, parent: whole }, ...data, weightsFile: null }
  }
  const run = parent.run === null ? null : parentWithWeights(store, parent.run, parent.epoch)
  const file = parent.file === null ? null : resolve(folder, parent.file)
  const weightsFile = file === null ? null : await fileHash(file)
  return { config: { ...config, parent: { ...parent, run, file } }, ...data, weightsFile }
}

/** Ids and states of the runs that these settings have, the first and its forced repeats. */
export function repeatsOf(
  store: RunStore,
  resolved: Resolved,
): { id: string; identity: RunIdentityRecord; status: RunStatus | null }[] {
  const out: { id: string; identity: RunIdentityRecord; status: RunStatus | null }[] = []
  for (let repetition = 0; ; repetition++) {
    const { id, identity } = identify(identifiable(resolved.config), { ...resolved, repetition })
    const there = store.exists(id)
    out.push({ id, identity, status: there ? store.read(id).status : null })
    if (!there) return out
  }
}

/** The run that these settings have by a rule of earlier versions, where this home has one. */
async function formerRun(store: RunStore, resolved: Resolved): Promise<{ id: string } | undefined> {
  if (resolved.former === undefined) return undefined
  for (const rule of [2, 1] as const) {
    // Hashing every file again is worth it only where runs of the first rule were made.
    if (rule === 1 && !existsSync(store.layout.fileHashes)) continue
    const ingredients = { ...resolved, data: await resolved.former(rule), repetition: 0 }
    const { id } = identify(identifiable(resolved.config), ingredients, rule)
    if (store.exists(id)) return { id }
  }
  return undefined
}

/** A weights file counts by its content, not by where it lies. */
const identifiable = (config: RunConfig): RunConfig =>
  config.parent === null ? config : { ...config, parent: { ...config.parent, file: null } }

export interface CreateWish {
  readonly force?: boolean
  readonly priority?: number
  /** UUID of the only card that it may have; any by default. */
  readonly device?: string | null
  readonly folder?: string
  readonly from?: string | null
  /** Gives a run that is there already the name, tags and comment of this config. */
  readonly relabel?: boolean
  /** Leaves a run that is there as it is, also one that ended unfinished. */
  readonly goOn?: boolean
}

/**
 * Freezes a validated config as a run and queues it. The same settings are not trained twice: a finished, waiting or
 * working run of this identity is returned as it is, an unfinished one goes on. `force` makes a repeat of its own. `from` is
 * the run whose config was edited; a run that starts from another's weights has that one as its parent.
 */
export async function createRun(
  options: CreateOptions,
  config: RunConfig,
  {
    force = false,
    folder = process.cwd(),
    from = null,
    relabel = true,
    goOn = true,
    ...wish
  }: CreateWish = {},
): Promise<Created> {
  const { store, queue } = options
  store.checkWritable()
  const resolved = await resolveConfig(options, config, folder)
  // A training that is taken over has the options of its run, which had them accepted.
  if (config.parent?.use !== 'training')
    await checkNaming(config, async () => resolved.shapes ?? options.shapesOf(config, resolved.data, folder))
  const repeats = repeatsOf(store, resolved)
  const known =
    repeats.find(({ status }) => status === 'finished') ??
    repeats.find(({ status }) => status !== null) ??
    (await formerRun(store, resolved))
  if (known !== undefined && !force) {
    if (relabel) await applyLabels(store, known.id, config)
    if (!goOn) return { id: known.id, created: false, status: store.read(known.id).status }
    await takePlaces(store, known.id, config, folder)
    return continueKnown(options, known.id, wish)
  }
  const { id, identity } = repeats.at(-1)!
  const dataSets = await usedSets(config.dataset, folder, store.layout.home)
  const parent = resolved.config.parent?.run ?? from
  const plugins = pluginsOf(config)
  const own = Object.keys(plugins).length === 0 ? {} : { plugins }
  const record = {
    ...newRecord(store.now(), id, resolved.config, identity, folder),
    parent,
    dataSets,
    ...own,
  }
  await store.create(record)
  if (resolved.config.parent?.use === 'training') await takeOver(store, record)
  await queue.add(id, 'new', wish)
  return { id, created: true, status: 'queued' }
}

/** A run whose checkpoint could not be taken over does not stay. */
async function takeOver(store: RunStore, record: RunRecord): Promise<void> {
  try {
    await takeOverTraining(store, record, store.read(record.parent!))
  } catch (error) {
    rmSync(store.files(record.id).folder, { recursive: true, force: true })
    throw error
  }
}

/** Name, tags and comment are no part of what a run is: those that the config brings are given to the run that is there. */
async function applyLabels(store: RunStore, id: string, config: RunConfig): Promise<void> {
  const { name, tags, note } = store.summary(id)
  const added = config.tags.filter((tag) => !tags.includes(tag))
  const change = {
    ...(config.name === '' || config.name === name ? {} : { name: config.name }),
    ...(added.length === 0 ? {} : { tags: [...tags, ...added] }),
    ...(config.comment === '' || note.includes(config.comment)
      ? {}
      : { note: note === '' ? config.comment : `${note}\n${config.comment}` }),
  }
  if (Object.keys(change).length > 0) await store.annotate(id, change)
}

/** A run that is to go on reads its data where this config, of the same content, has found them, if its own places are empty. */
async function takePlaces(
  store: RunStore,
  id: string,
  { dataset }: RunConfig,
  folder: string,
): Promise<void> {
  const record = store.read(id)
  if (!RESUMABLE.has(record.status)) return
  const places = await placesOf(record, store.layout.home)
  if (places.every(({ present }) => present)) return
  await store.write({ ...record, folder, config: { ...record.config, dataset: { ...dataset } } })
}

async function continueKnown({ store, queue }: CreateOptions, id: string, wish: QueueWish): Promise<Created> {
  const { status } = store.read(id)
  // A disk that was full or a crash in between left it without its place.
  if (status === 'queued' && !queue.read().waiting.some((entry) => entry.id === id))
    await queue.add(id, 'found waiting', wish)
  if (!RESUMABLE.has(status)) return { id, created: false, status }
  await requeueRun(store, queue, id, 'queued again', wish)
  return { id, created: false, status: 'queued' }
}

function newRecord(
  now: number,
  id: string,
  config: RunConfig,
  identity: RunIdentityRecord,
  folder: string,
): RunRecord {
  return {
    format: RECORD_FORMAT,
    id,
    name: config.name,
    config,
    identity,
    parent: null,
    folder,
    status: 'queued',
    reason: '',
    problem: null,
    end: null,
    createdAt: now,
    startedAt: null,
    endedAt: null,
    seconds: 0,
    segment: 0,
    epoch: 0,
    epochs: 0,
    step: 0,
    latest: {},
    scores: {},
    environment: null,
  }
}

function trainedParent(store: RunStore, prefix: string | null): RunRecord {
  if (prefix !== null) return store.read(store.resolve(prefix))
  throw new CotrainError({
    code: 'config-invalid',
    path: 'parent.run',
    message: 'a file has weights only, no training to take over.',
    hint: 'Name a run, or use: weights.',
  })
}

/** Its final weights, or those of a checkpoint, which a run that is not finished has too. */
function parentWithWeights(store: RunStore, prefix: string, epoch: number | null): string {
  const id = store.resolve(prefix)
  const record = store.read(id)
  if (epoch !== null) checkpointOf(store, record, epoch)
  if (epoch !== null || record.status === 'finished') return id
  const { status } = record
  const message = `run ${id.slice(0, 10)} is ${status}, so it has no weights to start from.`
  throw new CotrainError({
    code: 'run-state',
    path: 'parent.run',
    message,
    hint: 'Finish it first, name another run, or one of its checkpoints (parent.epoch).',
  })
}

async function fileHash(path: string): Promise<string> {
  try {
    return await sha256OfFile(path)
  } catch (error) {
    const hint = 'Check the path in parent.file.'
    throw new CotrainError(
      { code: 'file-missing', path, message: 'the weights file cannot be read.', hint },
      { cause: error },
    )
  }
}
