import type { AnalysedUnit } from '../../../src-shared/contract/analysis.ts'
import type { ImageScale } from '../../engine/analysis/gratings.ts'
import type { Progress } from '../../engine/analysis/responder.ts'
import type { DataSet, NeuralSet } from '../../engine/types.ts'
import type { EvaluationDeps } from '../evaluate/evaluate-here.ts'
import type { TrainedRun } from '../evaluate/trained-run.ts'
import type { OpenedResponder } from './open-responder.ts'
import type { RecordedImages } from './recorded-images.ts'

/** All that an analysis of a trained network works with. */
export interface AnalysisWork {
  readonly run: TrainedRun
  readonly area: NeuralSet
  readonly units: readonly AnalysedUnit[]
  readonly opened: OpenedResponder
  readonly images: RecordedImages
  readonly scale: ImageScale
  readonly data: DataSet
  readonly others: readonly TrainedRun[]
  readonly deps: EvaluationDeps
  readonly progress: Progress
}
