import type { Curve, RunDetail } from '../../../../src-shared/contract/run.ts'
import type { XAxis } from '../../../ui/charts/line/curve-series.ts'
import { placeOf } from '../../../ui/charts/line/curve-series.ts'
import type { Mark } from '../../../ui/charts/frame/series.ts'

const SHOWN: Readonly<Record<string, { label: string; tone: Mark['tone'] }>> = {
  best: { label: 'best', tone: 'good' },
  'lr-decay': { label: 'rate down', tone: 'muted' },
  resume: { label: 'resumed', tone: 'warn' },
  restore: { label: 'restored', tone: 'muted' },
  reset: { label: 'reset', tone: 'muted' },
  prune: { label: 'pruned', tone: 'muted' },
  stop: { label: 'stopped', tone: 'warn' },
  moment: { label: 'moment', tone: 'chosen' },
}

/**
 * Marks of a run along an axis. Of the improvements only the last is drawn: the others were overtaken. What happened at one place is one
 * mark.
 */
export function marksOf(marks: RunDetail['marks'], axis: XAxis, reference: Curve | null): readonly Mark[] {
  const lastBest = marks.findLastIndex((m) => m.mark === 'best')
  const out = new Map<number, Mark>()
  for (const [i, m] of marks.entries()) {
    const look = SHOWN[m.mark]
    const x = positionOf(m, axis, reference)
    if (look === undefined || x === null || (m.mark === 'best' && i !== lastBest)) continue
    const old = out.get(x)
    if (old === undefined) out.set(x, { x, ...look })
    else if (!old.label.split(', ').includes(look.label))
      out.set(x, { x, label: `${old.label}, ${look.label}`, tone: old.tone })
  }
  return [...out.values()]
}

function positionOf(
  mark: { step: number; epoch: number },
  axis: XAxis,
  reference: Curve | null,
): number | null {
  if (axis === 'step') return mark.step
  if (axis === 'epoch') return mark.epoch
  if (reference === null) return null
  if (axis === 'relative') return mark.step - reference.start
  const at = reference.step.findIndex((s) => s >= mark.step)
  return reference[placeOf(axis)][at < 0 ? reference.step.length - 1 : at] ?? null
}
