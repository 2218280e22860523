import { listed } from '../../../../src-shared/util/listed.ts'
import type { Result } from '../../../../src-shared/contract/contract.ts'

type Card = Result<'config.modelCard'>
type Layer = Card['layers'][number]

/** A part of the network as the diagram draws it. */
export interface Block {
  readonly name: string
  readonly title: string
  /** Who uses it: "shared by V1 and classification", "only V1"; empty where there is one task. */
  readonly use: string
  readonly layers: readonly Layer[]
  readonly parameters: number
  readonly multiplyAdds: number
  readonly activationBytes: number
  /** Shape of what leaves it. */
  readonly output: readonly number[]
  /** Pixels of the image that one value at its end depends on, along one side. */
  readonly receptiveField: number | null
}

/** A block of the trunk with the readouts that branch off behind it. */
export interface Stage {
  readonly block: Block
  readonly readouts: readonly Block[]
}

const TITLES: Readonly<Record<string, string>> = {
  v1_block: 'V1 block',
  v4_block: 'V4 block',
  unshared_block: 'Unshared block',
  core: 'Core',
  readout: 'Readout',
  v1_readout: 'V1 readout',
  v4_readout: 'V4 readout',
  classification_readout: 'Classification readout',
}
const TASKS: Readonly<Record<string, string>> = {
  v1_readout: 'V1',
  v4_readout: 'V4',
  classification_readout: 'classification',
}

/** The network from the image on: each stage of the trunk, and what reads from it. */
export function stagesOf(card: Card): readonly Stage[] {
  const names = [...new Set(card.layers.map((l) => l.block))]
  const trunk = names.filter((name) => !name.endsWith('readout'))
  const readouts = names.filter((name) => name.endsWith('readout'))
  if (trunk.length === 0) return readouts.map((name) => ({ block: blockOf(card, name, ''), readouts: [] }))
  const at = new Map(readouts.map((name) => [name, stageOf(name, trunk)]))
  return trunk.map((name, i) => {
    const users = readouts.filter((r) => (at.get(r) ?? 0) >= i).map((r) => TASKS[r] ?? '')
    const own = readouts.filter((r) => at.get(r) === i)
    return {
      block: blockOf(card, name, useText(users)),
      readouts: own.map((r) => blockOf(card, r, '')),
    }
  })
}

/** Which block of the trunk a readout reads from: its area's own, the first for an area without one, else the last. */
function stageOf(readout: string, trunk: readonly string[]): number {
  const area = /^(v1|v4)_readout$/.exec(readout)?.[1]
  if (area === undefined) return trunk.length - 1
  const own = trunk.indexOf(`${area}_block`)
  return own === -1 ? 0 : own
}

function useText(users: readonly string[]): string {
  const named = users.filter((u) => u !== '')
  if (named.length === 0) return ''
  if (named.length === 1) return `only ${named[0]}`
  return `shared by ${listed(named)}`
}

function blockOf(card: Card, name: string, use: string): Block {
  const layers = card.layers.filter((l) => l.block === name)
  const sum = (pick: (l: Layer) => number): number => layers.reduce((n, l) => n + pick(l), 0)
  return {
    name,
    title: TITLES[name] ?? name.replaceAll('_', ' '),
    use,
    layers,
    parameters: sum((l) => l.parameters),
    multiplyAdds: sum((l) => l.multiplyAdds),
    activationBytes: sum((l) => l.activationBytes),
    output: layers.at(-1)?.outputShape ?? [],
    receptiveField: card.splits.find((s) => s.block === name)?.receptiveField ?? null,
  }
}

/** A layer without the name of its block: `conv1_1`, not `mtl_vgg_core.v1_block.conv1_1`. */
export const layerName = ({ name, block }: Layer): string => {
  const at = name.indexOf(`${block}.`)
  return at === -1 ? name : name.slice(at + block.length + 1)
}

/** The largest things that a model keeps in memory: of its outputs, and of its weights. */
export function largestTensors(card: Card): {
  readonly output: Layer | null
  readonly weights: Card['parameterList'][number] | null
} {
  const most = <T>(list: readonly T[], size: (item: T) => number): T | null =>
    list.reduce<T | null>((best, item) => (best === null || size(item) > size(best) ? item : best), null)
  return {
    output: most(card.layers, (l) => l.activationBytes),
    weights: most(card.parameterList, (p) => p.count),
  }
}
