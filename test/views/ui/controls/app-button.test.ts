import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import { Plus } from '@lucide/vue'
import AppButton from '../../../../src-renderer/ui/controls/AppButton.vue'
import { byRole, show } from '../../../support/show.ts'

describe('a button', () => {
  it('is pressed by mouse, Enter and Space', async () => {
    const { user, emitted } = await show(AppButton, { props: { label: 'Queue' } })
    await user.click(byRole('button', 'Queue'))
    await user.keyboard('{Enter}')
    await user.keyboard(' ')
    expect(emitted.map(({ name }) => name)).toEqual(['press', 'press', 'press'])
  })

  it('can be reached but does nothing while it is blocked, and says why', async () => {
    const { user, emitted, change } = await show(AppButton, {
      props: { label: 'Queue', blocked: 'The config has problems' },
    })
    const button = byRole('button', 'Queue')
    await user.tab()
    expect(document.activeElement).toBe(button)
    expect(button.getAttribute('aria-disabled')).toBe('true')
    expect(button.title).toBe('The config has problems')
    await user.click(button)
    await user.keyboard('{Enter}')
    expect(emitted).toEqual([])
    await change({ blocked: '' })
    expect(button.hasAttribute('aria-disabled')).toBe(false)
    expect(button.title).toBe('')
    await user.click(button)
    expect(emitted).toHaveLength(1)
  })

  it('cannot be pressed again while its work goes on', async () => {
    const { user, emitted } = await show(AppButton, { props: { label: 'Queue', busy: true } })
    expect(byRole('button', 'Queue').getAttribute('aria-disabled')).toBe('true')
    await user.click(byRole('button', 'Queue'))
    expect(emitted).toEqual([])
  })

  it('has a name and a hint where only its picture is seen', async () => {
    const { text, change } = await show(AppButton, { props: { label: 'Add', icon: Plus, iconOnly: true } })
    expect(byRole('button', 'Add').title).toBe('Add')
    expect(text()).toBe('')
    await change({ blocked: 'Nothing to add' })
    expect(byRole('button', 'Add').title).toBe('Nothing to add')
    await change({ iconOnly: false })
    expect(text()).toBe('Add')
  })

  it('says why it is blocked before anything else', async () => {
    const { change } = await show(AppButton, { props: { label: 'Open', title: 'A file or a folder' } })
    expect(byRole('button', 'Open').title).toBe('A file or a folder')
    await change({ blocked: 'It is being read' })
    expect(byRole('button', 'Open').title).toBe('It is being read')
    await change({ blocked: '', iconOnly: true })
    expect(byRole('button', 'Open').title).toBe('A file or a folder')
  })

  it('says whether it is switched on, if it is a switch', async () => {
    const { change } = await show(AppButton, { props: { label: 'Grid' } })
    expect(byRole('button', 'Grid').hasAttribute('aria-pressed')).toBe(false)
    await change({ pressed: false })
    expect(screen.queryByRole('button', { pressed: true })).toBeNull()
    await change({ pressed: true })
    expect(screen.getByRole('button', { pressed: true }).textContent).toBe('Grid')
  })
})
