import type { Params, Result } from '../../../src-shared/contract/contract.ts'
import { metricInfo } from '../../../src-shared/contract/metrics.ts'
import { diffConfigs } from '../../../src-shared/schema/diff.ts'
import { createRng } from '../../../src-shared/util/rng.ts'
import { neuronsOf } from './made-up-results.ts'
import type { FakeRun } from './made-up-runs.ts'

export function compareRuns(runs: readonly FakeRun[], baseline: string | null): Result<'compare.table'> {
  const keys = [...new Set(runs.flatMap((r) => Object.keys(r.summary.scores)))]
  const base = runs.find((r) => r.summary.id === baseline)
  const groups = [...new Set(runs.map((r) => r.summary.groupId))]
  return {
    runs: runs.map((r) => r.summary),
    baseline,
    differences: diffConfigs(runs.map((r) => r.config)).map((d) => ({
      path: d.path,
      values: [...d.values],
      defaults: d.values.map((v) => v === undefined),
    })),
    metrics: keys.map((key) => {
      const values = runs.map((r) => r.summary.scores[key] ?? null)
      const ref = base?.summary.scores[key] ?? null
      return {
        key,
        ...metricInfo(key),
        values,
        deltas: values.map((v) => (v === null || ref === null ? null : v - ref)),
      }
    }),
    groups: groups.map((groupId) => groupOf(groupId, runs, keys, base)),
  }
}

function groupOf(
  groupId: string,
  runs: readonly FakeRun[],
  keys: readonly string[],
  base: FakeRun | undefined,
): Result<'compare.table'>['groups'][number] {
  const members = runs.filter((r) => r.summary.groupId === groupId)
  return {
    groupId,
    name: members[0]?.summary.name ?? '',
    ids: members.map((r) => r.summary.id),
    metrics: keys.map((key) => {
      const values = members
        .map((r) => r.summary.scores[key])
        .filter((v): v is number => typeof v === 'number')
      const mean = values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length
      const spread =
        mean === null
          ? 0
          : Math.sqrt(values.reduce((a, v) => a + (v - mean) ** 2, 0) / Math.max(1, values.length - 1))
      const sem = values.length < 2 ? null : spread / Math.sqrt(values.length)
      const ref = base?.summary.scores[key]
      const d = mean === null || ref === undefined || ref === null ? null : mean - ref
      const delta =
        d === null || sem === null
          ? null
          : {
              mean: d,
              low: d - 2 * sem,
              high: d + 2 * sem,
              note: `paired over ${values.length} seeds`,
              paired: true,
              seeds: values.length,
              outlook: outlookOf(d, 2 * sem),
            }
      return { key, n: values.length, mean, sem, delta }
    }),
  }
}

const outlookOf = (effect: number, half: number): SeedDelta['outlook'] =>
  Math.abs(effect) > half ? { kind: 'settled', more: 0 } : { kind: 'seeds', more: 4 }
type SeedDelta = NonNullable<Result<'compare.neurons'>['difference']>

export function compareNeurons(
  [a]: readonly FakeRun[],
  [b]: readonly FakeRun[],
  column: Params<'compare.neurons'>['column'],
): Result<'compare.neurons'> {
  const left = a === undefined ? [] : neuronsOf(a)
  const right = b === undefined ? [] : neuronsOf(b)
  const rng = createRng(8)
  const pairs = left.flatMap((table, k) =>
    table.units.map((unit, i) => ({
      session: table.session,
      area: table.area,
      unit,
      a: table.columns[column]?.[i] ?? null,
      b: (right[k]?.columns[column]?.[i] ?? 0) + 0.02 * rng.normal(),
      ceiling: table.columns['ceiling']?.[i] ?? null,
      fev: null,
    })),
  )
  const bHigher = pairs.filter((p) => (p.b ?? 0) > (p.a ?? 0)).length
  return {
    pairs,
    n: pairs.length,
    aHigher: pairs.length - bHigher,
    bHigher,
    difference: {
      mean: 0.01,
      low: null,
      high: null,
      note: 'one seed, no interval',
      paired: true,
      seeds: 1,
      outlook: { kind: 'no-spread', more: 2 },
    },
    left: { elsewhere: 0, ceiling: 0, fev: 0, undefined: 0 },
  }
}

export function compareDistributions(
  runs: readonly FakeRun[],
  column: Params<'compare.distributions'>['column'],
): Result<'compare.distributions'> {
  const found = runs
    .map((run) => ({ id: run.summary.id, tables: neuronsOf(run) }))
    .filter((r) => r.tables.length > 0)
  const tables = found.flatMap((r) => r.tables)
  return {
    columns: [...new Set(tables.flatMap((t) => Object.keys(t.columns)))],
    areas: [...new Set(tables.map((t) => t.area))],
    sessions: [...new Set(tables.map((t) => t.session))],
    ceiling: 'ceiling',
    hasFev: false,
    runs: found.map((r) => ({
      id: r.id,
      units: r.tables.flatMap((t) => t.units.map((unit) => `${t.session} ${unit}`)),
      values: r.tables.flatMap((t) => t.units.map((_, i) => t.columns[column]?.[i] ?? 0)),
      left: { elsewhere: 0, ceiling: 0, fev: 0, undefined: 0 },
    })),
  }
}
