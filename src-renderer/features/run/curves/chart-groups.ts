import {
  GRADIENT_COSINE,
  LEARNING_RATE,
  PATIENCE,
  SECONDS,
  isFinalKey,
} from '../../../../src-shared/contract/metric-keys.ts'
import { metricInfo } from '../../../../src-shared/contract/metrics.ts'

export interface ChartGroup {
  readonly id: string
  readonly title: string
  readonly yTitle: string
  readonly lines: readonly { readonly key: string; readonly label: string; readonly slot: number }[]
}

const TASKS: Readonly<Record<string, { name: string; slot: number }>> = {
  img_classification: { name: 'Classification', slot: 0 },
  v1: { name: 'V1', slot: 1 },
  v4: { name: 'V4', slot: 2 },
}
/** Drawn together for all tasks, because they are read against each other. */
const TOGETHER: Readonly<Record<string, string>> = {
  loss_weight: 'Loss weights',
  log_w: 'Learned log weights',
  grad_norm: 'Gradient norm per task',
  shared_grad_norm: 'Gradient norm of shared layers per task',
}
const ORDER: readonly string[] = [
  // The unweighted loss means the same in training and validation.
  'criterion',
  'loss',
  'score',
  'loss_weight',
  'log_w',
  LEARNING_RATE,
  'grad_norm',
  'shared_grad_norm',
  GRADIENT_COSINE,
  PATIENCE,
  'Throughput',
]
const MODE_SLOTS: Readonly<Record<string, number>> = { Training: 0, Validation: 1 }
const LOSSES = new Set(['criterion', 'loss', 'poisson'])

interface Place {
  readonly group: string
  readonly title: string
  readonly label: string
  readonly slot: number
  readonly rank: number
}

/** Final scores are numbers, not curves; they stand in the table of scores. */
const isCurve = (key: string): boolean => !isFinalKey(key) && key !== SECONDS

function placeOf(key: string): Place {
  const [mode = '', task = '', measure = ''] = key.split('/')
  const info = metricInfo(key)
  const known = TASKS[task] ?? { name: task, slot: 3 }
  if (measure === '') return { group: key, title: info.label, label: info.label, slot: 0, rank: rankOf(key) }
  const together = TOGETHER[measure]
  if (together !== undefined)
    return { group: measure, title: together, label: known.name, slot: known.slot, rank: rankOf(measure) }
  const isLoss = LOSSES.has(measure)
  const kind = measure === 'criterion' ? measure : isLoss ? 'loss' : 'score'
  return {
    group: `${task}/${measure}`,
    title: info.label === key ? key : info.label.replace(/ \(.*\)$/, ''),
    label: mode.replaceAll('_', ' ').toLowerCase(),
    slot: MODE_SLOTS[mode] ?? 2,
    rank: info.label === key ? ORDER.length : rankOf(kind) + known.slot / 10,
  }
}

function rankOf(name: string): number {
  const exact = ORDER.indexOf(name)
  const at = exact >= 0 ? exact : ORDER.findIndex((o) => name.startsWith(`${o}/`))
  return at < 0 ? ORDER.length : at
}

/** The charts of a run page: losses first, then scores, weights, learning rate, gradients, throughput; unknown metrics last. */
export function chartGroups(keys: readonly string[]): readonly ChartGroup[] {
  const groups = new Map<string, { place: Place; lines: { key: string; label: string; slot: number }[] }>()
  for (const key of keys.filter(isCurve)) {
    const place = placeOf(key)
    const group = groups.get(place.group) ?? { place, lines: [] }
    group.lines.push({ key, label: place.label, slot: place.slot })
    groups.set(place.group, group)
  }
  return [...groups.values()]
    .sort((a, b) => a.place.rank - b.place.rank || a.place.group.localeCompare(b.place.group))
    .map(({ place, lines }) => ({
      id: place.group,
      title: place.title,
      yTitle: metricInfo(lines[0]?.key ?? '').unit,
      lines,
    }))
}

/** Lines farther apart than this would press each other flat. */
const MOST_RATIO = 20

/** A chart as it is, or one for each line where their sizes differ too much to share an axis (sums over a set beside means of a batch). */
export function splitScales(
  group: ChartGroup,
  sizeOf: (key: string) => number | null,
): readonly ChartGroup[] {
  const sizes = group.lines.map((l) => sizeOf(l.key)).filter((s): s is number => s !== null && s > 0)
  if (sizes.length < 2 || Math.max(...sizes) / Math.min(...sizes) <= MOST_RATIO) return [group]
  return group.lines.map((line) => ({
    ...group,
    id: `${group.id} ${line.label}`,
    title: `${group.title}, ${line.label}`,
    lines: [line],
  }))
}
