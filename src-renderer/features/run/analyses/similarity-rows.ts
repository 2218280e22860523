import type { Analysis } from '../../../../src-shared/contract/analysis.ts'
import { columnWidth } from '../../../ui/table/table-column.ts'
import type { TableColumn } from '../../../ui/table/table-column.ts'
import type { Dot, Guide } from '../../../ui/charts/scatter/scatter.ts'
import { styleOf } from '../../../format/series-style.ts'
import { numberText } from './analysis-rows.ts'

type Profile = Analysis['profiles'][number]

/** One layer of one of the runs. */
export interface LayerRow {
  readonly key: string
  readonly run: string
  readonly layer: string
  /** Of its output, without the batch. */
  readonly output: string
  readonly features: string
  /** By the name of the profile. */
  readonly scores: Readonly<Record<string, { value: number | null; low: number | null; high: number | null }>>
}

const RULES = { all: 'all', 'spatial-mean': 'mean over space', projection: 'random projection' } as const

export const layerRows = ({ layers, profiles }: Analysis, runName: (id: string) => string): LayerRow[] =>
  layers.flatMap(({ run, layers: own }) =>
    own.map(({ name, shape, rule, features }, i) => ({
      key: `${run}/${name}`,
      run: runName(run),
      layer: name,
      output: shape.join(' × '),
      features: rule === 'all' ? `all ${features}` : `${features}, ${RULES[rule]}`,
      scores: Object.fromEntries(
        profiles
          .filter((p) => p.run === run)
          .map((p) => [
            p.name,
            { value: p.values[i] ?? null, low: p.low[i] ?? null, high: p.high[i] ?? null },
          ]),
      ),
    })),
  )

const DIGITS = 3

export function layerColumns({ layers, profiles }: Analysis): TableColumn<LayerRow>[] {
  const own = profiles.filter(({ run }) => run === layers[0]?.run)
  return [
    { id: 'layer', label: 'Layer', value: (r) => r.layer, width: 20 },
    ...(layers.length > 1 ? [{ id: 'run', label: 'Run', value: (r: LayerRow) => r.run, width: 16 }] : []),
    { id: 'output', label: 'Output', help: 'Height, width and channels.', value: (r) => r.output, width: 9 },
    {
      ...{ id: 'features', label: 'Features', width: 13, value: (r: LayerRow) => r.features },
      help: 'How many numbers of each image were compared, and how they were made where the layer has more.',
    },
    ...own.map(({ name, label, help, n, of }): TableColumn<LayerRow> => ({
      ...{ id: name, label, help: `${help} n = ${n} ${of}.`, isNumber: true, width: columnWidth(label) + 2 },
      value: (r) => r.scores[name]?.value ?? null,
      text: (r) => scoreText(r.scores[name]),
    })),
  ]
}

function scoreText(score: LayerRow['scores'][string] | undefined): string {
  const text = numberText(score?.value ?? null, DIGITS)
  const { low = null, high = null } = score ?? {}
  return low === null || high === null
    ? text
    : `${text} [${numberText(low, DIGITS)}, ${numberText(high, DIGITS)}]`
}

/** What a chart calls layers: by their last part, "relu1_1", where that tells them apart. */
export function shortLayers(names: readonly string[]): readonly string[] {
  const last = (name: string): string => name.slice(name.lastIndexOf('.') + 1)
  return new Set(names.map(last)).size === names.length ? names.map(last) : names
}

/** Profiles of one measure over the same layers, one run or several. */
export interface ProfileChart {
  readonly key: string
  readonly title: string
  readonly layers: readonly string[]
  readonly dots: readonly Dot[]
  readonly guides: readonly Guide[]
  readonly note: string
}

const profiledRuns = (profiles: readonly Profile[]): readonly string[] => [
  ...new Set(profiles.map(({ run }) => run)),
]

/** Which mark stands for which run, where there are several. */
export function runMarks({ profiles }: Analysis, runName: (id: string) => string) {
  const runs = profiledRuns(profiles)
  return runs.length < 2 ? [] : runs.map((run, slot) => ({ run, name: runName(run), style: styleOf(slot) }))
}

/** Runs whose layers have the same names share a chart. */
export function profileCharts({ profiles }: Analysis, runName: (id: string) => string): ProfileChart[] {
  const groups = new Map<string, Profile[]>()
  for (const p of profiles) {
    const key = `${p.name} ${p.layers.join()}`
    groups.set(key, [...(groups.get(key) ?? []), p])
  }
  const runs = profiledRuns(profiles)
  return [...groups].map(([key, group]) => {
    const [first] = group as [Profile, ...Profile[]] // a group has at least one
    const names = group.map(({ run }) => runName(run))
    return {
      key,
      // All runs in one chart are named beside their marks; in charts of their own, by the titles.
      title: group.length < runs.length ? `${first.label}: ${names.join(', ')}` : first.label,
      layers: shortLayers(first.layers),
      dots: group.flatMap((p) => dotsOf(p, runs.indexOf(p.run), runName(p.run))),
      guides:
        first.ceiling === null ? [] : [{ kind: 'x', at: first.ceiling.value, label: first.ceiling.label }],
      note: `n = ${first.n} ${first.of}. ${first.help}`,
    }
  })
}

function dotsOf({ layers, values, low, high, run }: Profile, slot: number, name: string): Dot[] {
  const { token, marker } = styleOf(slot)
  return layers.flatMap((layer, i) => {
    const x = values[i] ?? null
    if (x === null) return []
    return [
      {
        ...{ id: `${run}/${layer}`, label: `${layer}, ${name}`, token, marker },
        ...{ x, y: i, xLow: low[i] ?? null, xHigh: high[i] ?? null },
      },
    ]
  })
}
