import { screen } from '@testing-library/dom'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import BoxChart from '../../../../../src-renderer/ui/charts/box/BoxChart.vue'
import type { Group } from '../../../../../src-renderer/ui/charts/box/box-groups.ts'
import type { Shown } from '../../../../support/show.ts'
import { byRole, show } from '../../../../support/show.ts'
import { drawCharts, drawn } from '../drawn-charts.ts'

const group = (id: string, values: readonly number[]): Group => ({
  id,
  label: `setting ${id}`,
  token: '--c0',
  values,
  names: values.map((_, i) => `unit ${i}`),
  ids: values.map((_, i) => `${id}${i}`),
})
const groups = [group('a', [1, 2, 3, 4, 10]), group('b', [5]), group('c', [])]
const props = { title: 'Correlation', groups, valueTitle: 'r' }
const words = (element: HTMLElement): string => (element.textContent ?? '').replaceAll(/\s+/g, ' ').trim()
const label = (): string | null => screen.getByRole('img').getAttribute('aria-label')

let restore = (): void => undefined
beforeAll(() => (restore = drawCharts()))
afterAll(() => restore())

async function opened(more: Record<string, unknown> = {}): Promise<Shown> {
  const shown = await show(BoxChart, { props: { ...props, ...more } })
  await drawn()
  byRole('group', /^Correlation\. Arrow keys/).focus()
  return shown
}

describe('a plot of distributions', () => {
  it('reads single values from left to right over all groups, with the numbers of their group', async () => {
    const { user } = await opened()
    await user.keyboard('{Home}')
    expect(words(screen.getByRole('status'))).toBe(
      'unit 0setting ar 1n = 5, median 3, middle half 2 to 4, mean 4',
    )
    await user.keyboard('{ArrowRight>4/}')
    expect(words(screen.getByRole('status'))).toBe(
      'unit 0setting br 5n = 1, median 5, middle half 5 to 5, mean 5',
    )
  })

  it('chooses a value by Enter: its group and its own id', async () => {
    const { user, emitted } = await opened()
    await user.keyboard('{End}{Enter}')
    expect(emitted).toEqual([{ name: 'choose', values: ['a', 'a4'] }])
  })

  it('chooses no other value that came to stand in the same place', async () => {
    const { user, emitted, change } = await opened()
    await user.keyboard('{End}')
    await change({ groups: [group('z', [1, 2, 3, 4, 10])] })
    await user.keyboard('{Enter}')
    expect(emitted).toEqual([])
  })

  it('says the numbers of every group, and how many groups are not listed', async () => {
    const { change } = await show(BoxChart, { props })
    expect(label()).toBe(
      'Correlation: setting a: n = 5, median 3, middle half 2 to 4, mean 4. ' +
        'setting b: n = 1, median 5, middle half 5 to 5, mean 5. setting c: no values.',
    )
    await change({ groups: Array.from({ length: 14 }, (_, i) => group(String(i), [i, i + 1])) })
    expect(label()).toMatch(/setting 11: [^.]*\.5, [^:]*, and 2 more groups\.$/)
  })

  it('explains its shapes, and says when there are too many points to draw', async () => {
    const { text, change } = await show(BoxChart, { props: { ...props, note: 'one seed' } })
    expect(text()).toContain(
      'one seed; box: middle half, line: median, whiskers: farthest value within 1.5 heights of the box',
    )
    await change({
      isViolin: true,
      groups: [
        group(
          'a',
          Array.from({ length: 6001 }, (_, i) => i),
        ),
      ],
    })
    expect(text()).toContain('one seed; violin: Gaussian kernel density, mark: median; 6001 points not drawn')
  })

  it('has every value as a row of a table, and says when there are none', async () => {
    const { user, text, change } = await show(BoxChart, { props })
    await user.click(byRole('button', 'Correlation: table and export'))
    await user.click(byRole('menuitemcheckbox', 'Show as table'))
    const rows = screen.getAllByRole('row').map((row) => [...row.children].map((cell) => cell.textContent))
    expect(rows).toHaveLength(7)
    expect([rows[0], rows[5], rows[6]]).toEqual([
      ['Group', 'Name', 'r'],
      ['setting a', 'unit 4', '10'],
      ['setting b', 'unit 0', '5'],
    ])
    await user.click(byRole('button', 'Correlation: table and export'))
    await user.click(byRole('menuitemcheckbox', 'Show as table'))
    await change({ groups: [group('c', [])], emptyText: 'No run has both.' })
    expect(text()).toContain('No run has both.')
  })
})
