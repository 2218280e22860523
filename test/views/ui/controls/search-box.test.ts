import { screen } from '@testing-library/dom'
import { describe, expect, it, vi } from 'vitest'
import CopyButton from '../../../../src-renderer/ui/controls/CopyButton.vue'
import HelpTip from '../../../../src-renderer/ui/controls/HelpTip.vue'
import SearchBox from '../../../../src-renderer/ui/controls/SearchBox.vue'
import SegmentedControl from '../../../../src-renderer/ui/controls/SegmentedControl.vue'
import { useAnnouncer } from '../../../../src-renderer/stores/announcer.ts'
import { useToasts } from '../../../../src-renderer/stores/toasts.ts'
import { byRole, settled, show } from '../../../support/show.ts'

describe('a box to search in', () => {
  it('says what is typed and is emptied by Escape', async () => {
    const { user, emitted } = await show(SearchBox, { props: { modelValue: '', label: 'Search runs' } })
    const box = screen.getByRole<HTMLInputElement>('searchbox', { name: 'Search runs' })
    expect(box.placeholder).toBe('Search runs')
    await user.type(box, 'v1')
    expect(emitted.at(-1)).toEqual({ name: 'update:modelValue', values: ['v1'] })
    await user.keyboard('{Escape}')
    expect(box.value).toBe('')
    expect(emitted.at(-1)).toEqual({ name: 'update:modelValue', values: [''] })
  })

  it('follows its value and may say more than its name', async () => {
    const { change } = await show(SearchBox, {
      props: { modelValue: 'a', label: 'Search', placeholder: 'Name or tag' },
    })
    const box = screen.getByRole<HTMLInputElement>('searchbox', { name: 'Search' })
    expect(box.placeholder).toBe('Name or tag')
    await change({ modelValue: 'seed 2' })
    expect(box.value).toBe('seed 2')
  })
})

describe('a choice of a few', () => {
  const props = {
    modelValue: 'mean',
    label: 'Show',
    options: [
      { value: 'mean', label: 'Mean' },
      { value: 'each', label: 'Each seed' },
    ],
  }

  it('shows all and says which was chosen, by click and by key', async () => {
    const { user, emitted } = await show(SegmentedControl, { props })
    expect(byRole('group', 'Show').textContent).toBe('Show Mean Each seed')
    expect(byRole('radio', 'Mean')).toHaveProperty('checked', true)
    await user.click(byRole('radio', 'Each seed'))
    expect(byRole('radio', 'Mean')).toHaveProperty('checked', false)
    await user.keyboard('{ArrowLeft}')
    expect(emitted.map(({ values }) => values[0])).toEqual(['each', 'mean'])
  })

  it('follows its value', async () => {
    const { change } = await show(SegmentedControl, { props })
    await change({ modelValue: 'each' })
    expect(byRole('radio', 'Each seed')).toHaveProperty('checked', true)
  })
})

describe('help behind a sign', () => {
  it('is read at a press, by keyboard too, and leaves at Escape', async () => {
    const props = { label: 'Noise ceiling', text: 'The best that any model can reach.' }
    const { user } = await show(HelpTip, { props })
    const button = byRole('button', 'Help: Noise ceiling')
    expect(screen.queryByText(props.text)).toBeNull()
    await user.tab()
    expect(document.activeElement).toBe(button)
    await user.keyboard('{Enter}')
    expect(screen.getByRole('dialog').textContent).toBe('Noise ceilingThe best that any model can reach.')
    await user.keyboard('{Escape}')
    expect(screen.queryByRole('dialog')).toBeNull()
    await user.click(button)
    expect(screen.getByText(props.text).tagName).toBe('P')
  })
})

describe('a button that copies', () => {
  it('puts the text on the clipboard and says so to eyes and ears', async () => {
    const { user } = await show(CopyButton, { props: { text: 'a1b2', label: 'Copy the id' } })
    await user.click(byRole('button', 'Copy the id'))
    await settled()
    expect(await navigator.clipboard.readText()).toBe('a1b2')
    expect(byRole('button', 'Copied').textContent).toBe('Copied')
    expect(useAnnouncer().text).toBe('Copied')
  })

  const refusing = { writeText: () => Promise.reject(new DOMException('Denied.', 'NotAllowedError')) }
  it.each([
    ['refuses', refusing, /Allow it/],
    ['is missing, as on plain http', undefined, /localhost or over https/],
  ])('says so where the clipboard %s', async (_name, clipboard, hint) => {
    const { user } = await show(CopyButton, { props: { text: 'a1b2', label: 'Copy the id' } })
    const spy = vi.spyOn(navigator, 'clipboard', 'get').mockReturnValue(clipboard as unknown as Clipboard)
    await user.click(byRole('button', 'Copy the id'))
    await settled()
    spy.mockRestore()
    expect(byRole('button', 'Copy the id').textContent).toBe('Copy the id')
    expect(useAnnouncer().text).toBe('')
    const [toast] = useToasts().toasts
    expect(toast?.tone).toBe('bad')
    expect(toast?.text).toBe('The text could not be copied: the clipboard is as it was.')
    expect(toast?.hint).toMatch(hint)
  })

  it('has its words as a name where only the picture is seen', async () => {
    const { user, text } = await show(CopyButton, { props: { text: 'x', label: 'Copy', iconOnly: true } })
    await user.click(byRole('button', 'Copy'))
    await settled()
    expect(byRole('button', 'Copied').title).toBe('Copied')
    expect(text()).toBe('')
  })
})
