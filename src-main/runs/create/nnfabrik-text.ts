import type { CollectionTag } from 'yaml'
import { isAlias, isMap, isScalar, isSeq, parseDocument, stringify } from 'yaml'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { ImportedNnfabrik } from '../../../src-shared/schema/published/nnfabrik.ts'
import { fromNnfabrik, isNnfabrik } from '../../../src-shared/schema/published/nnfabrik.ts'
import { entriesOf } from '../../../src-shared/schema/published/published-class.ts'
import type { PyValue } from '../../../src-shared/util/upstream-hash.ts'
import { pyFloat } from '../../../src-shared/util/upstream-hash.ts'
import { hasManyAnchors, nestsTooDeep } from '../../../src-shared/util/yaml-bounds.ts'
import { MAX_CONFIG_BYTES } from './config-text.ts'
import { repeatedKey } from './repeated-key.ts'

/** Python's tuples, as PyYAML writes them. */
const TUPLE: CollectionTag = {
  tag: 'tag:yaml.org,2002:python/tuple',
  collection: 'seq',
  resolve: (seq) => seq,
}

/**
 * A config of nnfabrik in YAML or JSON as one of ours; null for any other text, faulty ones included.
 * @throws CotrainError for a function that is not known here, and for what cannot be a run without more
 */
export function importNnfabrik(text: string): ImportedNnfabrik | null {
  if (Buffer.byteLength(text) > MAX_CONFIG_BYTES || nestsTooDeep(text) || hasManyAnchors(text)) return null
  const document = parseDocument(text, { schema: 'core', customTags: [TUPLE], uniqueKeys: false })
  const { contents, errors, warnings } = document
  if (errors.length + warnings.length > 0 || !isMap(contents) || repeatedKey(document) !== null) return null
  const keys = contents.items.map(({ key }) => (isScalar(key) ? [String(key.value), true] : []))
  return isNnfabrik(Object.fromEntries(keys)) ? fromNnfabrik(entriesOf(pythonValue(contents))) : null
}

/** A text that may be a config of nnfabrik as a person is to read it here. */
export function asRunConfigText(text: string): string {
  const imported = importNnfabrik(text)
  return imported === null ? text : importedText(imported)
}

/** The run config as YAML, with what was left out and nnfabrik's keys as comments above it. */
export function importedText({ config, leftOut, hashes }: ImportedNnfabrik): string {
  const lines = [
    'Imported from a config in the form of nnfabrik.',
    ...Object.entries(hashes).map(
      ([kind, { given, full }]) =>
        `${kind}: key ${given}${full === null || full === given ? '' : `, with the defaults of its class ${full}`}`,
    ),
    ...leftOut.map(
      ({ path, value, reason }) => `not taken over: ${path} = ${JSON.stringify(value)}: ${reason}`,
    ),
  ]
  return `${lines.map((line) => `# ${line}\n`).join('')}${stringify(config)}`
}

/** Python's values: 1 is an int and 1.0 a float, which have different keys. JSON is YAML too. */
function pythonValue(node: unknown): PyValue {
  if (isMap(node))
    return { $dict: node.items.map(({ key, value }) => [pythonValue(key), pythonValue(value)] as const) }
  if (isSeq(node)) {
    const items = node.items.map(pythonValue)
    return node.tag?.endsWith('python/tuple') === true ? { $tuple: items } : items
  }
  if (isScalar(node)) {
    const { value, source = '' } = node
    if (typeof value === 'number')
      return /^[-+]?(\d+|0[xo][\da-fA-F]+)$/.test(source) ? value : pyFloat(value)
    if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  }
  if (node === null || node === undefined) return null
  throw new CotrainError({
    code: 'config-invalid',
    message: isAlias(node)
      ? 'the text uses YAML aliases (&name, *name).'
      : 'the text holds what is no value.',
    hint: 'Write the values out.',
  })
}
