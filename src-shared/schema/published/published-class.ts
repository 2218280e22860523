import type { PyEntries, PyValue } from '../../util/upstream-hash.ts'

/** Options set so far; an absent one reads as null. */
export type Read = (name: string) => PyValue

/** What an option becomes unless it was set before; a function may look at earlier options, undefined sets nothing. */
export type Default = PyValue | ((read: Read) => PyValue | undefined)

/** Defaults of a published configuration class in the order of its constructor. */
export interface PublishedClass {
  readonly fn: string
  readonly defaults: readonly (readonly [name: string, value: Default])[]
  /** Names that are properties of the class: what a user passes for them is dropped. */
  readonly derived: readonly string[]
}

/** Attributes and methods every published configuration class owns; values passed under these names are dropped. */
const RESERVED: ReadonlySet<string> = new Set([
  ...[
    'config_name',
    'table',
    'fn',
    'update',
    'conditional_assignment',
    'load_kwargs',
    'get_key',
    'add_to_table',
    'save',
  ],
  ...['from_dict', 'from_json_file', 'to_dict', 'to_json_string', 'to_json_file'],
])

/** A dict with a true entry of this name documents a value but means an empty one. */
const DEFAULT_EMPTY = 'DEFAULT EMPTY'

/**
 * Effective options of a class: what the user gives, then the defaults of the class, then those of its base classes.
 * An option is set only while it is null, so the first assignment wins and null asks for the default.
 */
export function resolvePublished(definition: PublishedClass, given: PyEntries): PyEntries {
  const options = new Map<string, PyValue>()
  const read: Read = (name) => options.get(name) ?? null
  const assign = (name: string, value: PyValue): void => {
    if (read(name) === null) options.set(name, emptied(value))
  }
  const dropped = new Set([...RESERVED, ...definition.derived])
  for (const [name, value] of given) {
    const text = typeof name === 'string' ? name : JSON.stringify(name)
    if (!dropped.has(text)) assign(text, value)
  }
  for (const [name, value] of definition.defaults) {
    const resolved = typeof value === 'function' ? value(read) : value
    if (resolved !== undefined) assign(name, resolved)
  }
  return [...options, ['fn', definition.fn]]
}

function emptied(value: PyValue): PyValue {
  const marked = entriesOf(value).some(([key, flag]) => key === DEFAULT_EMPTY && isTrue(flag))
  return marked ? { $dict: [] } : value
}

/** Entries of a dict; none for anything else. */
export function entriesOf(value: PyValue): PyEntries {
  if (value === null || typeof value !== 'object') return []
  if ('$dict' in value) return value.$dict
  return '$ordered' in value ? value.$ordered : []
}

/** Python's truth value. */
export function isTrue(value: PyValue): boolean {
  if (value === null || typeof value !== 'object') return Boolean(value)
  if ('$float' in value) return Number(value.$float) !== 0
  if ('$tuple' in value) return value.$tuple.length > 0
  return Array.isArray(value) ? value.length > 0 : entriesOf(value).length > 0
}
