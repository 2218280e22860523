import type { Document, Node, Pair, YAMLMap } from 'yaml'
import { isCollection, isMap, isNode, isScalar, parseDocument, visit } from 'yaml'
import { isMap as isPlainMap, sameValue } from '../../src-shared/schema/resolve.ts'
import { nestsTooDeep } from '../../src-shared/util/yaml-bounds.ts'
import { compact } from './compact-yaml.ts'

/** Aliases beyond this number are an attack on memory, not a config. */
const MAX_ALIASES = 50

interface TextProblem {
  readonly message: string
  /** Character positions in the text. */
  readonly from: number
  readonly to: number
}

export interface ConfigText {
  readonly given: unknown
  readonly problems: readonly TextProblem[]
}

const read = (text: string): Document =>
  parseDocument(text, { prettyErrors: false, uniqueKeys: true, strict: true })

/** The plain value of a YAML text, or where the text is at fault. */
export function parseText(text: string): ConfigText {
  if (nestsTooDeep(text))
    return { given: null, problems: [{ message: 'The text nests deeper than a config.', from: 0, to: 1 }] }
  const doc = read(text)
  const problems = doc.errors.map((e) => ({
    message: e.message,
    from: e.pos[0],
    to: Math.max(e.pos[1], e.pos[0] + 1),
  }))
  if (problems.length > 0) return { given: null, problems }
  try {
    return { given: doc.toJS({ maxAliasCount: MAX_ALIASES }) ?? {}, problems: [] }
  } catch (error) {
    return {
      given: null,
      problems: [{ message: error instanceof Error ? error.message : String(error), from: 0, to: 1 }],
    }
  }
}

const write = (doc: Document): string => doc.toString({ lineWidth: 0, flowCollectionPadding: false })

/** The text with one option set; comments and the order of everything else stay. `undefined` removes the option and maps left empty by that. */
export function setOption(text: string, path: readonly string[], value: unknown): string {
  const doc = read(text)
  if (doc.errors.length > 0) return text
  if (value === undefined) removeOption(doc, path)
  else {
    clearScalars(doc, path)
    putValue(doc, path, value)
  }
  return write(doc)
}

function putValue(doc: Document, path: readonly string[], value: unknown): void {
  const old: unknown = doc.getIn(path, true)
  const next = changedNode(doc, old, value)
  if (next !== old) doc.setIn(path, next)
}

/** Comments belong to the node that is replaced: a plain value or a map over several lines is changed in place, anything else takes them over. */
function changedNode(doc: Document, old: unknown, value: unknown): Node {
  if (isMap(old) && old.flow !== true && isEntries(value) && keepsOrder(old, value)) {
    putEntries(doc, old, value)
    return old
  }
  const next = compact(doc.createNode(value) as Node)
  if (!isScalar(old) || !isScalar(next)) return isNode(old) ? Object.assign(next, commentsOf(old)) : next
  old.value = next.value
  return old
}

const isEntries = (value: unknown): value is Record<string, unknown> =>
  isPlainMap(value) && Object.keys(value).length > 0

const nameOf = ({ key }: Pair): string => String(isScalar(key) ? key.value : key)

/** Whether the entries that stay come first and in their order, so that others need only be added at the end. */
function keepsOrder(map: YAMLMap, value: Record<string, unknown>): boolean {
  const kept = map.items.map(nameOf).filter((name) => Object.hasOwn(value, name))
  return kept.length > 0 && kept.every((name, i) => Object.keys(value)[i] === name)
}

/** Only entries that differ are touched, so that the others keep their comments and their look. */
function putEntries(doc: Document, map: YAMLMap, value: Record<string, unknown>): void {
  map.items = map.items.filter((pair) => Object.hasOwn(value, nameOf(pair)))
  for (const [name, entry] of Object.entries(value)) {
    const pair = map.items.find((p) => nameOf(p) === name)
    if (pair === undefined) map.add(doc.createPair(name, compact(doc.createNode(entry) as Node)))
    else if (!isNode(pair.value) || !sameValue(pair.value.toJS(doc), entry))
      pair.value = changedNode(doc, pair.value, entry)
  }
}

const commentsOf = ({ comment, commentBefore, spaceBefore }: Node): Partial<Node> => ({
  ...(comment == null ? {} : { comment }),
  ...(commentBefore == null ? {} : { commentBefore }),
  ...(spaceBefore === undefined ? {} : { spaceBefore }),
})

/** Whether an option is a map with comments at its entries, which would go with it. */
export function hasCommentedEntries(text: string, path: readonly string[]): boolean {
  const map: unknown = read(text).getIn(path, true)
  let isFound = false
  if (isMap(map))
    visit(map, {
      Node: (_key, { comment, commentBefore }) => {
        isFound ||= (comment ?? commentBefore) != null
      },
    })
  return isFound
}

/** `config:` without a value is null in YAML and would refuse children. */
function clearScalars(doc: Document, path: readonly string[]): void {
  if (!isCollection(doc.contents)) doc.contents = doc.createNode({}) // the library types a document by what it read
  for (let depth = 1; depth < path.length; depth++) {
    const parent = path.slice(0, depth)
    if (doc.hasIn(parent) && !isCollection(doc.getIn(parent, true))) doc.setIn(parent, doc.createNode({}))
  }
}

function removeOption(doc: Document, path: readonly string[]): void {
  if (!doc.hasIn(path)) return
  doc.deleteIn(path)
  for (let depth = path.length - 1; depth > 0; depth--) {
    const parent = doc.getIn(path.slice(0, depth), true)
    if (!isMap(parent) || parent.items.length > 0) return
    doc.deleteIn(path.slice(0, depth))
  }
}

/** The place of an option in the text, or of its nearest parent; null where the text has neither. */
export function placeOf(text: string, path: string): { from: number; to: number } | null {
  const doc = read(text)
  const keys = path.split('.')
  for (let depth = keys.length; depth > 0; depth--) {
    const node = doc.getIn(keys.slice(0, depth), true) as { range?: [number, number, number] } | undefined
    if (node?.range != null) return { from: node.range[0], to: Math.max(node.range[1], node.range[0] + 1) }
  }
  return null
}
