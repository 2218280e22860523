import { screen, waitFor, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { useCommands } from '../../../../src-renderer/stores/commands.ts'
import { useSettings } from '../../../../src-renderer/stores/settings.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { ShellPage } from './shell-page.ts'

const refusal = () => {
  throw new CotrainError({ code: 'internal', message: 'The disk is full.', hint: 'Make room.' })
}
const lines = () => screen.queryAllByRole('option').map((o) => o.textContent.trim())

describe('keys that work in every view', () => {
  it.each([
    ['{Control>}1{/Control}', '/'],
    ['{Control>}2{/Control}', '/data'],
    ['{Control>}3{/Control}', '/edit'],
    ['{Control>}4{/Control}', '/queue'],
    ['{Control>}5{/Control}', '/runs'],
    ['{Control>}6{/Control}', '/compare'],
    ['{Control>}7{/Control}', '/doctor'],
    ['{Control>},{/Control}', '/settings'],
    ['{Control>}n{/Control}', '/edit?new=1'],
    ['{Control>}{Alt>}n{/Alt}{/Control}', '/edit?new=1'],
  ])('%s goes to %s', async (keys, place) => {
    const { user, where } = await show(ShellPage, { at: place === '/' ? '/runs' : '/' })
    await user.keyboard(keys)
    await settled()
    expect(where()).toBe(place)
  })

  it.each([
    ['{Control>}{Shift>}P{/Shift}{/Control}', 'Commands'],
    ['{Control>}p{/Control}', 'Open a run'],
    ['{F1}', 'Keyboard shortcuts'],
    ['?', 'Keyboard shortcuts'],
  ])('%s opens %s', async (keys, name) => {
    const { user } = await show(ShellPage)
    await user.keyboard(keys)
    expect(byRole('dialog', name)).toBe(screen.getByRole('dialog'))
    await user.keyboard('{Escape}')
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it('are text where text is typed, unless Ctrl is held', async () => {
    const { user } = await show(ShellPage)
    const box = byRole('textbox', 'Search here')
    await user.type(box, '?')
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(box).toHaveProperty('value', '?')
    await user.keyboard('{Control>}p{/Control}')
    expect(byRole('dialog', 'Open a run')).toBe(screen.getByRole('dialog'))
  })

  it('find the box to search in', async () => {
    const { user } = await show(ShellPage)
    await user.keyboard('{Control>}f{/Control}')
    expect(document.activeElement).toBe(byRole('textbox', 'Search here'))
  })

  it('find it from the palette too, and say so where there is none', async () => {
    const { user, text } = await show(ShellPage)
    const choose = async (): Promise<void> => {
      await user.keyboard('{Control>}{Shift>}P{/Shift}{/Control}Search in this{Enter}')
      await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    }
    const box = byRole('textbox', 'Search here')
    await choose()
    await waitFor(() => expect(document.activeElement).toBe(box))
    box.remove()
    await choose()
    await waitFor(() => expect(text()).toContain('There is nothing to search in this view.'))
  })

  it('go round the regions of the window', async () => {
    const { user } = await show(ShellPage)
    const places: string[] = []
    for (const keys of ['{F6}', '{F6}', '{F6}', '{F6}', '{Shift>}{F6}{/Shift}', '{Shift>}{F6}{/Shift}']) {
      await user.keyboard(keys)
      places.push(document.activeElement?.closest('[data-region]')?.tagName ?? '')
    }
    expect(places).toEqual(['NAV', 'MAIN', 'FOOTER', 'NAV', 'FOOTER', 'MAIN'])
  })

  it('go to the last region first when they go backwards', async () => {
    const { user } = await show(ShellPage)
    await user.keyboard('{Shift>}{F6}{/Shift}')
    expect(document.activeElement?.tagName).toBe('FOOTER')
  })

  it('pause the queue and let it go on, and say so when that fails', async () => {
    const { user, calls, text } = await show(ShellPage, { answers: { 'queue.resume': refusal } })
    const pauseKeys = '{Control>}{Alt>}p{/Alt}{/Control}'
    await user.keyboard(pauseKeys)
    await settled()
    expect(text()).toContain('Queue paused, 3 waiting')
    await user.keyboard(pauseKeys)
    await settled()
    expect(calls.map(({ method }) => method).filter((m) => /queue\.(pause|resume)/.test(m))).toEqual([
      'queue.pause',
      'queue.resume',
    ])
    expect(text()).toContain('The disk is full.')
    expect(text()).toContain('Make room.')
    expect(text()).toContain('Queue paused, 3 waiting')
  })

  it('mean nothing while a person presses keys to choose them, or once they were taken', async () => {
    const { user, where } = await show(ShellPage)
    useCommands().isChoosing = true
    await user.keyboard('{Control>}2{/Control}')
    await settled()
    expect(where()).toBe('/')
    useCommands().isChoosing = false
    useCommands().choose('go /data', 'Mod+Alt+D')
    await user.keyboard('{Control>}2{/Control}')
    await settled()
    expect(where()).toBe('/')
    await user.keyboard('{Control>}{Alt>}d{/Alt}{/Control}')
    await settled()
    expect(where()).toBe('/data')
  })
})

describe('the list of commands', () => {
  const open = '{Control>}{Shift>}P{/Shift}{/Control}'

  it('finds a command by its name or by other words, shows its keys and gives it', async () => {
    const { user, where } = await show(ShellPage)
    await user.keyboard(open)
    expect(lines()).toContain('Go to DataViewsCtrl+2')
    expect(lines()).toContain('Dark themeAppearance')
    await user.keyboard('tensorflow')
    expect(lines()).toEqual(['Engine and doctorViewsCtrl+7'])
    await user.keyboard('{Enter}')
    await settled()
    expect(where()).toBe('/doctor')
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it('offers what can be done now, in the words of now', async () => {
    const { user } = await show(ShellPage)
    await user.keyboard(open)
    expect(lines().join()).toContain('Pause the queue')
    await user.keyboard('pause the queue{Enter}')
    await settled()
    await user.keyboard(open)
    expect(lines().join()).toContain('Continue the queue')
    expect(lines().join()).not.toContain('Pause the queue')
  })

  it('leaves out what is blocked, whose keys do nothing', async () => {
    const { user } = await show(ShellPage)
    const done: string[] = []
    const drop = useCommands().add(() => [
      { id: 'x', title: 'Queue it', group: 'Here', keys: 'Q', blocked: 'No', run: () => done.push('x') },
      { id: 'y', title: 'Look at it', group: 'Here', keys: 'L', run: () => done.push('y') },
    ])
    await user.keyboard('ql')
    expect(done).toEqual(['y'])
    await user.keyboard(open)
    expect(lines()[0]).toBe('Look at itHereL')
    expect(lines().join()).not.toContain('Queue it')
    await user.keyboard('{Escape}')
    drop()
    await user.keyboard('l')
    expect(done).toEqual(['y'])
  })

  it('changes the theme, and says so when it cannot be kept', async () => {
    const { user, paramsOf, text } = await show(ShellPage)
    await user.keyboard(`${open}dark theme{Enter}`)
    await settled()
    expect(paramsOf('settings.set')).toEqual([{ theme: 'dark' }])
    expect(useSettings().theme).toBe('dark')
    expect(document.documentElement.dataset['theme']).toBe('dark')
    expect(text()).not.toContain('Make room.')
    const { user: other, text: otherText } = await show(ShellPage, { answers: { 'settings.set': refusal } })
    await other.keyboard(`${open}dark theme{Enter}`)
    await settled()
    expect(otherText()).toContain('Make room.')
    expect(useSettings().settings.theme).toBe('system')
  })
})

const keysBeside = (title: string) =>
  [...(screen.getByText(title).parentElement?.querySelectorAll('kbd') ?? [])].map((k) => k.textContent)

describe('the sheet of shortcuts', () => {
  it('lists the keys by group, those of tables too, and leads to where they are changed', async () => {
    const { user, where } = await show(ShellPage)
    await user.keyboard('{F1}')
    const dialog = within(byRole('dialog', 'Keyboard shortcuts'))
    const groups = dialog.getAllByRole('heading', { level: 3 }).map((g) => g.textContent)
    expect(groups).toEqual(['Views', 'Everywhere', 'Queue', 'Tables', 'Charts'])
    expect(keysBeside('New experiment')).toEqual(['Ctrl+Alt+N', 'Ctrl+N'])
    expect(keysBeside('Select the row')).toEqual(['Space'])
    expect(dialog.queryByText('Dark theme')).toBeNull()
    await user.click(dialog.getByRole('link', { name: 'Change them' }))
    await settled()
    expect(where()).toBe('/settings?show=shortcuts')
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it('shows two keys of a table as two keys', async () => {
    const { user } = await show(ShellPage)
    await user.keyboard('{F1}')
    expect(keysBeside('Move a waiting run')).toEqual(['Alt+↑', 'Alt+↓'])
  })

  it('leaves out a command whose keys were taken away', async () => {
    const { user } = await show(ShellPage)
    useCommands().choose('find', '')
    await user.keyboard('{F1}')
    expect(within(screen.getByRole('dialog')).queryByText('Search in this view')).toBeNull()
    expect(screen.getByRole('dialog').textContent).toContain('Open a run')
  })
})

describe('the list of runs to open', () => {
  it('finds runs by name, state or id and opens the chosen one', async () => {
    const { user, where, paramsOf } = await show(ShellPage)
    expect(paramsOf('runs.list')).toHaveLength(1)
    await user.keyboard('{Control>}p{/Control}')
    expect(lines()).toHaveLength(9)
    expect(lines()[0]).toMatch(/^shuffled, wider.*(?:ago|just now)\s*queued$/)
    await user.keyboard('interrupted')
    expect(lines()).toEqual([expect.stringMatching(/^co-trained, long.*\d+ min ago\s*interrupted$/)])
    await user.keyboard('{Enter}')
    await settled()
    expect(where()).toMatch(/^\/runs\/[0-9a-f]{64}$/)
  })
})
