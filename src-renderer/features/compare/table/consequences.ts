import type { RunSummary } from '../../../../src-shared/contract/run.ts'
import type { Comparison } from '../base/comparison.ts'

type Difference = Comparison['differences'][number]

const fnOf = (run: RunSummary, path: string): string => {
  const part = path.split('.')[0]
  return part === 'dataset' || part === 'model' || part === 'trainer' ? run[part] : ''
}

/**
 * Whether an option differs only because the runs use another component: where it exists it is the same, and it is missing exactly
 * where the component has no such option. The component's name says all there is to say.
 */
export function isConsequence(d: Difference, runs: readonly RunSummary[]): boolean {
  const has = d.values.map((v) => v !== undefined && v !== null)
  if (has.every((h) => h)) return false
  const present = new Set(d.values.filter((_, i) => has[i]).map((v) => JSON.stringify(v)))
  if (present.size > 1) return false
  const withIt = new Set(runs.filter((_, i) => has[i]).map((r) => fnOf(r, d.path)))
  return runs.every((r, i) => has[i] || !withIt.has(fnOf(r, d.path)))
}

/** Fewer options than these under one heading are listed one by one. */
const FOLD_FROM = 3
/** `dataset.config.v1_dataset_dict` and deeper; the components themselves are never folded. */
const SHALLOWEST = 3

const patternOf = (d: Difference): string =>
  d.values.map((v) => (v === undefined || v === null ? '0' : '1')).join('')

/** Whether the option is there or not is the whole difference. */
const isPresence = (d: Difference): boolean =>
  patternOf(d).includes('0') &&
  new Set(d.values.filter((v) => v !== undefined && v !== null).map((v) => JSON.stringify(v))).size === 1

/** A group of options that some runs have and others lack becomes one difference: set or not set. */
export function foldGroups(differences: Comparison['differences']): Comparison['differences'] {
  const out: Difference[] = []
  const done = new Set<string>()
  for (const d of differences) {
    if (done.has(d.path)) continue
    const folded = isPresence(d) ? groupAround(d, differences) : null
    if (folded === null) {
      out.push(d)
      continue
    }
    for (const member of folded.members) done.add(member.path)
    out.push({
      path: folded.path,
      values: d.values.map((v) =>
        v === undefined || v === null ? undefined : `set (${folded.members.length} options)`,
      ),
      defaults: d.defaults,
      ...(d.absent === undefined ? {} : { absent: d.absent }),
    })
  }
  return out
}

/** The widest group around an option in which every difference is one of presence, in the same runs. */
function groupAround(
  d: Difference,
  all: Comparison['differences'],
): { path: string; members: Difference[] } | null {
  const keys = d.path.split('.')
  for (let depth = SHALLOWEST; depth < keys.length; depth++) {
    const path = keys.slice(0, depth).join('.')
    const members = all.filter((o) => o.path.startsWith(`${path}.`))
    if (members.length >= FOLD_FROM && members.every((m) => isPresence(m) && patternOf(m) === patternOf(d)))
      return { path, members }
  }
  return null
}

/** Differences that tell the runs apart: names of components first, then options; consequences are left out, groups folded. */
export function tellingDifferences(c: Comparison): Comparison['differences'] {
  const telling = foldGroups(c.differences.filter((d) => !isConsequence(d, c.runs)))
  const isFn = (d: Difference): boolean => d.path.endsWith('.fn')
  return [...telling.filter(isFn), ...telling.filter((d) => !isFn(d))]
}
