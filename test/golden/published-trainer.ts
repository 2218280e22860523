import { cotrainerRules } from '../../src-main/engine/train/cotrainer-rules.ts'
import type { TrainingRules } from '../../src-main/engine/train/rules.ts'
import { type Component, parseComponent } from '../../src-shared/schema/component.ts'
import { effectiveOptions } from '../../src-shared/schema/published/effective-options.ts'
import { cotrainer } from '../../src-shared/schema/trainer/cotrainer.ts'
import { plainValue } from '../../src-shared/util/upstream-hash.ts'
import type { PlainOptions } from './case-options.ts'
import { notComparable } from './golden-case.ts'

const schema = cotrainer as unknown as Component // parseComponent takes components of any fields

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
  const config = {
    ...Object.fromEntries(
      defaults.filter(([, value]) => value !== undefined && value !== null && !isEmpty(value)),
    ),
    ...Object.fromEntries(Object.entries(given).filter(([key]) => known.includes(key))),
    ...own,
  }
  const parsed = parseComponent(schema, config, 'trainer.config')
  if (parsed.ok) return cotrainerRules(parsed.value)
  throw new Error(parsed.problems.map((p) => `${p.path}: ${p.message}`).join('; '))
}

/** An empty dict or list of the published class means that the part is off, which is the default here too. */
const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && Object.keys(value as object).length === 0
