import { screen, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import ShortcutSettings from '../../../../src-renderer/features/settings/ShortcutSettings.vue'
import { useCommands } from '../../../../src-renderer/stores/commands.ts'
import type { Answers } from '../../../support/show.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { inMotion } from '../../ui/shell/shell-page.ts'

const page = (answers: Answers = {}) => show(inMotion(ShortcutSettings), { answers })
const keysButton = (title: string) => {
  const line = screen.getByTitle(title).parentElement
  if (line === null) throw new Error(`there is no line ${title}`)
  const [found] = within(line).getAllByRole('button')
  if (found === undefined) throw new Error(`there is no button of ${title}`)
  return found
}
const keysOf = (title: string) => [...keysButton(title).querySelectorAll('kbd')].map((k) => k.textContent)
const said = () =>
  within(document.querySelector('main') ?? document.body)
    .getByRole('status')
    .textContent.trim()
const kept = ({ paramsOf }: Awaited<ReturnType<typeof show>>) =>
  paramsOf('ui.set')
    .filter(({ key }) => key === 'shortcuts')
    .map(({ value }) => value)

describe('the keys of the commands', () => {
  it('are listed by group, those of views that are not open too', async () => {
    await page()
    const groups = screen.getAllByRole('region').map((r) => r.getAttribute('aria-label'))
    expect(groups.slice(0, 3)).toEqual(['Shortcuts: Views', 'Shortcuts: Everywhere', 'Shortcuts: Queue'])
    expect(groups).toContain('Shortcuts: Compare')
    expect(keysOf('Go to Data')).toEqual(['Ctrl+2'])
    expect(keysOf('New experiment')).toEqual(['Ctrl+Alt+N', 'Ctrl+N'])
    expect(keysOf('Group seeds')).toEqual(['G'])
    expect(screen.queryByTitle('Dark theme')).toBeNull()
    expect(keysButton('Go to Data').textContent.replaceAll(/\s+/g, ' ')).toMatch(
      /^\s?Keys of Go to Data: Ctrl\+2/,
    )
  })

  it('are changed by pressing others, which are said and kept and work', async () => {
    const shown = await page()
    await shown.user.click(keysButton('Go to Data'))
    expect(said()).toBe('Press the new keys. Escape keeps the old ones.')
    expect(keysButton('Go to Data').textContent).toBe('Press keys')
    await shown.user.keyboard('{Control>}{Alt>}d{/Alt}{/Control}')
    expect(said()).toBe('"Go to Data" has Ctrl+Alt+D now.')
    expect(keysOf('Go to Data')).toEqual(['Ctrl+Alt+D'])
    expect(kept(shown)).toEqual([{ 'go /data': 'Mod+Alt+D' }])
    expect(useCommands().isChoosing).toBe(false)
    await shown.user.keyboard('{Control>}{Alt>}d{/Alt}{/Control}')
    await settled()
    expect(shown.where()).toBe('/data')
  })

  it('do nothing while they are pressed to be chosen', async () => {
    const { user, where } = await page()
    await user.click(keysButton('Go to Data'))
    await user.keyboard('{Control>}4{/Control}')
    await settled()
    expect(where()).toBe('/')
  })

  it('cannot be those of another command that is there at the same time', async () => {
    const shown = await page()
    await shown.user.click(keysButton('Go to Data'))
    await shown.user.keyboard('{Control>}4{/Control}')
    expect(said()).toBe('Ctrl+4 is used for "Go to Queue". Press others, or change that one first.')
    expect(keysButton('Go to Data').textContent).toBe('Press keys')
    expect(kept(shown)).toEqual([])
    await shown.user.keyboard('{Escape}')
    expect(keysOf('Go to Data')).toEqual(['Ctrl+2'])
  })

  it('can be those of another view that is never open beside it', async () => {
    const shown = await page()
    await shown.user.click(keysButton('Group seeds'))
    await shown.user.keyboard('s')
    expect(said()).toBe('"Group seeds" has S now.')
    expect(kept(shown)).toEqual([{ group: 'S' }])
  })

  it('can be those that another command gave up', async () => {
    const shown = await page()
    await shown.user.click(byRole('button', 'Take the keys of Go to Queue away'))
    expect(keysButton('Go to Queue').textContent).toContain('none')
    await shown.user.click(keysButton('Go to Data'))
    await shown.user.keyboard('{Control>}4{/Control}')
    expect(keysOf('Go to Data')).toEqual(['Ctrl+4'])
    expect(kept(shown).at(-1)).toEqual({ 'go /queue': '', 'go /data': 'Mod+4' })
    await shown.user.keyboard('{Control>}4{/Control}')
    await settled()
    expect(shown.where()).toBe('/data')
  })

  it.each(['{Escape}', '{Tab}'])('stay as they are after %s', async (keys) => {
    const shown = await page()
    await shown.user.click(keysButton('Go to Data'))
    await shown.user.keyboard(keys)
    expect(keysOf('Go to Data')).toEqual(['Ctrl+2'])
    expect(said()).toBe('Choose a line and press new keys. A browser keeps a few combinations to itself.')
    expect(useCommands().isChoosing).toBe(false)
    expect(kept(shown)).toEqual([])
  })

  it('stay as they are when something else is pressed', async () => {
    const shown = await page()
    await shown.user.click(keysButton('Go to Data'))
    await shown.user.click(keysButton('Group seeds'))
    expect(keysOf('Go to Data')).toEqual(['Ctrl+2'])
    expect(keysButton('Group seeds').textContent).toBe('Press keys')
    await shown.user.keyboard('k')
    expect(kept(shown)).toEqual([{ group: 'K' }])
  })

  it('wait for more than a key that only holds others', async () => {
    const { user } = await page()
    await user.click(keysButton('Go to Data'))
    await user.keyboard('{Control}{Shift}')
    expect(keysButton('Go to Data').textContent).toBe('Press keys')
  })

  it('are given back one by one, or by pressing the own ones', async () => {
    const shown = await page({ 'ui.get': () => ({ shortcuts: { 'go /data': 'Mod+Alt+D', group: '' } }) })
    expect(keysOf('Go to Data')).toEqual(['Ctrl+Alt+D'])
    await shown.user.click(byRole('button', 'Give Group seeds its own keys back'))
    expect(keysOf('Group seeds')).toEqual(['G'])
    await shown.user.click(keysButton('Go to Data'))
    await shown.user.keyboard('{Control>}2{/Control}')
    expect(keysOf('Go to Data')).toEqual(['Ctrl+2'])
    expect(kept(shown)).toEqual([{ 'go /data': 'Mod+Alt+D' }, {}])
    expect(byRole('button', 'Take the keys of Go to Data away').title).toContain('Go to Data')
  })

  it('are all given back at once, if any was changed', async () => {
    const shown = await page({ 'ui.get': () => ({ shortcuts: { 'go /data': 'Mod+Alt+D', group: '' } }) })
    await shown.user.click(byRole('button', 'Reset all'))
    expect(kept(shown)).toEqual([{}])
    expect(keysOf('Group seeds')).toEqual(['G'])
    expect(byRole('button', 'Reset all').title).toBe('All have their own keys')
    await shown.user.click(byRole('button', 'Reset all'))
    expect(kept(shown)).toHaveLength(1)
  })

  it('of a command cannot come back to what another has been given since', async () => {
    const { user } = await page({ 'ui.get': () => ({ shortcuts: { 'go /data': 'Mod+4', 'go /queue': '' } }) })
    await user.click(byRole('button', 'Give Go to Queue its own keys back'))
    const both = [keysOf('Go to Queue'), keysOf('Go to Data')]
    expect(both).toEqual([[], ['Ctrl+4']])
    expect(said()).toBe('Ctrl+4 is used for "Go to Data". Change that one first.')
    await user.click(byRole('button', 'Give Go to Data its own keys back'))
    expect(said()).toBe('"Go to Data" has its own keys again.')
    await user.click(byRole('button', 'Give Go to Queue its own keys back'))
    expect([keysOf('Go to Queue'), keysOf('Go to Data')]).toEqual([['Ctrl+4'], ['Ctrl+2']])
  })
})
