import { screen, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import HomeSettings from '../../../../src-renderer/features/settings/HomeSettings.vue'
import type { Answers } from '../../../support/show.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { inMotion } from '../../ui/shell/shell-page.ts'

const chosen: Answers = { 'app.choosePath': () => ({ path: '/big disk/cotrain' }) }
async function opened(answers: Answers = {}) {
  const shown = await show(inMotion(HomeSettings), { answers: { ...chosen, ...answers } })
  await shown.user.click(byRole('button', 'Change'))
  return shown
}
const dialog = () => within(byRole('dialog', 'Change the storage folder'))
const path = () => screen.getByLabelText<HTMLInputElement>('New folder, empty or not there yet')
const go = () => byRole('button', 'Change the folder')

describe('the storage folder', () => {
  it('is said, with the way to another', async () => {
    const { text } = await opened()
    expect(text()).toContain('Runs, data sets and caches. ~/.local/share/cotrain')
    expect(text()).not.toContain('From the next start on')
    expect(screen.getByRole('dialog').textContent).toContain('The folder of now stays as it is')
    expect(go().getAttribute('aria-disabled')).toBe('true')
    expect(go().title).toBe('Name a folder first')
  })

  it('is changed to the chosen one with all that is there, from the next start on', async () => {
    const { user, paramsOf, text } = await opened()
    await user.click(dialog().getByRole('button', { name: 'Choose' }))
    await settled()
    expect(paramsOf('app.choosePath')).toEqual([{ kind: 'folder', title: 'Storage folder' }])
    expect(path().value).toBe('/big disk/cotrain')
    await user.click(go())
    await settled()
    expect(paramsOf('app.changeHome')).toEqual([{ path: '/big disk/cotrain', how: 'copy' }])
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(text()).toContain('From the next start on: /big disk/cotrain. Close the app and start it again.')
  })

  it('may start empty, and says what that means', async () => {
    const { user, paramsOf } = await opened()
    expect(screen.getByRole('dialog').textContent).toContain('are copied.')
    await user.click(byRole('radio', 'Start empty'))
    expect(screen.getByRole('dialog').textContent).toContain('The runs of now are not shown there.')
    await user.click(dialog().getByRole('button', { name: 'Choose' }))
    await settled()
    await user.click(go())
    expect(paramsOf('app.changeHome')).toEqual([{ path: '/big disk/cotrain', how: 'new' }])
  })

  it('stays when none is chosen, and when the dialog is left', async () => {
    const { user, paramsOf } = await opened({ 'app.choosePath': () => ({ path: null }) })
    await user.click(dialog().getByRole('button', { name: 'Choose' }))
    await settled()
    expect(path().value).toBe('')
    await user.click(go())
    await user.click(dialog().getByRole('button', { name: 'Cancel' }))
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(paramsOf('app.changeHome')).toEqual([])
  })

  it('is said why it was not changed, and another can be tried', async () => {
    const { user, paramsOf } = await opened({
      'app.changeHome': () => {
        throw new CotrainError({
          code: 'disk-full',
          message: '/big disk has 2 GiB free.',
          hint: 'Choose another folder.',
        })
      },
    })
    await user.click(dialog().getByRole('button', { name: 'Choose' }))
    await settled()
    await user.click(go())
    await settled()
    expect(dialog().getByRole('alert').textContent).toBe(
      'It was not changed/big disk has 2 GiB free.Choose another folder.',
    )
    expect(path().value).toBe('/big disk/cotrain')
    await user.click(go())
    expect(paramsOf('app.changeHome')).toHaveLength(2)
  })

  it('is asked for once, however often the button is pressed', async () => {
    const { user, paramsOf } = await opened({ 'app.changeHome': () => new Promise(() => undefined) })
    await user.click(dialog().getByRole('button', { name: 'Choose' }))
    await settled()
    await user.click(go())
    await user.click(go())
    expect(go().getAttribute('aria-disabled')).toBe('true')
    expect(paramsOf('app.changeHome')).toHaveLength(1)
  })
})
