import { z } from 'zod'
import type { Problem } from '../../contract/errors.ts'
import { fieldMeta, record } from '../field.ts'
import type { AnyLossName } from '../names.ts'
import { LOSS_NAMES, OWN_NAME } from '../names.ts'
import type { OwnPart } from '../plugin/own-parts.ts'
import { ownPart, unknownOwnPart } from '../plugin/own-parts.ts'
import { problemsOf } from '../problem-words.ts'

/** A loss of CoTrain, or the name of one that a plug-in adds. */
const lossName = z.union([
  z.enum(LOSS_NAMES),
  z.custom<AnyLossName>((name) => typeof name === 'string' && OWN_NAME.test(name)),
])
fieldMeta.add(lossName, { label: 'Loss', help: '', refersTo: 'own-loss' })

/** Whether a loss is that of a plug-in. */
export const isOwnLoss = (name: AnyLossName): boolean => OWN_NAME.test(name)

export const lossFields = {
  loss_functions: record(lossName, {
    default: { img_classification: 'CrossEntropyLoss' },
    label: 'Losses',
    help: 'Task -> loss. Only tasks named here are trained. A loss of a plug-in is named as it is there (lab/name).',
    group: 'Tasks',
  }),
  own_parts: record(z.record(z.string(), z.unknown()), {
    default: {},
    label: 'Parts of plug-ins',
    help: 'Name of a loss or measure of a plug-in -> its options. A measure that is named here is computed in the final evaluation.',
    group: 'Tasks',
    advanced: true,
    identity: 'with-plugins',
  }),
}

interface WithOwnParts {
  readonly loss_functions: Readonly<Record<string, AnyLossName>>
  readonly own_parts: Readonly<Record<string, unknown>>
}

/**
 * Losses and measures of plug-ins that a trainer config uses, each with its options as they are given. Configs of runs that are older than
 * plug-ins have no `own_parts`.
 */
export function ownPartsUsed({
  loss_functions: losses,
  own_parts: given = {},
}: Pick<WithOwnParts, 'loss_functions'> & Partial<WithOwnParts>): ReadonlyMap<string, unknown> {
  const named = Object.values(losses)
    .filter(isOwnLoss)
    .map((fn) => [fn, given[fn] ?? {}] as const)
  return new Map([...named, ...Object.entries(given)])
}

/** A part has to be there, its options have to be those that its package states, and it has to fit its task. */
export function ownPartProblems(config: WithOwnParts): readonly Problem[] {
  const { loss_functions: losses, own_parts: given } = config
  const ofTasks = Object.entries(losses)
    .filter(([, fn]) => isOwnLoss(fn))
    .flatMap(([task, fn]) => lossProblems(task, fn))
  const used = new Set<string>(Object.values(losses))
  const ofOptions = Object.entries(given).flatMap(([fn, options]) => {
    const path = `own_parts.${fn}`
    const loss = ownPart('loss', fn)
    if (loss !== undefined && !used.has(fn)) {
      const message = 'no task has this loss, so that its options change nothing.'
      return [
        { code: 'config-invalid' as const, path, message, hint: 'Name it in loss_functions, or remove it.' },
      ]
    }
    const part = loss ?? ownPart('measure', fn)
    // That a loss is not there is said where it is named.
    if (part === undefined) return used.has(fn) ? [] : [unknownOwnPart('measure', fn, path)]
    return optionProblems(part, options, path)
  })
  return [...ofTasks, ...ofOptions]
}

function lossProblems(task: string, fn: string): readonly Problem[] {
  const path = `loss_functions.${task}`
  const part = ownPart('loss', fn)
  if (part === undefined) return [unknownOwnPart('loss', fn, path)]
  const tasks: readonly string[] = part.entry.kind === 'loss' ? part.entry.tasks : []
  if (tasks.includes(task)) return []
  const message = `the loss "${fn}" does not fit this task.`
  return [{ code: 'config-invalid', path, message, hint: `Its plug-in offers it for ${tasks.join(', ')}.` }]
}

function optionProblems(part: OwnPart, options: unknown, path: string): readonly Problem[] {
  const parsed = part.schema.safeParse(options)
  return parsed.success ? [] : problemsOf(parsed.error, part.schema, options, path)
}
