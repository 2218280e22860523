import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { identityOf } from '../../../src-shared/schema/canonical.ts'
import type { DatasetChoice } from '../../../src-shared/schema/registry.ts'
import { findComponent } from '../../../src-shared/schema/registry.ts'
import type { Disk } from '../../disk/disk.ts'
import type { HomeLayout } from '../../disk/home-layout.ts'
import { askWorker } from './ask-worker.ts'
import { hashOf } from './run-identity.ts'
import type { DataFacts } from '../../data/content/stored-shapes.ts'
import { readShapes, storedShapes } from '../../data/content/stored-shapes.ts'
import type { MakeAsking } from './worker-process.ts'

/** A dataset config with its seed, on data of this content. */
export interface ShapesOf {
  readonly choice: DatasetChoice
  readonly dataSeed: number
  readonly fingerprint: string
}

/** Shapes that were found before; null otherwise. Kept with the index: they can be found again at any time. */
export const knownShapes = (layout: HomeLayout, of: ShapesOf): DataFacts | null =>
  readShapes(pathOf(layout, of))

/** Builds the data in a process of its own and keeps what a model must know about them. */
export async function findShapes(
  layout: HomeLayout,
  disk: Disk,
  command: MakeAsking,
  of: ShapesOf,
  folder: string,
): Promise<DataFacts> {
  const known = knownShapes(layout, of)
  if (known?.sizes !== undefined) return known
  const found = await askWorker(await command(), {
    job: 'shapes',
    folder,
    request: { choice: of.choice, dataSeed: of.dataSeed },
    answer: storedShapes,
    doing: 'looking at the data',
  })
  mkdirSync(layout.shapes, { recursive: true })
  await disk.writeFile(pathOf(layout, of), JSON.stringify(found))
  return found as DataFacts
}

function pathOf(layout: HomeLayout, { choice, dataSeed, fingerprint }: ShapesOf): string {
  const known = findComponent('dataset', choice.fn)
  const config = known === undefined ? choice.config : identityOf(known.schema, choice.config)
  return join(layout.shapes, `${hashOf({ fn: choice.fn, config, dataSeed, fingerprint })}.json`)
}
