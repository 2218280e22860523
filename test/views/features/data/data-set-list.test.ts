import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import DataSetList from '../../../../src-renderer/features/data/DataSetList.vue'
import { DATA_SETS } from '../../../support/fake-renderer/made-up-data.ts'
import { byRole, show } from '../../../support/show.ts'

const [images, neural] = DATA_SETS
if (images === undefined || neural === undefined) throw new Error('no made-up sets')
const list = (sets: readonly object[] = DATA_SETS, chosen: string | null = 'mnist') =>
  show(DataSetList, { props: { sets, chosen } })
const entries = (): string[] =>
  screen.getAllByRole('listitem').map((li) => li.textContent?.replaceAll(/\s+/g, ' ').trim() ?? '')
const finding = (severity: string, ignored = false) => ({
  ...{ code: 'x', severity, message: 'm', reason: 'r', fix: 'f' },
  ...(ignored ? { ignored: { reason: 'known', at: 0 } } : {}),
})

describe('the list of data sets', () => {
  it('says name, content, size and open findings of each set', async () => {
    await list()
    expect(entries()).toEqual([
      'MNIST digits70,000 grey images of 28 x 28 pixels in 10 classes52.4 MiB',
      `In-silico V1${neural.summary}122 MiB2 findings`,
    ])
    expect(screen.getAllByRole('img').map((icon) => icon.getAttribute('aria-label'))).toEqual([
      'images',
      'responses',
    ])
  })

  it('leads to each set and marks the one that is open', async () => {
    await list()
    const links = screen.getAllByRole('link')
    expect(links.map((link) => link.getAttribute('href'))).toEqual(['/data/mnist', '/data/insilico'])
    expect(links.map((link) => link.getAttribute('aria-current'))).toEqual(['true', null])
  })

  it('says that files are missing, and counts no findings that were set aside', async () => {
    await list([
      { ...images, present: false, findings: [finding('warning'), finding('error', true)] },
      { ...neural, findings: [finding('warning', true)] },
    ])
    expect(entries()[0]).toMatch(/52.4 MiB ?files missing ?1 finding$/)
    expect(entries()[1]).toMatch(/122 MiB$/)
  })

  it('can be searched where it is long, and says when nothing matches', async () => {
    const many = Array.from({ length: 9 }, (_, n) => ({ ...images, id: `s${n}`, name: `set ${n}` }))
    const { user, text } = await list(many)
    const search = byRole('searchbox', 'Search data sets')
    await user.type(search, 'SET 7')
    expect(entries()).toHaveLength(1)
    expect(text()).toContain('1 of 9 sets')
    await user.type(search, 'x')
    expect(text()).toContain('No set matches')
    await user.click(byRole('button', 'Clear the search'))
    expect(entries()).toHaveLength(9)
  })

  it('has no search where it is short', async () => {
    await list()
    expect(screen.queryByRole('searchbox')).toBeNull()
  })
})
