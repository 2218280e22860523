import { readResult } from '../../store/files/run-folder.ts'
import type { RunStore } from '../../store/run-store.ts'
import { neuronTables } from './run-arrays.ts'

/**
 * Curves, final scores and scores of units as JSON Lines: one object a line, told apart by `kind`. Curves are complete; a value that
 * was not finite is null.
 */
export function runLines(store: RunStore, id: string): string {
  const lines = [...curveLines(store, id), ...scoreLines(store, id), ...unitLines(store, id)]
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

function curveLines(store: RunStore, id: string): readonly object[] {
  const { series } = store.history(id).read()
  const values = Array.from({ length: series.rows }, (): Record<string, number | null> => ({}))
  for (const [key, { rows, value }] of series.keys)
    rows.forEach((row, i) => (values[row]![key] = Number.isFinite(value[i]) ? value[i]! : null))
  return values.map((measured, row) => ({
    kind: 'metrics',
    step: series.step[row],
    epoch: series.epoch[row],
    images: series.images[row],
    seconds: series.seconds[row],
    values: measured,
  }))
}

function scoreLines(store: RunStore, id: string): readonly object[] {
  const record = store.read(id)
  const scores = readResult(store.files(id).folder)?.scores ?? record.scores
  return Object.entries(scores).map(([key, value]) => ({ kind: 'score', key, value }))
}

function unitLines(store: RunStore, id: string): readonly object[] {
  const untrained = store.read(id).end?.untrained ?? []
  return neuronTables(store, id).flatMap(({ area, session, units, columns }) => {
    const isUntrained = untrained.some(({ task, sessions }) => task === area && sessions.includes(session))
    return units.map((unit, i) => ({
      kind: 'unit',
      area,
      session,
      unit,
      ...(isUntrained && { note: 'untrained' }),
      scores: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[i] ?? null])),
    }))
  })
}
