import { screen } from '@testing-library/dom'
import { describe, expect, it, vi } from 'vitest'
import type { Component } from 'vue'
import { h, ref } from 'vue'
import AppDialog from '../../../../src-renderer/ui/controls/AppDialog.vue'
import { byRole, settled, show } from '../../../support/show.ts'

describe('a dialog', () => {
  it('is named and described, and closes by its button and by Escape', async () => {
    const { user, change, emitted } = await show(AppDialog, {
      props: { open: true, title: 'Remove 3 runs', description: 'They go to the trash.' },
      slots: { default: 'Sure?' },
    })
    expect(byRole('dialog', 'Remove 3 runs').textContent).toContain('Sure?')
    await user.click(byRole('button', 'Close'))
    expect(emitted.map(({ values }) => values[0])).toEqual([false])
    expect(screen.queryByRole('dialog')).toBeNull()
    await change({ open: true })
    await user.keyboard('{Escape}')
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it('keeps the focus inside, and gives it back when it closes', async () => {
    const open = ref(false)
    const dialog: Component = AppDialog
    const { user } = await show({
      render: () => [
        h('button', { onClick: () => void (open.value = true) }, 'Open'),
        h(
          dialog,
          { open: open.value, 'onUpdate:open': (on: boolean) => void (open.value = on), title: 'Tags' },
          {
            default: () => h('input', { 'aria-label': 'New tag' }),
            actions: () => h('button', 'Keep'),
          },
        ),
      ],
    })
    await user.click(byRole('button', 'Open'))
    await settled()
    const inside = screen.getByRole('dialog')
    expect(inside.contains(byRole('button', 'Keep'))).toBe(true)
    for (let i = 0; i < 5; i++) {
      await user.tab()
      expect(inside.contains(document.activeElement)).toBe(true)
    }
    await user.keyboard('{Escape}')
    await settled()
    expect(document.activeElement).toBe(byRole('button', 'Open'))
  })

  it('has no description where none is given, and no row of actions', async () => {
    await show(AppDialog, { props: { open: true, title: 'Tags' } })
    expect(screen.getByRole('dialog').hasAttribute('aria-describedby')).toBe(false)
    expect(screen.getAllByRole('button')).toHaveLength(1)
  })

  it('leaves no warning about its description, with one and without', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    await show(AppDialog, { props: { open: true, title: 'Tags' } })
    await show(AppDialog, { props: { open: true, title: 'Tags', description: 'They help to find runs.' } })
    expect(warn.mock.calls).toEqual([])
    warn.mockRestore()
  })

  it('is described by its description', async () => {
    const { change } = await show(AppDialog, { props: { open: true, title: 'T', description: 'They go.' } })
    const described = screen.getByRole('dialog').getAttribute('aria-describedby') ?? ''
    expect(document.getElementById(described)?.textContent).toBe('They go.')
    await change({ title: 'U' })
    expect(byRole('dialog', 'U')).toBe(screen.getByRole('dialog'))
  })
})
