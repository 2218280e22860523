import type { ImageOptions } from '../../../src-shared/schema/dataset/image-fields.ts'
import type { NeuralOptions } from '../../../src-shared/schema/dataset/neural-fields.ts'
import type { DatasetChoice } from '../../../src-shared/schema/registry.ts'
import type { ModelShapes } from '../../engine/model/index.ts'
import type { NeuralSet } from '../../engine/types.ts'
import type { CanonicalFile } from '../../io/canonical/read.ts'
import type { DataDeps } from '../content/data-deps.ts'
import type { ImageSetFiles } from './image-set-files.ts'
import type { CONTENT_RULE, ContentRule, Manifest } from '../content/manifest.ts'

export type FormerRule = Exclude<ContentRule, typeof CONTENT_RULE>

export interface ImageDataSource {
  readonly options: ImageOptions
  readonly set: ImageSetFiles
  readonly fingerprint: string
}

/** Builds the data of a config; handed in where a source needs those of another run. */
export type BuildForRun = (
  choice: DatasetChoice,
  dataSeed: number,
  deps: DataDeps,
) => Promise<{ readonly shapes: ModelShapes; dispose(): void }>

export interface NeuralDataSource {
  readonly area: NeuralSet
  readonly options: NeuralOptions
  readonly manifest: Manifest
  /** The same by a former rule, for runs of that time. */
  former(rule: FormerRule): Promise<Manifest>
  /** The application makes the responses, and names their sessions itself. */
  readonly isMade: boolean
  /** `build` builds the data of another run; only responses that a run makes need it. */
  open(build?: BuildForRun): Promise<CanonicalFile>
}

/** Where the data of a config come from, and their content. */
export interface DataSources {
  readonly images: ImageDataSource | null
  readonly neural: readonly NeuralDataSource[]
  readonly manifest: Manifest
  /** Fingerprint of each part: of the images without what they are scored on, of each recording. */
  readonly parts: Readonly<Record<string, string>>
  /** Fingerprint by a former rule. */
  former(rule: FormerRule): Promise<string>
}

/** What is needed to find a recording. */
export interface NeuralSourceRequest {
  readonly area: NeuralSet
  readonly options: NeuralOptions
  readonly seed: number
  /** The classification part of the same config, for a population that sees its images. */
  readonly classification: ImageOptions | null
}
