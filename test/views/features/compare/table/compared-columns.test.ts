import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import ComparedColumns from '../../../../../src-renderer/features/compare/table/ComparedColumns.vue'
import { byRole, show } from '../../../../support/show.ts'

const groups = [
  {
    title: 'Scores',
    columns: [
      { id: 'a', label: 'Accuracy', detail: 'Classification accuracy (test)' },
      { id: 'v', label: 'V1 corr.', detail: 'V1 single-trial correlation (test)' },
    ],
  },
  { title: 'Options that differ', columns: [{ id: 'seed', label: 'seed', detail: 'seed' }] },
]
const props = { open: true, groups, isShown: (id: string) => id !== 'v' }
const boxes = () => screen.queryAllByRole('checkbox').map((box) => box.closest('label')?.textContent)

describe('the choice of columns of a comparison', () => {
  it('lists them by kind, says which are shown and tells which is to change', async () => {
    const { user, emitted } = await show(ComparedColumns, { props })
    expect(screen.getAllByRole('group').map((g) => g.querySelector('legend')?.textContent)).toEqual([
      'Scores',
      'Options that differ',
    ])
    const box = byRole('checkbox', /^V1 corr\./)
    expect([box, byRole('checkbox', 'seed')].map((b) => b instanceof HTMLInputElement && b.checked)).toEqual([
      false,
      true,
    ])
    await user.click(box)
    expect(emitted).toEqual([{ name: 'toggle', values: ['v'] }])
  })

  it('finds columns by short and by full name, and says when none matches', async () => {
    const { user, text } = await show(ComparedColumns, { props })
    const search = byRole('searchbox', 'Search columns')
    await user.type(search, 'single-trial')
    expect(boxes()).toEqual(['V1 corr.V1 single-trial correlation (test)'])
    await user.clear(search)
    await user.type(search, 'SEED')
    expect(boxes()).toEqual(['seed'])
    await user.type(search, 'x')
    expect(boxes()).toEqual([])
    expect(text()).toContain('No column matches.')
  })

  it('forgets the search once it is closed', async () => {
    const { user, change } = await show(ComparedColumns, { props })
    await user.type(byRole('searchbox', 'Search columns'), 'seed')
    await change({ open: false })
    await change({ open: true })
    expect(boxes()).toHaveLength(3)
  })
})
