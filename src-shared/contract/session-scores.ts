import { SCORE_COLUMNS } from './neuron-columns.ts'
import type { NeuronTable } from './run.ts'

/** A score over the units of one session: mean over those that have a value, and how many have. */
export interface UnitMean {
  readonly mean: number
  readonly n: number
}

export interface SessionScores {
  readonly session: string
  readonly area: string
  readonly units: number
  /** By column of the table of units; a column without any value is absent. */
  readonly scores: Readonly<Record<string, UnitMean>>
}

/** The scores of each session by itself, and the columns that any session has, in reading order. */
export function sessionScores(tables: readonly NeuronTable[]): {
  readonly columns: readonly string[]
  readonly sessions: readonly SessionScores[]
} {
  const sessions = tables.map(({ session, area, units, columns }) => ({
    session,
    area,
    units: units.length,
    scores: Object.fromEntries(
      SCORE_COLUMNS.flatMap((name) => {
        const mean = unitMean(columns[name] ?? [])
        return mean === null ? [] : [[name, mean]]
      }),
    ),
  }))
  return { columns: SCORE_COLUMNS.filter((name) => sessions.some((s) => name in s.scores)), sessions }
}

function unitMean(values: readonly (number | null)[]): UnitMean | null {
  const known = values.filter((value) => value !== null && Number.isFinite(value)) as number[]
  if (known.length === 0) return null
  return { mean: known.reduce((sum, value) => sum + value, 0) / known.length, n: known.length }
}
