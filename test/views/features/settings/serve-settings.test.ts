import { screen } from '@testing-library/dom'
import { afterEach, describe, expect, it, vi } from 'vitest'
import ServeSettings from '../../../../src-renderer/features/settings/ServeSettings.vue'
import { byRole, settled, show } from '../../../support/show.ts'
import { inMotion } from '../../ui/shell/shell-page.ts'

/** The server that delivered the page, which answers to each action with this or refuses it. */
async function served(answers: Record<string, object | string>) {
  const asked: { url: string; body: unknown }[] = []
  vi.stubGlobal('fetch', (url: URL, { body }: { body: string }) => {
    const given = JSON.parse(body) as { action: string }
    asked.push({ url: url.pathname, body: given })
    const answer = answers[given.action]
    return Promise.resolve(
      typeof answer === 'object'
        ? new Response(JSON.stringify(answer))
        : new Response(answer ?? 'not allowed', { status: 403 }),
    )
  })
  const shown = await show(inMotion(ServeSettings))
  await settled()
  return { ...shown, asked, actions: () => asked.map(({ body }) => body) }
}

describe('access from browsers', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  it('says to those who may only look that they may only look', async () => {
    const { text, asked } = await served({ role: { role: 'view' } })
    expect(asked).toEqual([{ url: '/api/access', body: { action: 'role' } }])
    expect(text()).toContain('This login may only look.')
    expect(screen.queryByRole('button')).toBeNull()
  })

  it('is not there where nobody answers', async () => {
    await served({})
    expect(screen.queryByRole('region', { name: 'Access from browsers' })).toBeNull()
  })

  it('makes a link that can be copied', async () => {
    const { user, actions } = await served({
      role: { role: 'control' },
      'invite-view': { path: '/?key=abc' },
    })
    await user.click(byRole('button', 'Make a link'))
    await settled()
    expect(actions().at(-1)).toEqual({ action: 'invite-view' })
    const link = new URL('/?key=abc', location.origin).href
    expect(screen.getByText(link).tagName).toBe('CODE')
    await user.click(byRole('button', 'Copy link'))
    expect(await navigator.clipboard.readText()).toBe(link)
    expect(screen.queryByRole('button', { name: 'Make a link' })).toBeNull()
  })

  it('ends the other logins, and with them a link that was not used', async () => {
    const { user, actions, text } = await served({
      role: { role: 'control' },
      'invite-view': { path: '/?key=abc' },
      rotate: {},
    })
    await user.click(byRole('button', 'Make a link'))
    await settled()
    await user.click(byRole('button', 'End logins'))
    await settled()
    expect(actions().at(-1)).toEqual({ action: 'rotate' })
    expect(text()).toContain('All other logins have ended.')
    expect(screen.queryByText(/key=abc/)).toBeNull()
    expect(byRole('button', 'Make a link').textContent).toBe('Make a link')
  })

  it('says why it cannot be done', async () => {
    const { user, text } = await served({ role: { role: 'control' }, rotate: 'The session is over.' })
    await user.click(byRole('button', 'End logins'))
    await settled()
    expect(text()).toContain('The session is over.')
    expect(text()).not.toContain('All other logins have ended.')
    await user.click(byRole('button', 'Make a link'))
    await settled()
    expect(text()).toContain('not allowed')
    expect(byRole('button', 'Make a link').textContent).toBe('Make a link')
  })
})
