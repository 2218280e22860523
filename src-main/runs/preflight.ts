import { statfs } from 'node:fs/promises'
import { freemem } from 'node:os'
import type { Result } from '../../src-shared/contract/contract.ts'
import { toProblems } from '../../src-shared/contract/errors.ts'
import { wireConfig } from '../../src-shared/contract/run.ts'
import type { RunConfig } from '../../src-shared/schema/run-config.ts'
import { parseRunConfig } from '../../src-shared/schema/run-config.ts'
import type { RunStore } from '../store/run-store.ts'
import { repeatsOf, resolveConfig } from './create-run.ts'
import type { DataDescription, DescribeData } from './engine-parts.ts'
import type { ModelCard } from './model-card.ts'
import { modelCard } from './model-card.ts'

type Preflight = Result<'config.preflight'>

/** A float32 parameter, its gradient and Adam's two moments. */
const BYTES_PER_PARAMETER = 16
/** Activations are kept for the backward pass, and their gradients come while they go. */
const ACTIVATION_COPIES = 2
/** TensorFlow and Node with nothing loaded. */
const BASE_BYTES = 400e6
/** Weights, best weights and Adam's moments of up to three checkpoints, and the result. */
const BYTES_ON_DISK_PER_PARAMETER = 4 * (4 * 3 + 1)

/** What a run would need and whether it could start, without starting it. Never throws for a bad config. */
export async function preflight(
  store: RunStore,
  describeData: DescribeData,
  given: unknown,
  folder: string,
): Promise<Preflight> {
  const disk = await statfs(store.layout.home)
  const free = { freeMemoryBytes: freemem(), freeDiskBytes: disk.bavail * disk.bsize }
  const nothing = {
    id: null,
    config: null,
    identicalRun: null,
    data: [],
    memoryBytes: null,
    diskBytes: null,
    secondsEstimate: null,
  }
  const parsed = parseRunConfig(given)
  if (!parsed.ok) return { ...nothing, ...free, problems: [...parsed.problems], warnings: [] }
  const config = parsed.value
  const described = await tryTo(() => describeData(config.dataset, config.data_seed, folder))
  if ('problems' in described && !('fingerprint' in described))
    return {
      ...nothing,
      ...free,
      config: wireConfig.parse(config),
      problems: described.problems,
      warnings: [],
    }
  const card = cardOrProblems(config, described)
  const identity =
    described.problems.length > 0 ? described : await identify(store, described, config, folder)
  const needs = 'parameters' in card ? needsOf(card, config) : { memoryBytes: null, diskBytes: null }
  const identical = 'identical' in identity ? identity.identical : null
  return {
    id: 'id' in identity ? identity.id : null,
    config: wireConfig.parse(config),
    problems: [
      ...('problems' in card ? card.problems : []),
      ...('problems' in identity ? identity.problems : []),
    ],
    warnings: warningsOf(needs, free),
    identicalRun: identical,
    data: described.items.map((item) => ({ ...item })),
    ...needs,
    ...free,
    secondsEstimate: 'group' in identity ? earlierSeconds(store, identity.group) : null,
  }
}

async function identify(store: RunStore, described: DataDescription, config: RunConfig, folder: string) {
  return tryTo(async () => {
    const resolved = await resolveConfig(
      { store, describeData: () => Promise.resolve(described) },
      config,
      folder,
    )
    const repeats = repeatsOf(store, resolved)
    const known = repeats.find(({ status }) => status !== null)
    const { id, identity } = known ?? (repeats[0] as (typeof repeats)[number])
    return { id, group: identity.group, identical: known === undefined ? null : store.summary(known.id) }
  })
}

function cardOrProblems(
  config: RunConfig,
  { shapes }: DataDescription,
): ModelCard | { problems: Preflight['problems'] } {
  if (shapes === null) return { problems: [] }
  try {
    return modelCard(config, shapes)
  } catch (error) {
    return { problems: toProblems(error).map((problem) => ({ ...problem })) }
  }
}

function needsOf(card: ModelCard, config: RunConfig): { memoryBytes: number; diskBytes: number } {
  const { batch_size: batch } = config.dataset.config
  const batchSize = typeof batch === 'number' ? batch : 128
  const training =
    card.parameters * BYTES_PER_PARAMETER + card.activationBytes * batchSize * ACTIVATION_COPIES
  return { memoryBytes: BASE_BYTES + training, diskBytes: card.parameters * BYTES_ON_DISK_PER_PARAMETER }
}

function warningsOf(
  { memoryBytes, diskBytes }: { memoryBytes: number | null; diskBytes: number | null },
  { freeMemoryBytes, freeDiskBytes }: { freeMemoryBytes: number; freeDiskBytes: number },
): string[] {
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`
  const warnings: string[] = []
  if (memoryBytes !== null && memoryBytes > freeMemoryBytes)
    warnings.push(
      `Training needs about ${gigabytes(memoryBytes)} of memory, ${gigabytes(freeMemoryBytes)} are free: use smaller batches.`,
    )
  if (diskBytes !== null && diskBytes > freeDiskBytes)
    warnings.push(
      `The run needs about ${gigabytes(diskBytes)} on the disk, ${gigabytes(freeDiskBytes)} are free.`,
    )
  return warnings
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
