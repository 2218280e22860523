import { screen, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import TrashDialog from '../../../../src-renderer/features/runs/TrashDialog.vue'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { Answers } from '../../../support/show.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { inApp } from '../in-app.ts'

const OK = { ok: true as const }
const [ONE, TWO] = ['a'.repeat(64), 'b'.repeat(64)]
const twoRemoved = () => [
  { id: ONE, name: 'V1 wide', seed: 3, removedAt: Date.now() - 3.5 * 3_600_000, bytes: 3 * 2 ** 20 },
  { id: TWO, name: '', seed: null, removedAt: Date.now() - 2.5 * 86_400_000, bytes: 1536 },
]
const trash = (answers: Answers = {}) =>
  show(inApp(TrashDialog), { props: { open: true }, answers: { 'runs.trash': twoRemoved, ...answers } })
const rowOf = (name: RegExp): HTMLElement => byRole('row', name)
const refuse = (message: string): never => {
  throw new CotrainError({ code: 'internal', message, hint: 'Look at the folder.' })
}

describe('the trash', () => {
  it('says name, seed, age and size of what was removed, and the size of all', async () => {
    const { text } = await trash()
    const cells = within(rowOf(/V1 wide/)).getAllByRole('cell')
    expect(within(rowOf(/V1 wide/)).getByRole('rowheader').textContent).toMatch(/V1 wide seed 3, a{10}$/)
    expect(cells.slice(0, 2).map((cell) => cell.textContent)).toEqual(['3 h ago', '3.0 MiB'])
    expect(rowOf(/damaged run/).textContent).toMatch(/b{10}2 d ago1.5 KiB/)
    expect(text()).toContain('2 runs, 3.0 MiB')
  })

  it('restores one run and asks for the trash and the runs again', async () => {
    let left = twoRemoved()
    const { user, paramsOf, calls } = await trash({
      'runs.trash': () => left,
      'runs.restore': ({ id }) => {
        left = left.filter((run) => run.id !== id)
        return OK
      },
    })
    const before = calls.filter(({ method }) => method === 'runs.list').length
    await user.click(within(rowOf(/V1 wide/)).getByRole('button', { name: 'Restore' }))
    await settled()
    expect(paramsOf('runs.restore')).toEqual([{ id: ONE }])
    expect(screen.queryByRole('row', { name: /V1 wide/ })).toBeNull()
    expect(calls.filter(({ method }) => method === 'runs.list')).toHaveLength(before + 1)
  })

  it('deletes one run only after it has asked again', async () => {
    const { user, paramsOf } = await trash()
    await user.click(within(rowOf(/V1 wide/)).getByRole('button', { name: 'Delete for good' }))
    expect(paramsOf('runs.deleteForever')).toEqual([])
    await user.click(byRole('button', 'Really delete V1 wide'))
    await settled()
    expect(paramsOf('runs.deleteForever')).toEqual([{ ids: [ONE] }])
    expect(screen.queryByRole('button', { name: /^Really/ })).toBeNull()
  })

  it('asks about another run anew, and names a damaged one by its id', async () => {
    const { user, paramsOf } = await trash()
    await user.click(within(rowOf(/V1 wide/)).getByRole('button', { name: 'Delete for good' }))
    await user.click(within(rowOf(/damaged/)).getByRole('button', { name: 'Delete for good' }))
    expect(paramsOf('runs.deleteForever')).toEqual([])
    const asked = screen.getAllByRole('button', { name: /^Really/ })
    expect(asked.map((button) => button.textContent)).toEqual(['Really delete bbbbbbbbbb'])
  })

  it('is emptied after it has asked again', async () => {
    let left = twoRemoved()
    const { user, paramsOf, text } = await trash({
      'runs.trash': () => left,
      'runs.deleteForever': () => {
        left = []
        return OK
      },
    })
    await user.click(byRole('button', 'Empty trash'))
    await user.click(byRole('button', 'Really delete 2 runs for good'))
    await settled()
    expect(paramsOf('runs.deleteForever')).toEqual([{ ids: [ONE, TWO] }])
    expect(text()).toContain('The trash is empty')
    expect(text()).toContain('0 runs, 0 B')
    expect(screen.queryByRole('button', { name: 'Empty trash' })).toBeNull()
  })

  it('forgets what it asked when it is closed', async () => {
    const { user, change } = await trash()
    await user.click(byRole('button', 'Empty trash'))
    await change({ open: false })
    await change({ open: true })
    expect(byRole('button', 'Empty trash').textContent).toBe('Empty trash')
  })

  it('says why a run could not be restored, and keeps it', async () => {
    const { user, text } = await trash({ 'runs.restore': () => refuse('A run of this id is there.') })
    await user.click(within(rowOf(/V1 wide/)).getByRole('button', { name: 'Restore' }))
    await settled()
    expect(text()).toContain('A run of this id is there.Look at the folder.')
    expect(rowOf(/V1 wide/).textContent).toContain('seed 3')
  })

  it('says that it is empty, that it loads, or why it cannot be read', async () => {
    const empty = await trash({ 'runs.trash': () => [] })
    expect(empty.text()).toContain('Removed runs wait here until they are deleted for good.')
    await trash({ 'runs.trash': () => new Promise(() => undefined) })
    expect(screen.getAllByRole('status').map((s) => s.textContent)).toContain('Loading the trash')
    await trash({ 'runs.trash': () => refuse('The trash cannot be read.') })
    expect(screen.getByRole('alert').textContent).toContain('The trash cannot be read.Look at the folder.')
  })

  it('asks for nothing while it is closed', async () => {
    const { paramsOf, change } = await show(inApp(TrashDialog), { props: { open: false } })
    expect(paramsOf('runs.trash')).toEqual([])
    await change({ open: true })
    expect(paramsOf('runs.trash')).toHaveLength(1)
  })
})
