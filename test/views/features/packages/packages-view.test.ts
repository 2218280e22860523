import { screen, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import PackagesView from '../../../../src-renderer/features/packages/PackagesView.vue'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { CARD, OPENED } from '../../../support/fake-renderer/made-up-package.ts'
import type { Answers } from '../../../support/show.ts'
import { byRole, settled, show } from '../../../support/show.ts'

const view = (answers: Answers = {}, at = '/packages') => show(PackagesView, { answers, at })
const field = (): HTMLElement => byRole('textbox', /^File on the machine/)

describe('the page of packages', () => {
  it('shows the card of a file before anything is added, then what came of opening it', async () => {
    const { user, paramsOf, text, calls } = await view()
    expect(byRole('button', 'Look').title).toBe('Name a file first')
    await user.type(field(), ' /data/net.cotrain {Enter}')
    await settled()
    expect(paramsOf('packages.look')).toEqual([{ path: '/data/net.cotrain' }])
    expect(paramsOf('packages.open')).toEqual([])
    const card = byRole('region', CARD.title)
    for (const words of [
      'A. Lab; B. Lab',
      'CC-BY-4.0',
      'the data are not inside',
      '3 seeds',
      'V1: 64 x 64 px',
      'V1 s1 (96)',
    ])
      expect(card.textContent).toContain(words)
    const rows = within(card).getAllByRole('row')
    expect(rows.map((row) => row.textContent)).toContainEqual(expect.stringMatching(/51\.2 %50\.1 to 52\.33/))
    await user.click(byRole('button', 'Check and add to the runs'))
    await settled()
    expect(paramsOf('packages.open')).toMatchObject([{ path: '/data/net.cotrain' }])
    expect(text()).toContain('the largest difference over 1176 values is 2.1e-7')
    expect(text()).toContain('3 runs added.')
    expect(screen.getAllByRole('link', { name: '1111111111' })[0]?.getAttribute('href')).toBe(
      `/runs/${'1'.repeat(64)}`,
    )
    expect(calls.at(-1)?.method).toBe('runs.list')
  })

  it('looks at the file that the system hands over, and says why one is refused', async () => {
    const { paramsOf } = await view(
      {
        'packages.look': ({ path }) => {
          throw new CotrainError({ code: 'file-refused', path, message: 'is nothing that a package holds.' })
        },
      },
      '/packages?file=%2Fhome%2Fa%2Fbad.cotrain',
    )
    await settled()
    expect(paramsOf('packages.look')).toEqual([{ path: '/home/a/bad.cotrain' }])
    expect(screen.getByRole('alert').textContent).toContain('is nothing that a package holds.')
  })

  it('lists a shelf when it is asked to, and opens from it', async () => {
    const { user, paramsOf, text } = await view({
      'packages.shelf': () => [
        { file: 'tiny.cotrain', bytes: 2_000_000, card: CARD, known: [], problem: null },
        {
          file: 'bad.cotrain',
          bytes: 0,
          card: null,
          known: [],
          problem: { code: 'file-invalid', message: 'is cut.' },
        },
      ],
      'packages.fetch': () => ({ ...OPENED, added: [], known: OPENED.added, notes: ['A note.'] }),
    })
    expect(paramsOf('packages.shelf')).toEqual([])
    const place = byRole('textbox', 'Folder or web address')
    await user.type(place, 'https://lab.example/nets{Enter}')
    await settled()
    expect(paramsOf('packages.shelf')).toMatchObject([{ address: 'https://lab.example/nets' }])
    const [good, bad] = within(byRole('list', 'Packages of the shelf')).getAllByRole('listitem')
    expect(good?.textContent).toContain('3 seeds · CC-BY-4.0')
    expect(bad?.textContent).toContain('is cut.')
    await user.click(byRole('button', `Look at ${CARD.title}`))
    await settled()
    await user.click(byRole('button', 'Check and add to the runs'))
    await settled()
    expect(paramsOf('packages.fetch')).toMatchObject([
      { address: 'https://lab.example/nets', file: 'tiny.cotrain' },
    ])
    expect(text()).toContain('0 runs added; 3 here already.')
    expect(text()).toContain('A note.')
    await user.clear(place)
    await user.type(place, '/data/nets/{Enter}')
    await settled()
    expect(paramsOf('packages.shelf').at(-1)).toMatchObject({ folder: '/data/nets/' })
    await user.click(byRole('button', `Look at ${CARD.title}`))
    await user.click(byRole('button', 'Check and add to the runs'))
    await settled()
    expect(paramsOf('packages.open')).toMatchObject([{ path: '/data/nets/tiny.cotrain' }])
  })
})
