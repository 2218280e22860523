import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import type { Criterion } from '../../eval/validate.ts'
import {
  buildLoss,
  buildWeighedLoss,
  isLikelihood,
  logWeightName,
  neuralObjective,
} from '../../loss/index.ts'
import type { Model, ParamMap, Route, TaskName } from '../../types.ts'
import type { TrainingRules } from './rules.ts'

interface ObjectivePlace {
  readonly model: Model
  readonly params: ParamMap
  readonly route: Route
  /** Examples in the loader of this session: N of sqrt(N / B). */
  readonly size: number
}

/** How a task is learned and how its loss is reported. */
export interface TaskObjective {
  /** What one batch adds to the loss, and the regulariser's part of it (null where none is added). [] */
  of(
    output: Tensor2D,
    target: Tensor,
    at: ObjectivePlace,
  ): { readonly total: Scalar; readonly penalty: Scalar | null }
  /**
   * The loss that the config names, without learned weight, scaling or regulariser: mean per image, or per recorded
   * response. The same in training and validation, so that the two curves can be compared.
   */
  readonly criterion: Criterion
}

/** What each task with a loss is trained for, and how its loss is reported. */
export function taskObjectives(rules: TrainingRules): ReadonlyMap<TaskName, TaskObjective> {
  return new Map([...rules.losses].map(([task, name]) => [task, taskObjective(task, name, rules)]))
}

function taskObjective(task: TaskName, name: string, rules: TrainingRules): TaskObjective {
  const own = rules.ownParts
  const options = { lossSum: rules.sumLosses, avgLoss: rules.averagePoisson, own }
  const plain = buildLoss(name, options)
  const weighed = buildWeighedLoss(name, options)
  return {
    criterion: {
      loss: buildLoss(name, { lossSum: false, avgLoss: true, own }),
      ofParameters: isLikelihood(name),
    },
    of: (output, target, { model, params, route, size }) => {
      const logWeight = params.get(logWeightName(task))
      const criterion = logWeight === undefined ? plain(output, target) : weighed(output, target, logWeight)
      if (route.task === 'img_classification') return { total: criterion, penalty: null }
      const penalty = rules.regularize ? model.penalty(params, route) : null
      const batchSize = output.shape[0]
      return {
        total: neuralObjective(criterion, penalty, { scale: rules.scaleLoss, datasetSize: size, batchSize }),
        penalty,
      }
    },
  }
}
