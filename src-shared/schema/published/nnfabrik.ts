import { CotrainError } from '../../contract/errors.ts'
import type { PyEntries, PyValue } from '../../util/upstream-hash.ts'
import { plainValue, pythonText, upstreamHash } from '../../util/upstream-hash.ts'
import type { ComponentKind, PlainConfig } from '../component.ts'
import { KINDS, parseRunConfig } from '../run-config.ts'
import type { RunConfig } from '../run-config.ts'
import { findComponent } from '../registry.ts'
import { resolve } from '../resolve.ts'
import { effectiveOptions } from './effective-options.ts'
import { entriesOf } from './published-class.ts'

/** Functions of published configs (the last part of their path): what they are here, and the class that fills in their defaults. */
export const FUNCTIONS: Readonly<Record<string, { readonly fn: string; readonly className: string }>> = {
  img_dataset_loader: { fn: 'img_loader', className: 'ImageDatasetConfig' },
  neural_loader: { fn: 'neural_loader', className: 'NeuralDatasetConfig' },
  mtl_loader: { fn: 'mtl_loader', className: 'MTLDatasetsConfig' },
  mtl_builder: { fn: 'mtl_builder', className: 'MTLModelConfig' },
  classification_cnn_builder: { fn: 'classification_cnn_builder', className: 'ClassificationModelConfig' },
  neural_cnn_builder: { fn: 'neural_cnn_builder', className: 'NeuralModelConfig' },
  cotrainer: { fn: 'cotrainer', className: 'CoTrainerConfig' },
}

/** An option that the run config does not take over, and why. */
interface LeftOut {
  readonly path: string
  readonly value: unknown
  readonly reason: string
}

export interface ImportedNnfabrik {
  readonly config: RunConfig
  readonly leftOut: readonly LeftOut[]
  /** Keys under which nnfabrik files the options: as they are given, and with the defaults of their class where that is known. */
  readonly hashes: Readonly<Record<ComponentKind, { readonly given: string; readonly full: string | null }>>
}

/** Whether a file is a config in the form of nnfabrik, by its keys. */
export const isNnfabrik = (given: unknown): boolean =>
  typeof given === 'object' && given !== null && KINDS.every((kind) => `${kind}_fn` in given)

/**
 * A run config from one in the form of nnfabrik: dataset_fn, dataset_config and so on, and a seed. Options that are not given have the
 * published defaults. What has no counterpart here is listed.
 * @throws CotrainError for a function that is not known here, and for what cannot be a run without more
 */
export function fromNnfabrik(entries: PyEntries): ImportedNnfabrik {
  const root = new Map(entries.map(([key, value]) => [pythonText(key), value]))
  const expected = new Set(['seed', 'comment', ...KINDS.flatMap((kind) => [`${kind}_fn`, `${kind}_config`])])
  const leftOut: LeftOut[] = [...root]
    .filter(([key]) => !expected.has(key))
    .map(([key, value]) => ({ path: key, value: plainValue(value), reason: 'this is not known here.' }))
  const parts = KINDS.map((kind) => [kind, partOf(kind, root)] as const)
  const seed = root.get('seed')
  const config: Record<string, unknown> = {
    ...(seed === undefined || seed === null ? {} : { seed: plainValue(seed) }),
    ...Object.fromEntries(parts.map(([kind, { fn, options }]) => [kind, { fn, config: options }])),
  }
  const stated = new Set(parts.flatMap(([kind, part]) => part.given.map((key) => `${kind}.config.${key}`)))
  const { value, dropped } = takenOver(config)
  const isStated = ({ path }: LeftOut): boolean =>
    [...stated].some((s) => path === s || path.startsWith(`${s}.`))
  return {
    config: value,
    leftOut: [...leftOut, ...parts.flatMap(([, part]) => part.unknown), ...dropped.filter(isStated)],
    hashes: hashesOf(parts),
  }
}

type Part = ReturnType<typeof partOf>

function partOf(kind: ComponentKind, root: ReadonlyMap<string, PyValue>) {
  const path = pythonText(root.get(`${kind}_fn`) ?? '')
  const name = path.split('.').at(-1) ?? ''
  const known = FUNCTIONS[name]
  const component = findComponent(kind, known?.fn ?? name)
  if (component === undefined)
    throw new CotrainError({
      code: 'config-invalid',
      path: `${kind}_fn`,
      message: `there is no ${kind} "${path}" here.`,
      hint: `Known are ${Object.keys(FUNCTIONS).join(', ')}, and what docs/reference lists.`,
    })
  const value = root.get(`${kind}_config`) ?? null
  const given = entriesOf(value)
  const full = known === undefined ? null : effectiveOptions(known.className, given)
  const fields = new Set(Object.keys(component.schema.shape))
  const plain = (options: PyEntries): PlainConfig =>
    Object.fromEntries(options.map(([key, v]) => [pythonText(key), plainValue(v)]))
  const stated = plain(given)
  const defaults = full === null ? {} : plain(entriesOf(full))
  const wanted = Object.entries({ ...defaults, ...stated })
  const own = resolve(component, {}).config
  return {
    fn: component.fn,
    given: Object.keys(stated),
    options: Object.fromEntries(wanted.filter(([key, v]) => fields.has(key) && !isOff(v, own[key]))),
    unknown: Object.entries(stated)
      .filter(([key]) => !fields.has(key))
      .map(([key, v]): LeftOut => ({ path: `${kind}.config.${key}`, value: v, reason: 'there is no such option here.' })), // prettier-ignore
    hashes: { given: upstreamHash(value ?? { $dict: [] }), full: full === null ? null : upstreamHash(full) },
  }
}

/**
 * None asks for the default. An empty dict says that a part is off, as null does for the parts that are null here unless they are given; any other empty
 * dict or list is an option without entries.
 */
const isOff = (value: unknown, own: unknown): boolean =>
  value === null || (own === null && typeof value === 'object' && Object.keys(value).length === 0)

const hashesOf = (parts: readonly (readonly [ComponentKind, Part])[]): ImportedNnfabrik['hashes'] => {
  const of = (kind: ComponentKind) => parts.find(([k]) => k === kind)?.[1].hashes ?? { given: '', full: null }
  return { dataset: of('dataset'), model: of('model'), trainer: of('trainer') }
}

/** Takes away the options that are refused, one round after the other, until the config stands. */
function takenOver(config: Record<string, unknown>): { value: RunConfig; dropped: readonly LeftOut[] } {
  const dropped: LeftOut[] = []
  for (;;) {
    const parsed = parseRunConfig(config)
    if (parsed.ok) return { value: parsed.value, dropped }
    const before = dropped.length
    for (const { path = '', message } of parsed.problems) {
      const taken = takeAway(config, path.split('.'))
      if (taken !== undefined) dropped.push({ path, value: taken.value, reason: message })
    }
    if (dropped.length === before) throw new CotrainError(parsed.problems)
  }
}

/** Takes an option of a component out of a config and gives its value; undefined where the path names none. */
function takeAway(config: Record<string, unknown>, path: readonly string[]): { value: unknown } | undefined {
  if (path.length < 3 || path[1] !== 'config') return undefined
  let at: unknown = config
  for (const key of path.slice(0, -1)) at = isRecord(at) ? at[key] : undefined
  const last = path.at(-1) ?? ''
  if (!isRecord(at) || !(last in at)) return undefined
  const value = at[last]
  delete at[last]
  return { value }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
