import type { FormField } from '../../../../src-shared/schema/form.ts'
import type { RecipeIn } from '../../../../src-shared/schema/recipe.ts'
import type { FieldState, Section } from '../../../config/form-state.ts'
import { parseValues, valueLabel } from './vary-values.ts'

/** An option that can vary, wherever it stands in the form. */
export interface VariableOption {
  /** Dotted path, which is also its id in pickers. */
  readonly id: string
  readonly field: FormField
  readonly value: unknown
  /** "Trainer, Optimizer options": where it stands. */
  readonly place: string
}

/** An option with the values typed for it. */
export interface VariedOption {
  readonly option: VariableOption
  readonly text: string
}

const LABELS: ReadonlySet<string> = new Set(['name', 'comment', 'tags', 'seed'])

/** Every option of the form that decides the result; parts of groups stand alone. */
export function variableOptions(sections: readonly Section[]): readonly VariableOption[] {
  const leaves = (state: FieldState, place: string): readonly VariableOption[] => {
    if (state.field.kind === 'group')
      return state.value === null
        ? []
        : state.inner.flatMap((inner) => leaves(inner, `${place}, ${state.field.label}`))
    if (state.field.identity === false) return []
    return [{ id: state.path.join('.'), field: state.field, value: state.value, place }]
  }
  return sections.flatMap((section) =>
    section.groups.flatMap((group) =>
      group.fields
        .filter((state) => !LABELS.has(state.path.join('.')))
        .flatMap((state) => leaves(state, section.title)),
    ),
  )
}

/** The values of a varied option, or what is wrong with what was typed. */
export const valuesOf = ({ option, text }: VariedOption) => parseValues(text, option.field)

/** The recipe that varies these options of a config; null while a value cannot be read. */
export function varyRecipe(
  given: unknown,
  name: string,
  varied: readonly VariedOption[],
  seeds: readonly number[],
): RecipeIn | null {
  const labels = axisLabels(varied)
  const axes: NonNullable<RecipeIn['axes']> = []
  for (const [i, one] of varied.entries()) {
    const parsed = valuesOf(one)
    if (!parsed.ok) return null
    axes.push({
      label: labels[i]!,
      values: parsed.values.map((value) => ({
        label: valueLabel(value),
        // A map as a value replaces the whole map; null is a value here, not the default.
        patch: { [one.option.id]: value === null || isMap(value) ? { $set: value } : value },
      })),
    })
  }
  return { name, baseline: given as Record<string, unknown>, axes, seeds: [...seeds] }
}

const isMap = (value: unknown): boolean =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** The key of an option is its label where no other one has the same, else its path. */
function axisLabels(varied: readonly VariedOption[]): readonly string[] {
  const keys = varied.map(({ option }) => option.field.key)
  return varied.map(({ option }, i) =>
    keys.filter((key) => key === keys[i]).length > 1 ? option.id : option.field.key,
  )
}
