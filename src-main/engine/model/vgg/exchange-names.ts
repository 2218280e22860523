import type { ParamSpec } from '../../types.ts'

/** `conv3_1.weight`, `bn3_1.running_mean`, `fc6.bias`: the part of a name that every VGG of ours shares. */
const LAYER = /(?:^|\.)((?:(?:conv|bn)\d+_\d+|fc[678])\.[a-z_]+)$/

/** The layer and leaf of a tensor of a VGG, whatever block holds it; null for other tensors. */
export const vggLayerOf = (name: string): string | null => LAYER.exec(name)?.[1] ?? null

/** Positions of the dense layers in torchvision's `classifier`. */
const HEAD: Readonly<Record<string, number>> = { fc6: 0, fc7: 3, fc8: 6 }

/**
 * Names that the tensors of a VGG have in torchvision's files (`features.14.weight`), by our names: the way in for
 * pretrained weights into blocks that count their layers anew.
 */
export function torchvisionNames(specs: readonly ParamSpec[]): ReadonlyMap<string, string> {
  const positions = modulePositions(specs)
  const names = new Map<string, string>()
  for (const spec of specs) {
    const [layer, leaf] = (vggLayerOf(spec.name) ?? '').split('.')
    if (layer === undefined || leaf === undefined) continue
    const head = HEAD[layer]
    const position = positions.get(layer)
    if (head !== undefined) names.set(spec.name, `classifier.${head}.${leaf}`)
    else if (position !== undefined) names.set(spec.name, `features.${position}.${leaf}`)
  }
  return names
}

/** Position of each convolution and norm in the uncut sequence: norm, ReLU and the pool behind a stage count one each. */
function modulePositions(specs: readonly ParamSpec[]): ReadonlyMap<string, number> {
  const layers = new Set(specs.map((s) => vggLayerOf(s.name)?.split('.')[0]))
  const positions = new Map<string, number>()
  let next = 0
  let stage = 1
  for (const layer of layers) {
    const match = /^conv(\d+)_(\d+)$/.exec(layer ?? '')
    if (match === null) continue
    if (Number(match[1]) !== stage) next++
    stage = Number(match[1])
    positions.set(match[0], next++)
    const norm = `bn${match[1]}_${match[2]}`
    if (layers.has(norm)) positions.set(norm, next++)
    next++
  }
  return positions
}
