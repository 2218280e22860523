import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { nearestName } from '../../../src-shared/util/nearest-name.ts'

/** Arguments of one parameter group, with torch's defaults where a config leaves them out. */
export interface GroupOptions {
  readonly lr: number
  readonly weight_decay: number
  readonly betas: readonly [number, number]
  readonly eps: number
  readonly amsgrad: boolean
  readonly momentum: number
  readonly dampening: number
  readonly nesterov: boolean
}

const DEFAULTS: GroupOptions = {
  lr: 1e-3,
  weight_decay: 0,
  betas: [0.9, 0.999],
  eps: 1e-8,
  amsgrad: false,
  momentum: 0,
  dampening: 0,
  nesterov: false,
}

/** torch's AdamW decays by default. */
const ADAMW_DECAY = 0.01

export type OptimizerName = 'Adam' | 'AdamW' | 'SGD'

/** What a config says about the optimizer. */
export interface OptimizerSettings {
  readonly name: OptimizerName
  readonly options: Readonly<Record<string, unknown>>
  /** Part of a parameter name -> options of the parameters that contain it; the first match wins. */
  readonly groups?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /**
   * A parameter without a gradient in a step: `zero` (torch before 2.0, as published: once it had one, a missing gradient
   * counts as zero, so decay and momentum go on) or `skip` (torch today).
   */
  readonly missingGradients?: 'zero' | 'skip'
}

/** A parameter group: what it applies to and its options. The default group comes first. */
export interface Group {
  readonly match: string | null
  readonly options: GroupOptions
}

/**
 * The parameter groups of an optimizer, the one of all other parameters first. @throws CotrainError `config-invalid` for
 * an option that no optimizer has
 */
export function groupsOf(settings: OptimizerSettings): readonly Group[] {
  const base = { ...DEFAULTS, ...(settings.name === 'AdamW' ? { weight_decay: ADAMW_DECAY } : {}) }
  const first = merged(base, settings.options, 'optimizer_options')
  const others = Object.entries(settings.groups ?? {}).map(([match, options]): Group => {
    return { match, options: merged(first, options, `specific_opt_options.${match}`) }
  })
  return [{ match: null, options: first }, ...others]
}

/** Published configs carry the empty list of parameters that torch wants; it says nothing here. */
const PUBLISHED_PLACEHOLDER = 'params'

function merged(base: GroupOptions, given: Readonly<Record<string, unknown>>, path: string): GroupOptions {
  const said = Object.entries(given).filter(
    ([key, value]) => key !== PUBLISHED_PLACEHOLDER && value !== undefined,
  )
  for (const [key] of said) if (!(key in DEFAULTS)) throw unknownOption(key, path)
  return { ...base, ...Object.fromEntries(said) } // the schema has checked the values
}

function unknownOption(key: string, path: string): CotrainError {
  const names = Object.keys(DEFAULTS)
  const near = nearestName(key, names)
  return new CotrainError({
    code: 'config-invalid',
    path: `trainer.config.${path}.${key}`,
    message: 'unknown option.',
    hint: near === null ? `Known options: ${names.join(', ')}.` : `Did you mean "${near}"?`,
  })
}

/** Learned loss weights stay in the default group, whatever the groups match (as published). */
const LOSS_WEIGHT = 'log_w'

/** Position of a parameter's group. */
export function groupIndex(groups: readonly Group[], name: string): number {
  if (name.startsWith(LOSS_WEIGHT)) return 0
  const found = groups.findIndex(({ match }) => match !== null && name.includes(match))
  return found < 0 ? 0 : found
}
