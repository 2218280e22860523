import { identityOf } from './canonical.ts'
import type { ComponentKind, PlainConfig } from './component.ts'
import { pluginIdentity } from './plugin/used-plugins.ts'
import type { TrainerChoice } from './registry.ts'
import { findComponent } from './registry.ts'
import type { ResolvedOption } from './resolve.ts'
import { isMap, resolve } from './resolve.ts'
import type { RunConfig } from './run-config.ts'
import { KINDS } from './run-config.ts'

/** An option with a value of its own that changes nothing in this run. */
interface IdleOption {
  /** Dotted path from the top of the config. */
  readonly path: string
  readonly field: ResolvedOption['field']
  /** What counts in its place. */
  readonly fallback: unknown
}

/** Options that were chosen and do nothing, with the other components as they are. */
function idleOptions(config: RunConfig): readonly IdleOption[] {
  return KINDS.flatMap((kind) =>
    idleIn(config, kind).map(({ path, ...rest }) => ({ ...rest, path: `${kind}.config.${path}` })),
  )
}

function idleIn(config: RunConfig, kind: ComponentKind): readonly IdleOption[] {
  const known = findComponent(kind, config[kind].fn)
  if (known === undefined) return []
  return [...resolve(known, config[kind].config).options]
    .filter(([, option]) => option.changed && isIdle(option, config))
    .map(([path, { field, fallback }]) => ({ path, field, fallback }))
}

function isIdle({ field: { effect }, applies }: ResolvedOption, { trainer }: RunConfig): boolean {
  if (effect === 'carried') return !applies
  return effect === 'penalty' ? !regularises(trainer) : effect !== undefined
}

/** Whether a trainer adds the model's regulariser to the loss; the single-task trainer always does. */
function regularises(trainer: TrainerChoice): boolean {
  if (trainer.fn !== 'cotrainer') return true
  const { regularize, scale_loss: isScaled } = trainer.config
  return regularize === 'always' || (regularize === 'with_scale' && isScaled)
}

/** What a person should know of a config that is valid: options that change nothing, and data that no loss learns from. */
export function configWarnings(config: RunConfig): readonly string[] {
  const idle = idleOptions(config).filter(({ field }) => field.effect !== 'check')
  const used = findComponent('trainer', config.trainer.fn)?.tasks?.(config.trainer.config)
  const there = findComponent('dataset', config.dataset.fn)?.tasks?.(config.dataset.config) ?? []
  return [
    ...idle.map(({ path, field }) =>
      field.effect === 'penalty'
        ? `${path} changes nothing: the trainer adds no regulariser. Set regularize to "always" to add it.`
        : `${path} ${field.effect === 'carried' ? 'has no effect with the other settings' : 'is read for published configs only'} and changes nothing.`,
    ),
    ...there
      .filter((task) => used !== undefined && !used.includes(task))
      .map((task) => `The data set has ${task}, but no loss trains it: its options change nothing.`),
  ]
}

/** A run that takes the final weights counts as one of before, when only a training that was taken over started at an epoch. */
function parentIdentity(parent: RunConfig['parent']): unknown {
  if (parent === null || parent.use === 'training' || parent.epoch !== null) return parent
  const { epoch: _epoch, ...rest } = parent
  return rest
}

/**
 * The part of a resolved config that decides the result; hashed together with the data fingerprint into the run's id.
 * By rules of earlier versions, places (names of data sets) and idle options counted.
 */
export function runIdentity(
  config: RunConfig,
  counted: { readonly places?: boolean; readonly idle?: boolean } = {},
): PlainConfig {
  const parts = KINDS.map((kind) => {
    const { fn, config: options } = config[kind]
    const known = findComponent(kind, fn)
    if (known === undefined) throw new RangeError(`no ${kind} is called "${fn}"`)
    const effective = (counted.idle === true ? [] : idleIn(config, kind)).reduce<PlainConfig>(
      (at, { path, fallback }) => replaced(at, path.split('.'), fallback),
      options,
    )
    return [
      kind,
      { fn, v: known.version, config: identityOf(known.schema, effective, counted.places) },
    ] as const
  })
  return {
    ...Object.fromEntries(parts),
    seed: config.seed,
    data_seed: config.data_seed,
    parent: parentIdentity(config.parent),
    ...pluginIdentity(config),
  }
}

function replaced(at: PlainConfig, [key = '', ...rest]: readonly string[], value: unknown): PlainConfig {
  const inner = at[key]
  return { ...at, [key]: rest.length === 0 ? value : replaced(isMap(inner) ? inner : {}, rest, value) }
}
