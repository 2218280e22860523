import { expect, test } from 'vitest'
import { planColumns } from '../../../../../../src-renderer/features/editor/recipes/recipe-rows.ts'
import type { RecipePlanView } from '../../../../../../src-shared/contract/calls/recipe.ts'

const plan = (axis: string, path: string): RecipePlanView => ({
  ...{ name: 'plan', title: '', question: '', description: '', tag: '', compareTo: '' },
  ...{ inputs: [], problems: [], excluded: 0, steps: [] },
  runs: [
    {
      ...{ label: '', name: 'r', also: [], seed: 1, id: null, status: null, groupId: null },
      ...{ step: '', seconds: null, waitsFor: [], blockedBy: null },
      choices: { [axis]: '8' },
      changes: [{ path, value: 8 }],
    },
  ],
})
const headings = (given: RecipePlanView): string[] => planColumns(given).map(({ label }) => label)

test('an option that is varied is headed by the word of the form, by its key or its path', () => {
  expect(headings(plan('patience', 'trainer.config.patience'))).toEqual(['Patience', 'Seed', 'Exists'])
  expect(headings(plan('trainer.config.patience', 'trainer.config.patience'))[0]).toBe('Patience')
})

test('a name that a recipe gives to an axis of its own is kept', () => {
  expect(headings(plan('how long', 'trainer.config.patience'))[0]).toBe('how long')
})
