import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { DatasetChoice } from '../../../src-shared/schema/registry.ts'
import type { ModelShapes } from '../../engine/model/base/shape.ts'
import type { Normalisation } from '../../engine/data/loaders/normalise.ts'
import type { DataSet, Loader, NeuralSession, NeuralSet, TaskLoaders, TaskName } from '../../engine/types.ts'
import { createBatchPool } from '../batches/batch-pool.ts'
import { lazyCorruptions } from '../batches/corruption-threads.ts'
import { frostImages } from '../image-sets/frost-images.ts'
import type { DataDeps } from '../content/data-deps.ts'
import type { DataSources } from '../image-sets/data-source.ts'
import { dataSources } from '../sources/data-sources.ts'
import type { ImagePartRequest } from './images/image-loading.ts'
import type { ImagePart } from './images/image-part.ts'
import { imagePart } from './images/image-part.ts'
import type { LabelledPart } from './neural/labelled-part.ts'
import type { Manifest } from '../content/manifest.ts'
import { CONTENT_RULE, type ContentRule, fingerprintOf, requireUnchanged } from '../content/manifest.ts'
import type { NeuralPart, NeuralPartRequest } from './neural/neural-part.ts'
import { neuralPart } from './neural/neural-part.ts'
import type { ScoredWish } from '../image-sets/scored-set.ts'
import { scoredSet } from '../image-sets/scored-set.ts'
import { waitClock } from '../batches/wait-clock.ts'

/** How the images of each task were normalised, on the 0..1 scale. */
export type Normalisations = Partial<Readonly<Record<TaskName, Normalisation>>>

/** Everything that a run needs of its data. */
export interface BuiltData {
  readonly data: DataSet
  /** What the model must know. */
  readonly shapes: ModelShapes
  readonly normalisations: Normalisations
  readonly fingerprint: string
  readonly manifest: Manifest
  /** Closes files and ends threads. */
  dispose(): void
}

/** Content of the data that a config names, without loading more than its files' hashes. */
export async function describeData(
  choice: DatasetChoice,
  dataSeed: number,
  deps: DataDeps,
): Promise<Pick<DataSources, 'manifest' | 'parts' | 'former'> & { readonly fingerprint: string }> {
  const { manifest, parts, former } = await dataSources(choice, dataSeed, deps)
  return { fingerprint: fingerprintOf(manifest), manifest, parts, former }
}

export interface BuildOptions {
  /** The manifest of an earlier start of the same run: other data then end with `data-changed`, naming each file. */
  readonly recorded?: Manifest | undefined
  /** Rule of the run's identity: by the earlier ones, names of sessions named random streams. */
  readonly rule?: ContentRule | undefined
  /** Nothing is for training: the test loaders have what is scored. */
  readonly scored?: ScoredWish | null
}

/** From a resolved dataset config to the engine's loaders. Data missing: `data-missing` with the place and the fix. */
export async function buildData(
  choice: DatasetChoice,
  dataSeed: number,
  deps: DataDeps,
  { recorded, rule = CONTENT_RULE, scored = null }: BuildOptions = {},
): Promise<BuiltData> {
  const sources = await dataSources(choice, dataSeed, deps)
  if (recorded !== undefined) requireUnchanged(recorded, sources.manifest, 'data')
  const clock = waitClock(deps.now)
  const textures = await frostImages(sources.images?.options.frost_textures ?? '', deps)
  const pool = createBatchPool(threadsOf(sources), textures)
  const corruptions = lazyCorruptions(textures)
  const opened: { close(): void }[] = [pool, corruptions]
  const shared: SharedBuild = { seed: dataSeed, clock, inputs: pool.inputs, corruptions }
  try {
    const images = await classificationPart(sources, shared, scored, deps)
    const neural = await neuralParts(sources, shared, { rule, scored }, deps, opened)
    const labelled = [...neural.values()].find((part) => part.labelled !== null) ?? null
    return {
      data: dataSet({ images, labelled: labelled?.labelled ?? null }, neural, clock.seconds),
      shapes: modelShapes({ images, labelled }, neural),
      normalisations: {
        ...(images && { img_classification: images.normalisation }),
        ...Object.fromEntries([...neural].map(([area, part]) => [area, part.normalisation])),
      },
      fingerprint: fingerprintOf(sources.manifest),
      manifest: sources.manifest,
      dispose: () => opened.forEach((file) => file.close()),
    }
  } catch (error) {
    opened.forEach((file) => file.close())
    throw error
  }
}

/** What all parts of the data are built with. */
type SharedBuild = Pick<ImagePartRequest, 'seed' | 'clock' | 'inputs' | 'corruptions'>

async function classificationPart(
  { images }: DataSources,
  shared: SharedBuild,
  scored: ScoredWish | null,
  deps: DataDeps,
): Promise<ImagePart | null> {
  if (images === null) return null
  const set = scored === null ? {} : { set: scoredSet(images.set, scored) }
  return imagePart({ ...images, ...set, ...shared }, deps)
}

/** The recordings by area; their files are added to `opened` as they are opened, so that they are closed on failure too. */
async function neuralParts(
  sources: DataSources,
  shared: SharedBuild,
  { rule, scored }: { readonly rule: ContentRule; readonly scored: ScoredWish | null },
  deps: DataDeps,
  opened: { close(): void }[],
): Promise<ReadonlyMap<NeuralSet, NeuralPart>> {
  const parts = new Map<NeuralSet, NeuralPart>()
  for (const { area, options, manifest, isMade, open } of sources.neural) {
    const file = await open(buildData)
    opened.push(file)
    const request: NeuralPartRequest = {
      ...shared,
      options,
      area,
      file,
      fingerprint: fingerprintOf(manifest),
      scored: scored?.part ?? null,
      streams: isMade || rule !== CONTENT_RULE ? 'by name' : 'by order',
    }
    parts.set(area, await neuralPart(request, deps))
  }
  return parts
}

const threadsOf = ({ images, neural }: DataSources): number =>
  Math.max(0, images?.options.num_workers ?? 0, ...neural.map(({ options }) => options.num_workers))

type Neural = ReadonlyMap<NeuralSet, NeuralPart>

/** Where classification comes from: images of its own, or the images of a recording. */
interface Classified {
  readonly images: ImagePart | null
  readonly labelled: LabelledPart | null
}

function dataSet({ images, labelled }: Classified, neural: Neural, waited: () => number): DataSet {
  const part = images ?? labelled
  return {
    train: taskLoaders(images?.train ?? null, neural, 'train'),
    validation: taskLoaders(part?.validation ?? null, neural, 'validation'),
    test: taskLoaders(part?.test ?? null, neural, 'test'),
    conditions: part?.conditions ?? new Map<string, Loader>(),
    sessions: allSessions(neural),
    classNames: part?.classNames ?? [],
    ...(images && { normalisation: images.normalisation }),
    waited,
  }
}

/** Published order of tasks: v1, v4, classification; what has no examples is left out. */
function taskLoaders(
  images: Loader | null,
  neural: Neural,
  tier: 'train' | 'validation' | 'test',
): TaskLoaders {
  const of = (area: NeuralSet) => {
    const loaders = neural.get(area)?.[tier]
    return loaders !== undefined && loaders.size > 0 ? loaders : undefined
  }
  const [v1, v4] = [of('v1'), of('v4')]
  return {
    ...(v1 && { v1 }),
    ...(v4 && { v4 }),
    ...(images && images.size > 0 && { img_classification: new Map([[images.key, images]]) }),
  }
}

function allSessions(neural: Neural): ReadonlyMap<string, NeuralSession> {
  const out = new Map<string, NeuralSession>()
  for (const part of neural.values()) {
    for (const [key, session] of part.sessions) {
      if (out.has(key)) {
        throw new CotrainError({
          code: 'config-invalid',
          path: 'dataset.config',
          message: `session "${key}" is in both areas.`,
          hint: 'Name the sessions of each area.',
        })
      }
      out.set(key, session)
    }
  }
  return out
}

function modelShapes(
  { images, labelled }: { readonly images: ImagePart | null; readonly labelled: NeuralPart | null },
  neural: Neural,
): ModelShapes {
  const [v1, v4] = [neural.get('v1')?.shape, neural.get('v4')?.shape]
  const classified = images?.shape ?? labelled?.shape
  return {
    inputs: { ...(v1 && { v1 }), ...(v4 && { v4 }), ...(classified && { img_classification: classified }) },
    sessions: [...neural.values()].flatMap((part) => part.shapes),
    classes: (images ?? labelled?.labelled)?.classNames.length ?? null,
  }
}
