import { z } from 'zod'
import type { Problem } from '../contract/errors.ts'
import { nearestName } from '../util/nearest-name.ts'
import type { ComponentKind, Parsed } from './component.ts'
import { parseComponent } from './component.ts'
import { boolean, choice, fieldMeta, int, list, nullable, text } from './field.ts'
import { problemsOf } from './problem-words.ts'
import { OWN_NAME } from './names.ts'
import { unknownOwnPart } from './plugin/own-parts.ts'
import type { Choices } from './registry.ts'
import { componentsOf, findComponent } from './registry.ts'
import { isMap, resolve } from './resolve.ts'
import { wordOf } from './words.ts'

/** Options are checked by the component that `fn` names, not here. */
const part = (kind: ComponentKind) => {
  const schema = z.strictObject({ fn: z.string(), config: z.record(z.string(), z.unknown()).default({}) })
  fieldMeta.add(schema, { label: kind, help: `Which ${kind} and its options.` })
  return schema
}

const parentSchema = z.strictObject({
  run: nullable(z.string(), {
    label: 'Parent run',
    help: 'Start from this run (its id): the result of a finished one, or one of the checkpoints that it kept.',
    refersTo: 'run',
  }),
  file: nullable(z.string(), {
    label: 'Weights file',
    help: 'Start from the tensors in this .safetensors file.',
  }),
  use: choice(['weights', 'data', 'both', 'training'], {
    default: 'weights',
    label: 'Take over',
    help: 'Its weights, the data that it produced (predicted responses), both, or its training: weights, optimizer, schedule and stopping as they were at a checkpoint.',
  }),
  epoch: nullable(z.number().min(0), {
    label: 'From epoch',
    help: 'The kept checkpoint to start from. Empty: with training the last one, else the final weights of the finished run.',
  }),
  strict: boolean({
    default: false,
    label: 'Strict',
    help: 'Refuse to start when a tensor is missing, unused or of another shape; otherwise the differences are reported.',
  }),
})

/** A run as a person writes it down: three components, seeds, and what does not change the result. */
export const runConfigSchema = z.strictObject({
  name: text({ default: '', label: 'Name', help: 'Label of the run.', identity: false }),
  dataset: part('dataset'),
  model: part('model'),
  trainer: part('trainer'),
  seed: int({
    default: 1000,
    min: 0,
    label: 'Seed',
    help: 'Seeds initial weights, batch order of training, dropout and readout positions.',
  }),
  data_seed: int({
    default: 1000,
    min: 0,
    label: 'Data seed',
    help: 'Seeds splits, augmentation and generated data; kept apart so that runs of different seeds share their data.',
  }),
  parent: nullable(parentSchema, {
    label: 'Start from',
    help: 'Another run or a weights file to start from.',
  }),
  comment: text({ default: '', label: 'Comment', help: 'Free text.', identity: false }),
  tags: list(z.string(), {
    default: [],
    label: 'Tags',
    help: 'Words to find and group runs by.',
    identity: false,
  }),
})

/** A validated config with every default filled in. */
export type RunConfig = Readonly<Omit<z.output<typeof runConfigSchema>, ComponentKind>> & Choices

export const KINDS: readonly ComponentKind[] = ['dataset', 'model', 'trainer']

/** Validates a whole run config; returns it with defaults, or every problem found. Never throws for bad input. */
export function parseRunConfig(given: unknown, path = ''): Parsed<RunConfig> {
  const first = runConfigSchema.safeParse(given)
  const problems: Problem[] = first.success ? [] : problemsOf(first.error, runConfigSchema, given, path)
  const choose = <K extends ComponentKind>(kind: K): Choices[K] | null => {
    const raw = isMap(given) ? given[kind] : null
    if (!isMap(raw) || typeof raw['fn'] !== 'string') return null
    const parsed = parseChoice(kind, raw['fn'], raw['config'], path === '' ? kind : `${path}.${kind}`)
    if (parsed.ok) return parsed.value
    problems.push(...parsed.problems)
    return null
  }
  const [dataset, model, trainer] = [choose('dataset'), choose('model'), choose('trainer')]
  if (first.success) problems.push(...parentProblems(first.data.parent, path))
  const isWhole = first.success && problems.length === 0
  if (!isWhole || dataset === null || model === null || trainer === null) return { ok: false, problems }
  const value: RunConfig = { ...first.data, dataset, model, trainer }
  const apart = [...taskProblems(value, path), ...pretrainedProblems(value, path)]
  return apart.length > 0 ? { ok: false, problems: apart } : { ok: true, value }
}

/**
 * A config as a run was stored with it, options that came later at their defaults. It was valid when the run was made, so
 * that nothing in it is refused now.
 */
export function storedConfig(config: RunConfig): RunConfig {
  const filled = KINDS.map((kind) => {
    const known = findComponent(kind, config[kind].fn)
    const { fn, config: given } = config[kind]
    return [kind, known === undefined ? config[kind] : { fn, config: resolve(known, given).config }] as const
  })
  return { ...config, ...Object.fromEntries(filled) }
}

/**
 * A changed config of a run that is there. It is judged by what the change brings: an option that is refused today was valid
 * when the run was made, and does what it did then.
 */
export function changedConfig(
  before: RunConfig,
  after: RunConfig,
): {
  readonly config: RunConfig
  readonly problems: readonly Problem[]
  readonly inherited: readonly string[]
} {
  const parsed = parseRunConfig(after)
  if (parsed.ok) return { config: parsed.value, problems: [], inherited: [] }
  const old = parseRunConfig(before)
  const known = new Set(old.ok ? [] : old.problems.map(({ path }) => path))
  const { problems } = parsed
  return {
    config: storedConfig(after),
    problems: problems.filter(({ path }) => !known.has(path)),
    inherited: problems.flatMap(({ path = '' }) => (known.has(path) ? [path] : [])),
  }
}

/** Pretrained weights come from a file or a run, never from a flag alone. */
function pretrainedProblems({ model, parent }: RunConfig, path: string): readonly Problem[] {
  const known = findComponent('model', model.fn)
  if (parent !== null || known === undefined) return []
  return [...resolve(known, model.config).options]
    .filter(([, { field, value }]) => field.key === 'pretrained' && value === true)
    .map(([option]) => ({
      code: 'config-invalid',
      path: `${path === '' ? '' : `${path}.`}model.config.${option}`,
      message: 'there are no weights to start from, so that training would start from scratch.',
      hint: 'Give a converted torchvision file as parent: {file: ...}, or set this to false.',
    }))
}

/** A loss needs a task of the data set, and what is learned needs a readout of the model. */
function taskProblems({ dataset, model, trainer }: RunConfig, path: string): readonly Problem[] {
  const at = path === '' ? '' : `${path}.`
  const there = findComponent('dataset', dataset.fn)?.tasks?.(dataset.config)
  const losses = findComponent('trainer', trainer.fn)?.tasks?.(trainer.config)
  const answered = findComponent('model', model.fn)?.tasks?.(model.config)
  const learned = losses ?? there
  if (there === undefined || answered === undefined || learned === undefined) return []
  return [
    ...learned
      .filter((task) => !there.includes(task))
      .map((task) => ({
        code: 'config-invalid' as const,
        path: `${at}trainer.config.loss_functions.${task}`,
        message: `the data set has no ${wordOf(task)}, so that this loss trains nothing.`,
        hint: `Remove it, or add the task to the data set; it has ${there.map(wordOf).join(', ') || 'none'}.`,
      })),
    ...learned
      .filter((task) => there.includes(task) && !answered.includes(task))
      .map((task) => ({
        code: 'config-invalid' as const,
        path: `${at}model.fn`,
        message: `the model ${model.fn} as configured has no readout for ${wordOf(task)}, which is to be trained.`,
        hint: `Choose a model or options with one, or train other tasks; this one answers ${answered.map(wordOf).join(', ')}.`,
      })),
  ]
}

function parentProblems(parent: RunConfig['parent'], path: string): readonly Problem[] {
  if (parent === null) return []
  const problem = (option: string, message: string, hint: string): readonly Problem[] => [
    { code: 'config-invalid', path: `${path === '' ? '' : `${path}.`}parent.${option}`, message, hint },
  ]
  if (parent.run === null && parent.file === null)
    return problem(
      'run',
      'neither a run nor a weights file to start from is named.',
      'Choose one, or take "start from" away.',
    )
  if (parent.epoch === null) return []
  if (parent.file !== null)
    return problem(
      'epoch',
      'a weights file has no epochs.',
      'Take it away, or name a run in place of the file.',
    )
  if (parent.use !== 'data') return []
  return problem(
    'epoch',
    'data that a run produced do not depend on a checkpoint, so that this changes nothing.',
    'Take it away, or take over weights.',
  )
}

/** Validates the choice of a component and its options; returns it with every default filled in. Never throws for bad input. */
export function parseChoice<K extends ComponentKind>(
  kind: K,
  fn: string,
  config: unknown,
  path: string,
): Parsed<Choices[K]> {
  const known = findComponent(kind, fn)
  if (known === undefined) {
    if (OWN_NAME.test(fn)) return { ok: false, problems: [unknownOwnPart(kind, fn, `${path}.fn`)] }
    const names = componentsOf(kind).map((c) => c.fn)
    const near = nearestName(fn, names)
    const hint = near === null ? `Known: ${names.join(', ')}.` : `Did you mean "${near}"?`
    return {
      ok: false,
      problems: [
        { code: 'config-invalid', path: `${path}.fn`, message: `no ${kind} is called "${fn}".`, hint },
      ],
    }
  }
  const parsed = parseComponent(known, config, `${path}.config`)
  if (!parsed.ok) return parsed
  return { ok: true, value: { fn, config: parsed.value } as Choices[K] } // the component of this name has read them
}
