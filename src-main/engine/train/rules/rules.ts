import type { ConvPrecision } from '../../tensor/index.ts'
import type { CyclerArgs } from '../cyclers/build-cycler.ts'
import type { StopConfig } from '../schedule/stop-config.ts'
import type { ParamSpec, TaskName } from '../../types.ts'
import type { AnyLossName } from '../../../../src-shared/schema/names.ts'

/** What a trainer config means, whichever published trainer it follows: the only form in which training sees options. */
export interface TrainingRules {
  /** Task -> loss, in the published order v1, v4, img_classification. */
  readonly losses: ReadonlyMap<TaskName, AnyLossName>
  /** Losses and measures of plug-ins with their options, as given. */
  readonly ownParts: Readonly<Record<string, unknown>>
  readonly learnedWeights: boolean
  /** Tensors that modules learn beside the network; saved in checkpoints, no part of the result. */
  readonly moduleParams: readonly ParamSpec[]
  /** Multiply neural losses by sqrt(set size / batch size). */
  readonly scaleLoss: boolean
  readonly regularize: boolean
  /** The config leaves the regulariser to scaling, so that a person may not notice that it is off. */
  readonly regularizerExpected: boolean
  readonly averagePoisson: boolean
  readonly sumLosses: boolean
  readonly keepClasses: number
  readonly cycler: { readonly name: string; readonly args: CyclerArgs }
  readonly stop: StopConfig
  readonly optimizer: OptimizerRules
  readonly resetOptimizerOnRestore: boolean
  readonly gradClip: number | null
  /** Number format inside convolutions. */
  readonly precision: ConvPrecision
  readonly freeze: readonly string[]
  readonly reset: readonly string[]
  /** Batch norms below this index of their block use running statistics while training; -1: none. */
  readonly freezeNorms: number
  readonly readoutName: string
  readonly finalSuite: { readonly train: boolean; readonly validation: boolean; readonly test: boolean }
  /** Scores readouts that no batch has trained; they are marked. */
  readonly allowUntrained: boolean
  readonly saveEvery: number
}

interface OptimizerRules {
  readonly name: 'Adam' | 'AdamW' | 'SGD'
  readonly options: Readonly<Record<string, unknown>>
  /** Part of a parameter name -> options of that group. */
  readonly groups: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly missingGradients: 'zero' | 'skip'
}
