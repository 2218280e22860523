import { cotrainerRules } from '../../src-main/engine/train/rules/cotrainer-rules.ts'
import type { TrainingRules } from '../../src-main/engine/train/rules/rules.ts'
import { parseComponent } from '../../src-shared/schema/component.ts'
import { resolve } from '../../src-shared/schema/resolve.ts'
import { effectiveOptions } from '../../src-shared/schema/published/effective-options.ts'
import { cotrainer } from '../../src-shared/schema/trainer/cotrainer.ts'
import { plainValue } from '../../src-shared/util/upstream-hash.ts'
import type { PlainOptions } from './case-options.ts'
import { notComparable } from './golden-case.ts'

/** Options that the product works out from others, as the published class does. */
const DERIVED = new Set(Object.keys(cotrainer.derive ?? {}))

/**
 * The rules by which a run with these published trainer options would train: defaults of CoTrainerConfig, then the
 * schema and the rules of the co-trainer. `own` are options that the published code has no name for.
 */
export function publishedRules(given: PlainOptions, own: PlainOptions = {}): TrainingRules {
  const published = plainValue(effectiveOptions('CoTrainerConfig', [])) as PlainOptions // a dict of options
  const known = Object.keys(cotrainer.schema.shape)
  const foreign = Object.keys(given).filter((key) => !known.includes(key) && !(key in published))
  if (foreign.length > 0) notComparable(`no trainer option ${foreign.join(', ')} is known here`)
  const defaults = known
    .filter((key) => !DERIVED.has(key) && !(key in own))
    .map((key) => [key, published[key]])
  const config: PlainOptions = {
    ...Object.fromEntries(
      defaults.filter(([, value]) => value !== undefined && value !== null && !isEmpty(value)),
    ),
    ...Object.fromEntries(Object.entries(given).filter(([key]) => known.includes(key))),
    ...own,
  }
  const idle = [...resolve(cotrainer, config).options].filter(([, o]) => !o.applies && o.source === 'given')
  // Many published defaults decide nothing; worth a note is what the case itself states.
  for (const [path] of idle.filter(([at]) => (at.split('.')[0] ?? '') in given))
    console.log(`       note: ${path} has no effect with the other options and is left out`)
  const used = idle.reduce((rest, [path]) => without(rest, path.split('.')), config)
  const parsed = parseComponent(cotrainer, used, 'trainer.config')
  if (parsed.ok) return cotrainerRules(parsed.value)
  const late = parsed.problems.find(({ path }) => path === 'trainer.config.scheduler_options.milestones')
  if (late !== undefined) notComparable(`refused here: ${late.message}`)
  throw new Error(parsed.problems.map((p) => `${p.path}: ${p.message}`).join('; '))
}

/** Options without the one at a path. */
function without(options: PlainOptions, [key = '', ...inner]: readonly string[]): PlainOptions {
  const { [key]: value, ...rest } = options
  const isDict = inner.length > 0 && typeof value === 'object' && value !== null && !Array.isArray(value)
  return isDict ? { ...rest, [key]: without(value as PlainOptions, inner) } : rest
}

/** An empty dict or list of the published class means that the part is off, which is the default here too. */
const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && Object.keys(value as object).length === 0
