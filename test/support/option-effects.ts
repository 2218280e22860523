import { CotrainError } from '../../src-shared/contract/errors.ts'
import type { Component, PlainConfig } from '../../src-shared/schema/component.ts'
import type { FormField } from '../../src-shared/schema/form.ts'
import { formOf } from '../../src-shared/schema/form.ts'
import { parseComponent } from '../../src-shared/schema/component.ts'
import type { ResolvedOption } from '../../src-shared/schema/resolve.ts'
import { resolve, sameValue } from '../../src-shared/schema/resolve.ts'

/** A config in which some options can show what they do. */
export interface Setting {
  readonly name: string
  readonly config: PlainConfig
  /** Options that this setting is about; absent: any that applies. */
  readonly about?: readonly string[]
}

/** Whether a field ought to change a result: not what only says where to compute or what plug-ins read, and not what is documented as without effect. */
const hasEffect = (field: FormField): boolean =>
  field.identity !== false &&
  field.identity !== 'with-plugins' &&
  (field.effect === undefined || field.effect === 'penalty')

/** Every option of a component that ought to change a result, parts of groups apart. */
function effectiveOptions(fields: readonly FormField[], prefix = ''): readonly string[] {
  return fields.flatMap((field) => {
    const path = `${prefix}${field.key}`
    if (!hasEffect(field)) return []
    return field.kind === 'group' ? effectiveOptions(field.fields ?? [], `${path}.`) : [path]
  })
}

export const optionsOf = ({ schema }: Component): readonly string[] => effectiveOptions(formOf(schema))

/** Other values to try: the next choice, the other answer, a number some way off. Lists and maps need values that somebody thought of. */
function otherValues({ field, value }: ResolvedOption): readonly unknown[] {
  switch (field.kind) {
    case 'boolean':
      return [value !== true]
    case 'choice':
      return (field.choices ?? []).filter((choice) => choice !== value)
    case 'int':
      return [Number(value) + 1, Number(value) - 1]
    case 'number':
      return [Number(value) * 0.5, Number(value) + 0.25, Number(value) - 0.25]
    default:
      return []
  }
}

function withOption(
  config: PlainConfig,
  [key = '', ...rest]: readonly string[],
  value: unknown,
): PlainConfig {
  const below = (config[key] ?? {}) as PlainConfig
  return { ...config, [key]: rest.length === 0 ? value : withOption(below, rest, value) }
}

/** The valid configs in which one option of a setting has another value. */
function variantsOf(
  known: Component,
  { config, about }: Setting,
  path: string,
  values: Readonly<Record<string, readonly unknown[]>>,
): readonly PlainConfig[] {
  const option = resolve(known, config).options.get(path)
  if (option === undefined || !option.applies || about?.includes(path) === false) return []
  return (values[path] ?? values[path.slice(path.lastIndexOf('.') + 1)] ?? otherValues(option))
    .filter((value) => !sameValue(value, option.value))
    .map((value) => withOption(config, path.split('.'), value))
    .filter((variant) => parseComponent(known, variant, '').ok)
}

function resolved(known: Component, config: PlainConfig): PlainConfig {
  const parsed = parseComponent(known, config, known.fn)
  if (!parsed.ok) throw new Error(parsed.problems.map((p) => `${p.path}: ${p.message}`).join('; '))
  return parsed.value
}

/**
 * Says of an option whether another value of it changes what comes out, in one of the settings in which it applies. `outcome`
 * runs a config and says all that came out of it.
 */
export function effectsOf(
  known: Component,
  settings: readonly Setting[],
  outcome: (config: PlainConfig, setting: Setting) => Promise<string>,
  values: Readonly<Record<string, readonly unknown[]>> = {},
): (path: string) => Promise<boolean> {
  const bases = new Map<Setting, string>()
  const baseOf = async (setting: Setting): Promise<string> => {
    const seen = bases.get(setting) ?? (await outcome(resolved(known, setting.config), setting))
    bases.set(setting, seen)
    return seen
  }
  /** Words in which a config is refused are an outcome too. */
  const outcomeOrRefusal = (config: PlainConfig, setting: Setting): Promise<string> =>
    outcome(config, setting).catch((error: unknown) => {
      if (error instanceof CotrainError) return `refused: ${error.message}`
      throw error
    })
  return async (path) => {
    for (const setting of settings)
      for (const variant of variantsOf(known, setting, path, values))
        if ((await outcomeOrRefusal(resolved(known, variant), setting)) !== (await baseOf(setting)))
          return true
    return false
  }
}
