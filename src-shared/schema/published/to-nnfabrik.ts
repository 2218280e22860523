import { plainValue } from '../../util/upstream-hash.ts'
import type { Component, ComponentKind, PlainConfig } from '../component.ts'
import { findComponent } from '../registry.ts'
import { resolve } from '../resolve.ts'
import type { RunConfig } from '../run-config.ts'
import { KINDS } from '../run-config.ts'
import { PUBLISHED_SETS } from './dataset-classes.ts'
import { effectiveOptions, optionsOfClass } from './effective-options.ts'
import { FUNCTIONS } from './nnfabrik.ts'

/** Options of a class that are options of another function themselves. */
const NESTED: Readonly<Record<string, string>> = {
  img_dataset_dict: 'img_dataset_loader',
  v1_dataset_dict: 'neural_loader',
  v4_dataset_dict: 'neural_loader',
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
  const names = known === undefined ? null : optionsOfClass(known.className)
  const path = known === undefined ? kind : `${kind}.config`
  const published = known === undefined ? undefined : publishedFn(known.className)
  return {
    fn: published ?? name,
    options: written(options, { names, component: findComponent(kind, fn), path, leftOut }),
  }
}

/** The full name of the function of a published class. */
function publishedFn(className: string): string | undefined {
  const { fn } = plainValue(effectiveOptions(className, [])) as PlainConfig // a dict of options
  return typeof fn === 'string' ? fn : undefined
}

interface Writing {
  /** Options that are known there; null: all are. */
  readonly names: ReturnType<typeof optionsOfClass> | null
  readonly component: Component | undefined
  readonly path: string
  readonly leftOut: string[]
}

function written(options: PlainConfig, { names, component, path, leftOut }: Writing): PlainConfig {
  const out: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(options)) {
    if (value === null) {
      // What is taken from the data here has a number there.
      if (names?.get(key)?.isFilled === true) leftOut.push(`${path}.${key}`)
      continue
    }
    const nested = FUNCTIONS[NESTED[key] ?? '']
    if (names !== null && !names.has(key)) {
      if (!isDefault(options, key, component)) leftOut.push(`${path}.${key}`)
    } else if (nested !== undefined && typeof value === 'object') {
      const own = { names: optionsOfClass(nested.className), component: findComponent('dataset', nested.fn) }
      out[key] = written(value as PlainConfig, { ...own, path: `${path}.${key}`, leftOut }) // a dict of options
    } else {
      out[key] = value
      if (key === 'dataset_cls' && !(typeof value === 'string' && PUBLISHED_SETS.has(value)))
        leftOut.push(`${path}.${key}`)
    }
  }
  return out
}

/** Whether an option is what it would be without being given, beside all others that are. */
function isDefault(options: PlainConfig, key: string, component: Component | undefined): boolean {
  if (component === undefined) return false
  const { [key]: value, ...others } = options
  return JSON.stringify(value) === JSON.stringify(resolve(component, others).config[key])
}
