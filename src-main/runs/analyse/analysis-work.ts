import type { AnalysedUnit } from '../../../src-shared/contract/analysis.ts'
import type { PictureScale } from '../../engine/analysis/gratings.ts'
import type { Progress } from '../../engine/analysis/responder.ts'
import type { DataSet, NeuralSet } from '../../engine/types.ts'
import type { EvaluationDeps } from '../evaluate/evaluate-here.ts'
import type { TrainedRun } from '../evaluate/trained-run.ts'
import type { OpenedResponder } from './open-responder.ts'
import type { RecordedPictures } from './recorded-pictures.ts'

/** All that an analysis of a trained network works with. */
export interface AnalysisWork {
  readonly run: TrainedRun
  readonly area: NeuralSet
  readonly units: readonly AnalysedUnit[]
  readonly opened: OpenedResponder
  readonly pictures: RecordedPictures
  readonly scale: PictureScale
  readonly data: DataSet
  readonly others: readonly TrainedRun[]
  readonly deps: EvaluationDeps
  readonly progress: Progress
}
