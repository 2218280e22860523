import { statfs } from 'node:fs/promises'
import { freemem } from 'node:os'
import type { Result } from '../../../src-shared/contract/contract.ts'
import { toProblems } from '../../../src-shared/contract/errors.ts'
import { wireConfig } from '../../../src-shared/contract/run.ts'
import { sizeText } from '../../../src-shared/util/size-text.ts'
import { canonicalJson } from '../../../src-shared/schema/canonical.ts'
import { ownPart } from '../../../src-shared/schema/plugin/own-parts.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { parseRunConfig } from '../../../src-shared/schema/run-config.ts'
import { configWarnings } from '../../../src-shared/schema/run-identity.ts'
import type { ComputeDevice } from '../../io/native/devices/compute-devices.ts'
import { CONTENT_RULE } from '../../data/content/manifest.ts'
import type { RunStore } from '../../store/run-store.ts'
import { checkNaming } from './check-naming.ts'
import { repeatsOf, resolveConfig } from './create-run.ts'
import { openFindings, usedSets } from '../../data/places/used-sets.ts'
import { engineToCome } from '../workers/engine-here.ts'
import { suitedTo } from '../workers/precision-variables.ts'
import { engineNotes, engineProblems } from '../workers/engine-limits.ts'
import type { DataDescription, DescribeData } from '../workers/engine-parts.ts'
import { bufferProblems, NO_MEMORY, memoryCheck, memoryWarnings } from './memory-check.ts'
import type { ModelCard } from './model-card.ts'
import { modelCard } from './model-card.ts'
import { readSettings } from '../home/settings-file.ts'
import { placedRuns } from '../queue/placed-runs.ts'
import type { Machine, MachineView } from '../queue/placement.ts'
import { deviceFor } from '../queue/placement.ts'
import type { DataFacts } from '../../data/content/stored-shapes.ts'
import { NO_SHARE, shareOf, untestedParts } from './training-plan.ts'

type Preflight = Result<'config.preflight'>
type Faults = Pick<Preflight, 'problems'>

/** Weights, best weights and Adam's moments of up to three checkpoints, and the result. */
const BYTES_ON_DISK_PER_PARAMETER = 4 * (4 * 3 + 1)

export interface PreflightDeps {
  readonly store: RunStore
  readonly describeData: DescribeData
  /** Builds the data in a process of its own where their shapes are not known yet: faults in them show here. */
  shapesOf(config: RunConfig, fingerprint: string): Promise<DataFacts>
  /** What runs are placed on. */
  readonly machine: Pick<MachineView, 'read'>
  /** Why a card of this machine will compute nothing; null where it will, or there is none. */
  unusedGpu(): Promise<string | null>
  /** Folder from which relative paths of configs are seen. */
  readonly folder: string
}

/** What a run would need and whether it could start, without starting it. Never throws for a bad config. */
export async function preflight(
  { store, describeData, shapesOf, machine, unusedGpu, folder }: PreflightDeps,
  given: unknown,
  original: string | null = null,
): Promise<Preflight> {
  const disk = await statfs(store.layout.home)
  const free = { freeMemoryBytes: freemem(), freeDiskBytes: disk.bavail * disk.bsize }
  const parsed = parseRunConfig(given)
  const nothing = { ...knowingNothing(), ...free, warnings: [] }
  if (!parsed.ok) return { ...nothing, problems: [...parsed.problems] }
  const config = parsed.value
  // The driver answers while the data are looked at.
  const unused = tryTo(unusedGpu)
  const [now, described] = await Promise.all([
    machine.read(),
    tryTo(() => describeData(config.dataset, config.data_seed, folder)),
  ])
  if ('problems' in described && !('fingerprint' in described))
    return { ...nothing, config: wireConfig.parse(config), problems: described.problems }
  const engine = await engineToCome(readSettings(store), now.devices)
  const facts = await factsOf(config, described, shapesOf)
  const card = 'problems' in facts ? facts : await cardOrProblems(config, facts)
  const sizes = 'problems' in facts ? undefined : facts.sizes
  const share = sizes === undefined ? NO_SHARE : await shareOrProblems(config, sizes)
  const untested = sizes === undefined ? { warnings: [], offers: [] } : untestedParts(config, sizes)
  const identity =
    described.problems.length > 0 ? described : await identify(store, described, config, folder)
  const needs = needsOf(card, config, facts, deviceOf(store, now, config))
  const identical = 'identical' in identity ? identity.identical : null
  return {
    id: 'id' in identity ? identity.id : null,
    config: wireConfig.parse(config),
    problems: [
      ...engineProblems(config, engine),
      ...('problems' in card ? card.problems : []),
      ...bufferProblems(needs, engine.maxBufferBytes),
      ...share.problems,
      ...('problems' in identity ? identity.problems : []),
    ],
    warnings: [
      ...configWarnings(config),
      ...memoryWarnings(needs, free.freeMemoryBytes),
      ...diskWarnings(needs.diskBytes, free.freeDiskBytes),
      ...engineNotes(config, engine),
      ...wordsOf(await unused),
      ...share.warnings,
      ...untested.warnings,
      ...changedData(store, original, config, described),
      ...openFindings(await usedSets(config.dataset, folder, store.layout.home)),
    ],
    identicalRun: identical,
    data: described.items.map((item) => ({ ...item })),
    ...needs,
    offers: untested.offers,
    share: share.rows,
    ...free,
    secondsEstimate: 'group' in identity ? earlierSeconds(store, identity.group) : null,
  }
}

/** What a config that cannot be read, or data that cannot be found, leaves open. */
const knowingNothing = () => ({
  id: null,
  config: null,
  identicalRun: null,
  data: [],
  ...NO_MEMORY,
  diskBytes: null,
  secondsEstimate: null,
  offers: [],
  share: [],
})

async function identify(store: RunStore, described: DataDescription, config: RunConfig, folder: string) {
  return tryTo(async () => {
    const resolved = await resolveConfig(
      { store, describeData: () => Promise.resolve(described) },
      config,
      folder,
    )
    const repeats = repeatsOf(store, resolved)
    const known = repeats.find(({ status }) => status !== null)
    const { id, identity } = known ?? repeats[0]!
    return { id, group: identity.group, identical: known === undefined ? null : store.summary(known.id) }
  })
}

/** What is known of the data; they are built where their sizes are not known. Without sizes the shapes still make a model. */
async function factsOf(
  config: RunConfig,
  { shapes, problems, fingerprint }: DataDescription,
  shapesOf: PreflightDeps['shapesOf'],
): Promise<DataFacts | { problems: Preflight['problems'] }> {
  if (problems.length > 0) return { problems: [] }
  if (shapes?.sizes !== undefined) return shapes
  const found = await tryTo(() => shapesOf(config, fingerprint))
  return 'problems' in found && shapes !== null ? shapes : found
}

/** The card of a model, or why there is none; that of a plug-in is known to workers alone. */
async function cardOrProblems(config: RunConfig, facts: DataFacts): Promise<ModelCard | Faults> {
  if (ownPart('model', config.model.fn) !== undefined) return { problems: [] }
  return tryTo(() => checkedCard(config, facts))
}

/** The card of a model that has what the trainer names in it. */
async function checkedCard(config: RunConfig, facts: DataFacts): Promise<ModelCard> {
  const card = modelCard(config, facts)
  await checkNaming(config, () => Promise.resolve(facts))
  return card
}

async function shareOrProblems(config: RunConfig, sizes: NonNullable<DataFacts['sizes']>) {
  const found = await tryTo(() => shareOf(config, sizes))
  return 'rows' in found ? found : { ...NO_SHARE, problems: found.problems }
}

/** The device that the run would be given now; null where the processor computes. */
const deviceOf = (store: RunStore, now: Machine, { trainer }: RunConfig): ComputeDevice | null =>
  deviceFor(now, placedRuns(store), 'any', suitedTo([trainer]))

/** What the run takes, of main memory and of the device that it would be given now, where its data and its model are known. */
function needsOf(
  card: ModelCard | Faults,
  config: RunConfig,
  facts: DataFacts | Faults,
  device: ComputeDevice | null,
) {
  if ('problems' in card || 'problems' in facts) return { ...NO_MEMORY, diskBytes: null }
  const diskBytes = card.parameters * BYTES_ON_DISK_PER_PARAMETER
  return { ...memoryCheck(card, config, facts.inputs, device), diskBytes }
}

/** A sentence, or why there is none to tell. */
const wordsOf = (said: string | null | { problems: Preflight['problems'] }): string[] => {
  if (said === null) return []
  return typeof said === 'string' ? [said] : said.problems.map(({ message }) => message)
}

/** A clone must see the data that its original saw. */
function changedData(
  store: RunStore,
  original: string | null,
  config: RunConfig,
  { fingerprint, problems }: DataDescription,
): string[] {
  if (original === null || problems.length > 0 || !store.exists(original)) return []
  const { name, identity, config: then } = store.read(original)
  const isSameChoice =
    canonicalJson(then.dataset) === canonicalJson(config.dataset) && then.data_seed === config.data_seed
  if (!isSameChoice || identity.rule !== CONTENT_RULE || identity.data === fingerprint) return []
  return [`The data have changed since "${name}" was made: the two runs will not be comparable.`]
}

function diskWarnings(diskBytes: number | null, freeDiskBytes: number): string[] {
  if (diskBytes === null || diskBytes <= freeDiskBytes) return []
  return [`The run needs about ${sizeText(diskBytes)} on the disk, ${sizeText(freeDiskBytes)} are free.`]
}

/** How long runs of the same settings with other seeds took. */
function earlierSeconds(store: RunStore, group: string): number | null {
  const times = store
    .list({ status: ['finished'] })
    .runs.filter((run) => run.groupId === group)
    .map(({ seconds }) => seconds)
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? null
}

async function tryTo<T>(work: () => Promise<T>): Promise<T | { problems: Preflight['problems'] }> {
  try {
    return await work()
  } catch (error) {
    return { problems: toProblems(error).map((problem) => ({ ...problem })) }
  }
}
