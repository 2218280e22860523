import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import AddRunsDialog from '../../../../src-renderer/features/runs/AddRunsDialog.vue'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { Answers } from '../../../support/show.ts'
import { byRole, settled, show } from '../../../support/show.ts'

const PLACE = /^Folder on the machine that runs CoTrain/
const dialog = (answers: Answers = {}) => show(AddRunsDialog, { props: { open: true }, answers })
const field = (): HTMLInputElement => byRole('textbox', PLACE) as HTMLInputElement

describe('the dialog that adds runs', () => {
  it('wants a folder first', async () => {
    const { user, paramsOf } = await dialog()
    const add = byRole('button', 'Add')
    expect([add.getAttribute('aria-disabled'), add.title]).toEqual(['true', 'Name a folder first'])
    await user.click(add)
    await user.type(field(), '  {Enter}')
    await settled()
    expect(paramsOf('runs.add')).toEqual([])
  })

  it('copies the runs of a folder, counts them and loads the list anew', async () => {
    const { user, paramsOf, calls } = await dialog({
      'runs.add': () => ({ added: ['a', 'b'], known: ['c'], problems: [] }),
    })
    await user.type(field(), ' /data/runs ')
    await user.click(byRole('button', 'Add'))
    await settled()
    expect(paramsOf('runs.add')).toEqual([{ path: '/data/runs' }])
    expect(screen.getByRole('status').textContent?.trim()).toBe('2 runs added; 1 run was here already.')
    expect(calls.at(-1)?.method).toBe('runs.list')
  })

  it('adds by Enter, and says nothing of known runs where there is none', async () => {
    const { user } = await dialog({ 'runs.add': () => ({ added: ['a'], known: [], problems: [] }) })
    await user.type(field(), '/data/runs{Enter}')
    await settled()
    expect(screen.getByRole('status').textContent?.trim()).toBe('1 run added.')
  })

  it('speaks of one known run in the singular', async () => {
    const { user } = await dialog({ 'runs.add': () => ({ added: [], known: ['c'], problems: [] }) })
    await user.type(field(), '/data/runs{Enter}')
    await settled()
    expect(screen.getByRole('status').textContent).toContain('1 run was here already.')
  })

  it('names the runs that could not be read', async () => {
    const problem = { code: 'run-damaged', message: 'config.yaml is missing.', path: '/data/runs/x' }
    const { user, text } = await dialog({
      'runs.add': () => ({ added: ['a'], known: [], problems: [problem] }),
    })
    await user.type(field(), '/data/runs{Enter}')
    await settled()
    expect(text()).toContain('These could not be read and were left out/data/runs/xconfig.yaml is missing.')
  })

  it('says why nothing was added, keeps the path, and forgets the fault when reopened', async () => {
    const { user, change } = await dialog({
      'runs.add': () => {
        throw new CotrainError({
          code: 'file-missing',
          message: 'No such folder.',
          hint: 'Look at its name.',
        })
      },
    })
    await user.type(field(), '/data/rums{Enter}')
    await settled()
    expect(screen.getByRole('alert').textContent).toBe('Nothing was addedNo such folder.Look at its name.')
    expect(field().value).toBe('/data/rums')
    await change({ open: false })
    await change({ open: true })
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('copies once at a time', async () => {
    const { user, paramsOf } = await dialog({ 'runs.add': () => new Promise(() => undefined) })
    await user.type(field(), '/data/runs{Enter}{Enter}')
    await settled()
    expect(byRole('button', 'Add').title).toBe('They are being copied')
    await user.click(byRole('button', 'Add'))
    expect(paramsOf('runs.add')).toHaveLength(1)
  })

  it('takes a folder from the desktop dialog, and keeps the old one when it is cancelled', async () => {
    let chosen: string | null = '/chosen/runs'
    const { user, paramsOf } = await dialog({ 'app.choosePath': () => ({ path: chosen }) })
    await user.click(screen.getByText('Choose'))
    await settled()
    expect(field().value).toBe('/chosen/runs')
    chosen = null
    await user.click(screen.getByText('Choose'))
    await settled()
    expect(field().value).toBe('/chosen/runs')
    expect(paramsOf('app.choosePath').map(({ kind, title }) => [kind, title])).toEqual([
      ['folder', 'Add runs'],
      ['folder', 'Add runs'],
    ])
  })
})
