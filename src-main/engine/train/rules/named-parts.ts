import type { TrainerChoice } from '../../../../src-shared/schema/registry.ts'
import type { Problem } from '../../../../src-shared/contract/errors.ts'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { nearestName } from '../../../../src-shared/util/nearest-name.ts'
import { frozenNormNames } from '../../model/index.ts'
import { groupIndex, groupsOf } from '../../optim/index.ts'
import type { Model } from '../../types.ts'
import { cotrainerRules } from './cotrainer-rules.ts'
import { resetNames, trainableNames } from '../hooks/freeze.ts'
import type { TrainingRules } from './rules.ts'

type NamingRules = Pick<TrainingRules, 'optimizer' | 'freeze' | 'reset' | 'freezeNorms' | 'readoutName'>

/** Options of a trainer that name parts of the model, looked up in the model; empty when each of them finds something. */
export function namingProblems(trainer: TrainerChoice, model: Model): readonly Problem[] {
  if (trainer.fn !== 'cotrainer') return []
  try {
    checkNames(model, cotrainerRules(trainer.config))
    return []
  } catch (error) {
    if (error instanceof CotrainError) return error.problems
    throw error
  }
}

/**
 * The parameters that are trained. @throws CotrainError for options that name nothing in the model, and so change nothing:
 * words of `freeze` and `reset`, parameter groups, `freeze_bn`.
 */
export function checkNames(model: Model, rules: NamingRules): readonly string[] {
  const names = trainableNames(model, rules)
  resetNames(model, rules.reset)
  const problems = [...idleGroups(names, rules), ...idleNorms(model, rules)]
  if (problems.length > 0) throw new CotrainError(problems)
  return names
}

/** Groups that get no parameter: none has the word in its name, or all that do belong to groups before. */
function idleGroups(names: readonly string[], { optimizer }: NamingRules): readonly Problem[] {
  const groups = groupsOf(optimizer)
  const used = new Set(names.map((name) => groupIndex(groups, name)))
  return groups.flatMap(({ match }, i): Problem[] => {
    if (match === null || used.has(i)) return []
    const isTaken = names.some((name) => name.includes(match))
    const near = nearestName(match, [...new Set(names.flatMap((name) => name.split('.')))])
    return [
      {
        code: 'config-invalid',
        path: `trainer.config.specific_opt_options.${match}`,
        message: isTaken
          ? `every parameter with "${match}" in its name belongs to a group before this one.`
          : `no parameter that is trained has "${match}" in its name.`,
        hint:
          near === null
            ? `Write part of a name such as ${names[0] ?? 'a parameter'}.`
            : `Did you mean "${near}"?`,
      },
    ]
  })
}

function idleNorms({ specs }: Model, { freezeNorms }: NamingRules): readonly Problem[] {
  if (freezeNorms < 0 || frozenNormNames(specs, freezeNorms).size > 0) return []
  return [
    {
      code: 'config-invalid',
      path: 'trainer.config.freeze_bn.last_layer',
      message: `the model has no batch norm below index ${freezeNorms} of its blocks.`,
      hint: 'Use a larger index, or -1 to freeze none.',
    },
  ]
}
