import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { ownPart } from '../../../src-shared/schema/plugin/own-parts.ts'
import { findComponent } from '../../../src-shared/schema/registry.ts'
import { resolve } from '../../../src-shared/schema/resolve.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import type { ModelShapes } from '../../engine/model/index.ts'

/** Options of a trainer that name parts of the model. */
const NAMING = ['specific_opt_options', 'freeze', 'freeze_bn.last_layer'] as const

function namesParts({ trainer }: RunConfig): boolean {
  const known = findComponent('trainer', trainer.fn)
  if (known === undefined) return false
  const { options } = resolve(known, trainer.config)
  return NAMING.some((path) => options.get(path)?.changed === true)
}

/**
 * Looks up in the model what the trainer names there, before there is a run. The shapes of the data are asked for only
 * where something is named. @throws CotrainError for what the model does not have.
 */
export async function checkNaming(config: RunConfig, shapesOf: () => Promise<ModelShapes>): Promise<void> {
  // The network of a plug-in is built in workers alone, which look the names up before they train.
  if (!namesParts(config) || ownPart('model', config.model.fn) !== undefined) return
  const { model, trainer } = config
  const shapes = await shapesOf()
  // Models bring TensorFlow.js along, which most of the service can do without.
  const { buildModel } = await import('../../engine/model/index.ts')
  const { namingProblems } = await import('../../engine/train/index.ts')
  const problems = namingProblems(trainer, buildModel(model, shapes))
  if (problems.length > 0) throw new CotrainError(problems)
}
