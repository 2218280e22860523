import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import ExportDialog from '../../../../../src-renderer/features/data/set/ExportDialog.vue'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import type { Result } from '../../../../../src-shared/contract/contract.ts'
import { DATA_SETS } from '../../../../support/fake-renderer/made-up-data.ts'
import type { Answers } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { inApp } from '../../in-app.ts'

const [images, neural] = DATA_SETS
if (images === undefined || neural === undefined) throw new Error('no made-up sets')
const dialog = (set: Result<'data.get'> = images, answers: Answers = {}) =>
  show(inApp(ExportDialog), { props: { open: true, set }, answers })
const path = (): HTMLInputElement => byRole('textbox', 'New file or folder') as HTMLInputElement
const choice = (name: string): HTMLSelectElement => byRole('combobox', name) as HTMLSelectElement
const write = (): HTMLElement => byRole('button', 'Write')
const part = (name: string) => ({
  ...{ name, images: 1, height: 8, width: 8, channels: 1, mean: [0], std: [1], grey: 1 },
  perClass: { least: 1, most: 1 },
})

describe('the dialog that exports a set', () => {
  it('writes one part of an image set and says where', async () => {
    const { user, paramsOf, text, emitted } = await dialog()
    expect(byRole('dialog', 'Export MNIST digits').textContent).toContain('nothing is overwritten')
    await user.selectOptions(choice('As'), 'Folder of images by class')
    await user.selectOptions(choice('Part'), 'test')
    await user.type(path(), '/out/digits')
    await user.click(write())
    await settled()
    expect(paramsOf('data.export')).toEqual([
      { id: 'mnist', format: 'folder', path: '/out/digits', part: 'test' },
    ])
    expect(text()).toContain('Written to /out/digits')
    expect(emitted).toEqual([{ name: 'update:open', values: [false] }])
  })

  it('offers the parts that the set has', async () => {
    await dialog({ ...images, parts: [part('val'), part('test')] })
    expect([...choice('Part').options].map((option) => option.value)).toEqual(['val', 'test'])
    expect(choice('Part').value).toBe('val')
  })

  it('writes a recording as a whole, by Enter', async () => {
    const { user, paramsOf } = await dialog(neural)
    expect(screen.queryByRole('combobox', { name: 'Part' })).toBeNull()
    await user.type(path(), ' /out/v1.h5 {Enter}')
    await settled()
    expect(paramsOf('data.export')).toEqual([{ id: 'insilico', format: 'canonical', path: '/out/v1.h5' }])
  })

  it('proposes a name that fits set and format', async () => {
    const { user, paramsOf } = await dialog(neural, { 'app.choosePath': () => ({ path: '/chosen.npz' }) })
    expect(path().placeholder).toBe('/data/In-silico-V1.h5')
    await user.selectOptions(choice('As'), 'Arrays (npz)')
    await user.click(byRole('button', 'Choose…'))
    await settled()
    expect(paramsOf('app.choosePath')).toMatchObject([{ kind: 'new-file', suggested: 'In-silico-V1.npz' }])
    expect(path().value).toBe('/chosen.npz')
  })

  it('wants a path first', async () => {
    const { user, paramsOf } = await dialog()
    expect(write().title).toBe('Type a path first')
    await user.click(write())
    expect(paramsOf('data.export')).toEqual([])
  })

  it('wants a path first when it is sent by Enter, too', async () => {
    const { user, paramsOf } = await dialog()
    await user.type(path(), '  {Enter}')
    await settled()
    expect(paramsOf('data.export')).toEqual([])
  })

  it('stays open, says why it was not written, and keeps the path', async () => {
    const { user, emitted, change } = await dialog(images, {
      'data.export': () => {
        throw new CotrainError({
          code: 'file-refused',
          message: 'It is there already.',
          hint: 'Name another.',
        })
      },
    })
    await user.type(path(), '/out/digits')
    await user.click(write())
    await settled()
    expect(screen.getByRole('alert').textContent).toBe('It is there already.Name another.')
    expect(path().value).toBe('/out/digits')
    expect(emitted).toEqual([])
    await change({ open: false })
    await change({ open: true })
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('writes once at a time', async () => {
    const { user, paramsOf } = await dialog(images, { 'data.export': () => new Promise(() => undefined) })
    await user.type(path(), '/out/digits')
    await user.click(write())
    await user.click(write())
    expect(paramsOf('data.export')).toHaveLength(1)
  })

  it('closes by Cancel', async () => {
    const { user, emitted } = await dialog()
    await user.click(byRole('button', 'Cancel'))
    expect(emitted).toEqual([{ name: 'update:open', values: [false] }])
  })
})
