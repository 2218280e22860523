import { screen } from '@testing-library/dom'
import { afterEach, describe, expect, it } from 'vitest'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { ownPart, usePlugins } from '../../../../src-shared/schema/plugin/own-parts.ts'
import PluginSettings from '../../../../src-renderer/features/settings/PluginSettings.vue'
import { PLUGIN } from '../../../support/fake-renderer/made-up-plugins.ts'
import type { Answers } from '../../../support/show.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { inMotion } from '../../ui/shell/shell-page.ts'

const view = (answers: Answers = {}) => show(inMotion(PluginSettings), { answers })
const press = async (user: Awaited<ReturnType<typeof view>>['user'], name: string): Promise<void> => {
  await user.click(byRole('button', name))
  await settled()
}

afterEach(() => usePlugins([]))

describe('the plug-ins in the settings', () => {
  it('are none to begin with, and say what adding does', async () => {
    const { text } = await view()
    expect(text()).toContain('There are none here.')
    expect(text()).toContain('nothing of it runs before you trust it')
  })

  it('show what one adds, its files and its content', async () => {
    const { text } = await view({ 'plugins.list': () => [PLUGIN] })
    expect(text()).toContain('lab-parts 1.2.0')
    expect(text()).toContain('not trusted')
    for (const part of ['lab/one_layer', 'lab/huber', 'lab/mean_error', PLUGIN.hash, 'index.js'])
      expect(text()).toContain(part)
  })

  it('are trusted after a plain question, and known to configs from then on', async () => {
    let trusted = false
    const { user, paramsOf } = await view({
      'plugins.list': () => [{ ...PLUGIN, trusted }],
      'plugins.trust': () => {
        trusted = true
        return { ...PLUGIN, trusted }
      },
    })
    expect(ownPart('model', 'lab/one_layer')).toBeUndefined()
    await press(user, 'Trust lab-parts')
    expect(byRole('dialog', 'Trust lab-parts 1.2.0?').textContent).toContain('with your rights')
    expect(paramsOf('plugins.trust')).toEqual([])
    await press(user, 'Trust and use it')
    expect(paramsOf('plugins.trust')).toEqual([{ hash: PLUGIN.hash }])
    expect(ownPart('model', 'lab/one_layer')?.title).toBe('One layer of the lab')
    expect(screen.queryByRole('button', { name: 'Trust lab-parts' })).toBeNull()
  })

  it('are added from a folder; what is wrong with it is said there', async () => {
    const { user, text, paramsOf } = await view({
      'app.choosePath': () => ({ path: '/lab' }),
      'plugins.add': () => {
        throw new CotrainError({
          code: 'file-missing',
          path: '/lab',
          message: 'a plug-in needs this file.',
          hint: '',
        })
      },
    })
    await press(user, 'Add a plug-in')
    await press(user, 'Choose…')
    await press(user, 'Add')
    expect(paramsOf('plugins.add')).toEqual([{ path: '/lab' }])
    expect(document.body.textContent).toContain('a plug-in needs this file.')
    expect(text()).toContain('There are none here.')
  })

  it('are removed', async () => {
    const { user, paramsOf } = await view({ 'plugins.list': () => [PLUGIN] })
    await press(user, 'Remove lab-parts')
    expect(paramsOf('plugins.remove')).toEqual([{ hash: PLUGIN.hash }])
  })

  it('say why the list cannot be read', async () => {
    const { text } = await view({
      'plugins.list': () => {
        throw new CotrainError({ code: 'file-invalid', message: 'cannot be read.', hint: 'Delete it.' })
      },
    })
    expect(text()).toContain('Delete it.')
  })
})
