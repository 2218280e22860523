import { plainValue } from '../../util/upstream-hash.ts'
import type { ComponentKind, PlainConfig } from '../component.ts'
import { findComponent } from '../registry.ts'
import { resolve } from '../resolve.ts'
import type { RunConfig } from '../run-config.ts'
import { KINDS } from '../run-config.ts'
import { effectiveOptions } from './effective-options.ts'
import { FUNCTIONS } from './nnfabrik.ts'

/** Options of a class that are options of another class themselves. */
const NESTED: Readonly<Record<string, string>> = {
  img_dataset_dict: 'ImageDatasetConfig',
  v1_dataset_dict: 'NeuralDatasetConfig',
  v4_dataset_dict: 'NeuralDatasetConfig',
}

/** A run config in the form of nnfabrik, and the paths of options that differ from their default and that the class does not know. */
export interface ExportedNnfabrik {
  readonly config: Readonly<Record<string, unknown>>
  readonly leftOut: readonly string[]
}

/** Written are the options that the published class knows, with the values that the run has; of other functions all of them. */
export function toNnfabrik(config: RunConfig): ExportedNnfabrik {
  const leftOut: string[] = []
  const out: Record<string, unknown> = {}
  for (const kind of KINDS) {
    const { fn, options } = partOf(kind, config, leftOut)
    out[`${kind}_fn`] = fn
    out[`${kind}_config`] = options
  }
  if (config.parent !== null) leftOut.push('parent')
  return { config: { ...out, seed: config.seed }, leftOut }
}

function partOf(kind: ComponentKind, config: RunConfig, leftOut: string[]) {
  const { fn, config: options } = config[kind]
  const [name, known] = Object.entries(FUNCTIONS).find(([, f]) => f.fn === fn) ?? [fn, undefined]
  const component = findComponent(kind, fn)
  const defaults = component === undefined ? {} : resolve(component, {}).config
  const given: PlainConfig = options
  if (known === undefined) return { fn: name, options: written(given, null, defaults, kind, leftOut) }
  const full = optionsOfClass(known.className)
  return {
    fn: typeof full['fn'] === 'string' ? full['fn'] : name,
    options: written(given, full, defaults, `${kind}.config`, leftOut),
  }
}

const optionsOfClass = (className: string): PlainConfig =>
  plainValue(effectiveOptions(className, [])) as PlainConfig // a dict of options

function written(
  options: PlainConfig,
  known: PlainConfig | null,
  defaults: PlainConfig,
  path: string,
  leftOut: string[],
): PlainConfig {
  const out: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(options)) {
    if (value === null) continue
    const nested = NESTED[key]
    if (known !== null && !(key in known)) {
      if (JSON.stringify(value) !== JSON.stringify(defaults[key])) leftOut.push(`${path}.${key}`)
    } else if (nested !== undefined && typeof value === 'object') {
      out[key] = written(value as PlainConfig, optionsOfClass(nested), {}, `${path}.${key}`, leftOut) // a dict of options
    } else out[key] = value
  }
  return out
}
