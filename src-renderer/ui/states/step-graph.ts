import type { Ancestor, RecipePlanView } from '../../../src-shared/contract/calls/recipe.ts'
import type { RunStatus } from '../../../src-shared/contract/run.ts'

export type GraphStep = RecipePlanView['steps'][number]

/** A run of a graph as it stands now. */
export interface GraphRun {
  readonly step: string
  readonly status: RunStatus | null
  readonly seconds: number | null
  readonly waitsFor: readonly Ancestor[]
  readonly blockedBy: Ancestor | null
}

/** What a run is doing, or why it is not there. */
type GraphWord = RunStatus | 'new' | 'waiting' | 'blocked'

interface GraphCard extends GraphStep {
  /** In rem, as all sizes. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly counts: readonly { readonly word: GraphWord; readonly count: number }[]
  /** Of all its runs, as far as they are known; null where none is. */
  readonly seconds: number | null
  readonly blockedBy: Ancestor | null
  readonly waitsFor: readonly Ancestor[]
}

interface GraphLayout {
  readonly width: number
  readonly height: number
  readonly cards: readonly GraphCard[]
  readonly edges: readonly { readonly key: string; readonly path: string; readonly isDone: boolean }[]
}

const CARD = { width: 15, height: 8.5, across: 3.5, down: 1 }

/** Columns by depth, the steps of a column below each other in the order of the recipe. */
export function layOut(steps: readonly GraphStep[], runs: readonly GraphRun[]): GraphLayout {
  const rows = new Map<number, number>()
  const cards = steps.map((step) => {
    const row = rows.get(step.depth) ?? 0
    rows.set(step.depth, row + 1)
    const own = runs.filter((run) => run.step === step.name)
    const known = own.flatMap(({ seconds }) => seconds ?? [])
    return {
      ...step,
      x: step.depth * (CARD.width + CARD.across),
      y: row * (CARD.height + CARD.down),
      width: CARD.width,
      counts: countsOf(own),
      seconds: known.length === 0 ? null : known.reduce((a, b) => a + b, 0),
      blockedBy: own.find(({ blockedBy }) => blockedBy !== null)?.blockedBy ?? null,
      waitsFor: own.find(({ status, waitsFor }) => status === null && waitsFor.length > 0)?.waitsFor ?? [],
    }
  })
  const byName = new Map(cards.map((card) => [card.name, card]))
  const edges = cards.flatMap((to) =>
    to.after.flatMap((name) => {
      const from = byName.get(name)
      if (from === undefined) return []
      const isDone = from.counts.every(({ word }) => word === 'finished')
      return [{ key: `${name} ${to.name}`, path: curve(from, to), isDone }]
    }),
  )
  return {
    width: Math.max(0, ...cards.map(({ x }) => x)) + CARD.width,
    height: Math.max(0, ...cards.map(({ y }) => y)) + CARD.height,
    cards,
    edges,
  }
}

function curve(from: { x: number; y: number }, to: { x: number; y: number }): string {
  const [x1, x2] = [from.x + CARD.width, to.x]
  const [y1, y2] = [from.y + CARD.height / 2, to.y + CARD.height / 2]
  const middle = (x1 + x2) / 2
  return `M ${x1} ${y1} C ${middle} ${y1}, ${middle} ${y2}, ${x2} ${y2}`
}

const wordOf = ({ status, blockedBy, waitsFor }: GraphRun): GraphWord =>
  status ?? (blockedBy !== null ? 'blocked' : waitsFor.length > 0 ? 'waiting' : 'new')

function countsOf(runs: readonly GraphRun[]): GraphCard['counts'] {
  const count = new Map<GraphWord, number>()
  for (const run of runs) count.set(wordOf(run), (count.get(wordOf(run)) ?? 0) + 1)
  return [...count].map(([word, n]) => ({ word, count: n }))
}
