import type { Objective } from '../../../src-shared/schema/search.ts'

/** Whether `a` is at least as good as `b` in every objective and better in one. */
function beats(a: readonly number[], b: readonly number[], objectives: readonly Objective[]): boolean {
  const gains = objectives.map(({ direction }, o) => (a[o]! - b[o]!) * (direction === 'max' ? 1 : -1))
  return gains.every((gain) => gain >= 0) && gains.some((gain) => gain > 0)
}

/** Places of the values that none of the others beats in all objectives (Pareto front); with one objective, those of the best. */
export const frontOf = (values: readonly (readonly number[])[], objectives: readonly Objective[]): number[] =>
  [...values.keys()].filter((i) => !values.some((other) => beats(other, values[i]!, objectives)))
