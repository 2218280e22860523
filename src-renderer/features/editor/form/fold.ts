import type { FieldState, Section } from '../../../config/form-state.ts'

/** Which options the form shows: those that people usually set, all, or only what differs from the defaults. */
export type Fold = 'common' | 'all' | 'changed'

const countOf = (sections: readonly Section[], isCounted: (state: FieldState) => boolean): number =>
  sections.reduce(
    (n, section) => n + section.groups.reduce((m, group) => m + group.fields.filter(isCounted).length, 0),
    0,
  )

/** The choices with how many options each shows, so that one sees what is folded away. */
export const foldChoices = (sections: readonly Section[]): { value: Fold; label: string }[] => [
  { value: 'common', label: `Usual ${countOf(sections, (s) => s.field.advanced !== true || s.isChanged)}` },
  { value: 'all', label: `All ${countOf(sections, () => true)}` },
  { value: 'changed', label: `Changed ${countOf(sections, (s) => s.isChanged)}` },
]
