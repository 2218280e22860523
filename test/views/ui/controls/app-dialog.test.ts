import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import AppDialog from '../../../../src-renderer/ui/controls/AppDialog.vue'
import { byRole, show } from '../../../support/show.ts'

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
})
