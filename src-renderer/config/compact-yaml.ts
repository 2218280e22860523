import type { Node } from 'yaml'
import { Document, isScalar, isSeq, visit } from 'yaml'

/** Maps of plain values stand on one line up to this many entries, as people write them. */
const SHORT_MAP = 3

/** Puts lists of plain values, and short maps of such, on one line each. */
export function compact<N extends Node | Document>(node: N): N {
  const page = node instanceof Document ? node.contents : null
  visit(node, {
    Seq: (_key, seq) => {
      seq.flow = seq.items.every(isScalar)
    },
    Map: (_key, map) => {
      const isPlain = map.items.every(({ value: v }) => isScalar(v) || (isSeq(v) && v.items.every(isScalar)))
      // A component with few options is still read as a block.
      const isComponent = map.items.some(({ key }) => isScalar(key) && key.value === 'fn')
      map.flow =
        map.items.length === 0 || (isPlain && !isComponent && map !== page && map.items.length <= SHORT_MAP)
    },
  })
  return node
}

/** A value as YAML that stays short. */
export const compactYaml = (value: unknown): string =>
  compact(new Document(value)).toString({ lineWidth: 0, flowCollectionPadding: false })
