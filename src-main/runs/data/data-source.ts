import type { ImageOptions } from '../../../src-shared/schema/dataset/image-fields.ts'
import type { NeuralOptions } from '../../../src-shared/schema/dataset/neural-fields.ts'
import type { NeuralSet } from '../../engine/types.ts'
import type { CanonicalFile } from '../../io/canonical/read.ts'
import type { ImageSetFiles } from './image-set-files.ts'
import type { Manifest } from './manifest.ts'

export interface ImageDataSource {
  readonly options: ImageOptions
  readonly set: ImageSetFiles
  readonly fingerprint: string
}

export interface NeuralDataSource {
  readonly area: NeuralSet
  readonly options: NeuralOptions
  readonly manifest: Manifest
  open(): Promise<CanonicalFile>
}

/** Where the data of a config come from, and their content. */
export interface DataSources {
  readonly images: ImageDataSource | null
  readonly neural: readonly NeuralDataSource[]
  readonly manifest: Manifest
}

/** What is needed to find a recording. */
export interface NeuralSourceRequest {
  readonly area: NeuralSet
  readonly options: NeuralOptions
  readonly seed: number
  /** The classification part of the same config, for a population that sees its pictures. */
  readonly classification: ImageOptions | null
}
