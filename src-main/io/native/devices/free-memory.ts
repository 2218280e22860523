import type { Gpu } from '../../../../src-shared/contract/doctor.ts'
import { engineFolder, readNativeInfo } from '../library/native-info.ts'
import type { NvidiaSources } from './nvidia.ts'
import { nvidiaDevices } from './nvidia.ts'

/** The driver's tool takes up to a second, and a form is checked with every change. */
const KEPT_MS = 5_000

/** Memory of the card on which a run would compute now. */
export interface CardMemory {
  readonly name: string
  readonly freeBytes: number
  /** null where the driver does not say. */
  readonly totalBytes: number | null
}

interface Sources extends NvidiaSources {
  /** Milliseconds. */
  readonly now?: () => number
}

const known = new Map<string, { readonly at: number; readonly cards: Promise<Gpu[]> }>()

/**
 * The card on which a worker of this home would compute, with its free memory as of a few seconds ago: the freest, or the one
 * that `CUDA_VISIBLE_DEVICES` names. null where no card computes, where its free memory is not told, or where the variable
 * numbers several cards in an order that the driver's tool does not know.
 */
export async function cardForRun(home: string, sources: Sources = {}): Promise<CardMemory | null> {
  const info = await readNativeInfo(engineFolder(home))
  if (info?.gpu !== true) return null
  const card = chosen(await cardsOf(sources))
  if (card === null || card.freeBytes === null || card.isPartitioned) return null
  return { name: card.name, freeBytes: card.freeBytes, totalBytes: card.memoryBytes }
}

function cardsOf({ now = Date.now, ...sources }: Sources): Promise<Gpu[]> {
  const key = JSON.stringify(sources)
  const kept = known.get(key)
  if (kept !== undefined && now() - kept.at < KEPT_MS) return kept.cards
  const cards = nvidiaDevices(sources)
  known.set(key, { at: now(), cards })
  return cards
}

function chosen(cards: readonly Gpu[]): Gpu | null {
  const free = ({ freeBytes }: Gpu): number => freeBytes ?? -1
  const wish = process.env['CUDA_VISIBLE_DEVICES']
  if (wish === undefined)
    return cards.reduce<Gpu | null>(
      (most, card) => (most === null || free(card) > free(most) ? card : most),
      null,
    )
  const [first = ''] = wish.split(',').map((word) => word.trim())
  if (!/^\d+$/.test(first)) return (first !== '' && cards.find(({ uuid }) => uuid.startsWith(first))) || null
  // CUDA counts the fastest first unless told otherwise, the tool by their place on the bus: the same among equal cards.
  const isSameOrder =
    process.env['CUDA_DEVICE_ORDER'] === 'PCI_BUS_ID' || new Set(cards.map(({ name }) => name)).size === 1
  return isSameOrder ? (cards[Number(first)] ?? null) : null
}
