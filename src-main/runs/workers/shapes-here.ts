import type { DatasetChoice } from '../../../src-shared/schema/registry.ts'
import { runsNamed } from '../../../src-shared/schema/step-reference.ts'
import type { DataFacts } from '../../data/content/stored-shapes.ts'
import { shapesJson } from '../../data/content/stored-shapes.ts'
import { sizesOf } from '../../engine/train/index.ts'
import type { EngineParts } from './engine-parts.ts'

/** In a worker process: builds the data of a request and says their shapes. */
export async function shapesHere(request: unknown, folder: string, parts: EngineParts): Promise<unknown> {
  const { choice, dataSeed } = request as { choice: DatasetChoice; dataSeed: number } // from findShapes
  // Responses that a run gives are computed by its network, where they have not been before.
  if (runsNamed(choice.config).length > 0) await parts.loadBackend()
  const built = await parts.buildData(choice, dataSeed, folder, () => undefined)
  built.dispose()
  const tested = Object.fromEntries(
    Object.entries(built.data.test).map(([task, loaders]) => [task, [...loaders.keys()]]),
  )
  const sizes = { ...sizesOf(built.data), tested } as NonNullable<DataFacts['sizes']> // only read from here on
  return JSON.parse(shapesJson({ ...built.shapes, sizes }))
}
