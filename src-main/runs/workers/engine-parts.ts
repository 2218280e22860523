import type { UsedPlugins } from '../../../src-shared/schema/plugin/manifest.ts'
import type { Problem } from '../../../src-shared/contract/errors.ts'
import type { EngineProof } from '../../../src-shared/contract/engine-proof.ts'
import type { DatasetChoice, ModelChoice } from '../../../src-shared/schema/registry.ts'
import type { ModelShapes } from '../../engine/model/index.ts'
import type { ComputeDevice } from '../../io/native/devices/compute-devices.ts'
import type { Normalisations } from '../../data/assemble/build-data.ts'
import type { FormerRule } from '../../data/image-sets/data-source.ts'
import { CONTENT_RULE, type ContentRule } from '../../data/content/manifest.ts'
import type { DataFacts } from '../../data/content/stored-shapes.ts'
import type { RunIdentityRecord } from '../../store/files/run-record.ts'
import type { DataSet, Model, Train } from '../../engine/types.ts'
import type { EngineName } from '../../../src-shared/contract/engine-name.ts'

/** What computes, as found in this process. */
export interface BackendFacts {
  readonly name: EngineName
  readonly reason: string
  /** Version of libtensorflow; '' where there is none. */
  readonly tfVersion: string
  readonly gpu: boolean
  readonly threads: number
  /** What was proved about the native engine here. */
  readonly proof?: EngineProof | null
  /** The cards, or parts of them, that this process sees, where it computes on one. */
  readonly cards?: readonly Pick<ComputeDevice, 'uuid' | 'name' | 'computeCapability'>[]
  /** Names of the cards that are there and compute nothing. */
  readonly unusedCards?: readonly string[]
  /** Memory of the card that is in use, as known a few seconds ago, in bytes; null while not known. Absent where no card computes. */
  readonly deviceMemory?: () => number | null
}

/** What a dataset config stands for, found without building it. */
export interface DataDescription {
  /** Hash over the content of everything it reads. */
  readonly fingerprint: string
  /** Fingerprint of each part: of the images, of the recording of each area. */
  readonly parts?: Readonly<Record<string, string>>
  /** Fingerprint by a rule of earlier versions, by which their runs are known. */
  former?(rule: FormerRule): Promise<string>
  readonly items: readonly { readonly name: string; readonly present: boolean; readonly detail: string }[]
  readonly problems: readonly Problem[]
  /** What a model must know about the data; null where that is known only after building them. */
  readonly shapes: DataFacts | null
}

/** Whether the data of a run are those that were found, by the rule that the run was made with. */
export async function isSameData(
  identity: RunIdentityRecord,
  { fingerprint, former }: Pick<DataDescription, 'fingerprint' | 'former'>,
): Promise<boolean> {
  const rule = ruleOf(identity)
  if (identity.data === fingerprint) return true
  return rule !== CONTENT_RULE && former !== undefined && identity.data === (await former(rule))
}

/** The rule by which the data of a run are known. */
export const ruleOf = ({ rule }: RunIdentityRecord): ContentRule =>
  rule === undefined ? 1 : rule === 2 ? 2 : CONTENT_RULE

/** Looks at a run's data; cheap enough for the service process. `folder`: where relative paths are seen from. */
export type DescribeData = (
  choice: DatasetChoice,
  dataSeed: number,
  folder: string,
) => Promise<DataDescription>

/** The data of a run with what a model must know about them. */
export interface BuiltData {
  readonly data: DataSet
  readonly shapes: ModelShapes
  /** How the images of each task were normalised. */
  readonly normalisations?: Normalisations
  /** Closes files and ends threads. */
  dispose(): void
}

/** Says what takes so long; `fraction` from 0 to 1. */
type Report = (detail: string, fraction: number) => void

/** The engine as a run uses it; the worker passes in the real one, tests one that counts. */
export interface EngineParts {
  loadBackend(): Promise<BackendFacts>
  describeData: DescribeData
  /** `rule` is that of the run's identity: by the earlier ones, names of sessions named random streams. */
  buildData(
    choice: DatasetChoice,
    dataSeed: number,
    folder: string,
    report: Report,
    rule?: ContentRule,
  ): Promise<BuiltData>
  /** Makes the plug-ins that a config uses known to the engine; absent where none can be. @throws CotrainError for one that cannot run */
  usePlugins?(used: UsedPlugins): Promise<void>
  buildModel(choice: ModelChoice, built: BuiltData, seed: number): Promise<Model> | Model
  train: Train
}
