import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { ComponentChoice } from '../../../src-shared/schema/run-config.ts'
import type { ModelShapes } from '../../engine/model/shape.ts'
import type { DataSet, Loader, NeuralSession, NeuralSet, TaskLoaders } from '../../engine/types.ts'
import { createBatchPool } from './batch-pool.ts'
import { lazyCorruptions } from './corruption-threads.ts'
import { frostPictures } from './frost-pictures.ts'
import type { DataDeps } from './data-deps.ts'
import type { DataSources } from './data-source.ts'
import { dataSources } from './data-sources.ts'
import type { ImagePart } from './image-part.ts'
import { imagePart } from './image-part.ts'
import type { Manifest } from './manifest.ts'
import { fingerprintOf, requireUnchanged } from './manifest.ts'
import type { NeuralPart } from './neural-part.ts'
import { neuralPart } from './neural-part.ts'
import { waitClock } from './wait-clock.ts'

/** Everything that a run needs of its data. */
export interface BuiltData {
  readonly data: DataSet
  /** What the model must know. */
  readonly shapes: ModelShapes
  readonly fingerprint: string
  readonly manifest: Manifest
  /** Closes files and ends threads. */
  dispose(): void
}

/** Content of the data that a config names, without loading more than its files' hashes. */
export async function describeData(
  choice: ComponentChoice,
  dataSeed: number,
  deps: DataDeps,
): Promise<{ readonly fingerprint: string; readonly manifest: Manifest }> {
  const { manifest } = await dataSources(choice, dataSeed, deps)
  return { fingerprint: fingerprintOf(manifest), manifest }
}

/**
 * From a resolved dataset config to the engine's loaders. `recorded` is the manifest of an earlier start of the same run:
 * other data then end with `data-changed`, naming each file. Data missing: `data-missing` with the place and the fix.
 */
export async function buildData(
  choice: ComponentChoice,
  dataSeed: number,
  deps: DataDeps,
  recorded: Manifest | null = null,
): Promise<BuiltData> {
  const sources = await dataSources(choice, dataSeed, deps)
  if (recorded !== null) requireUnchanged(recorded, sources.manifest, 'data')
  const clock = waitClock(deps.now)
  const textures = await frostPictures(sources.images?.options.frost_textures ?? '', deps)
  const pool = createBatchPool(threadsOf(sources), textures)
  const corruptions = lazyCorruptions(textures)
  const opened: { close(): void }[] = [pool, corruptions]
  try {
    const images =
      sources.images === null
        ? null
        : await imagePart(
            { ...sources.images, seed: dataSeed, clock, inputs: pool.inputs, corruptions },
            deps,
          )
    const neural = new Map<NeuralSet, NeuralPart>()
    for (const { area, options, open } of sources.neural) {
      const file = await open()
      opened.push(file)
      neural.set(area, await neuralPart({ options, area, file, seed: dataSeed, clock, inputs: pool.inputs }))
    }
    return {
      data: dataSet(images, neural, clock.seconds),
      shapes: modelShapes(images, neural),
      fingerprint: fingerprintOf(sources.manifest),
      manifest: sources.manifest,
      dispose: () => opened.forEach((file) => file.close()),
    }
  } catch (error) {
    opened.forEach((file) => file.close())
    throw error
  }
}

const threadsOf = ({ images, neural }: DataSources): number =>
  Math.max(0, images?.options.num_workers ?? 0, ...neural.map(({ options }) => options.num_workers))

type Neural = ReadonlyMap<NeuralSet, NeuralPart>

function dataSet(images: ImagePart | null, neural: Neural, waited: () => number): DataSet {
  return {
    train: taskLoaders(images, neural, 'train'),
    validation: taskLoaders(images, neural, 'validation'),
    test: taskLoaders(images, neural, 'test'),
    conditions: images?.conditions ?? new Map<string, Loader>(),
    sessions: allSessions(neural),
    classNames: images?.classNames ?? [],
    waited,
  }
}

/** Published order of tasks: v1, v4, classification. */
function taskLoaders(
  images: ImagePart | null,
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
    ...(images && { img_classification: new Map([[images[tier].key, images[tier]]]) }),
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

function modelShapes(images: ImagePart | null, neural: Neural): ModelShapes {
  const [v1, v4] = [neural.get('v1')?.shape, neural.get('v4')?.shape]
  return {
    inputs: { ...(v1 && { v1 }), ...(v4 && { v4 }), ...(images && { img_classification: images.shape }) },
    sessions: [...neural.values()].flatMap((part) => part.shapes),
    classes: images?.classNames.length ?? null,
  }
}
