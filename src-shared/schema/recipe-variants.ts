import type { PlainConfig } from './component.ts'
import type { Patch } from './patch.ts'
import type { RecipeBody } from './recipe.ts'
import { trialsOf } from './search-trials.ts'

/** One setting of a recipe before its config is looked at. */
export interface Variant {
  readonly label: string
  readonly from: string | PlainConfig
  /** Starts from a config of its own, which then has the right name. */
  readonly isOwn: boolean
  readonly choices: Readonly<Record<string, string>>
  readonly patch: Patch
}

/** What the setting of a trial is called; counted from 1. */
export const trialLabel = (number: number): string => `trial ${number}`

/** Axes from left to right, then the list, then the trials of a search. */
export function variantsOf({ baseline, axes, list, search }: RecipeBody): readonly Variant[] {
  const none: Variant = { label: '', from: baseline, isOwn: false, choices: {}, patch: {} }
  const grid = axes.reduce<readonly Variant[]>(
    (rows, axis) =>
      rows.flatMap((row) =>
        axis.values.map((value) => ({
          ...row,
          choices: { ...row.choices, [axis.label]: value.label },
          patch: { ...row.patch, ...value.patch },
        })),
      ),
    [none],
  )
  const labelled = grid.map((v) => ({
    ...v,
    label: Object.entries(v.choices)
      .map(([axis, value]) => `${axis} ${value}`)
      .join(', '),
  }))
  const written = list.map(({ label, from, patch }) => ({
    ...none,
    label,
    from: from ?? baseline,
    isOwn: from !== undefined,
    patch,
  }))
  const drawn = search === null ? [] : trialsOf(search)
  const trials = drawn.map((patch, i) => ({ ...none, label: trialLabel(i + 1), patch }))
  const others = [...written, ...trials]
  return axes.length === 0 && others.length > 0 ? others : [...labelled, ...others]
}
