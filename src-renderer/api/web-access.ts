/** What this login may do, in a browser; the desktop app has no logins. */
export type Role = 'control' | 'view'

async function ask(action: 'role' | 'invite-view' | 'rotate'): Promise<{ role?: Role; path?: string }> {
  const response = await fetch(new URL('api/access', location.href), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ action }),
  })
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as { role?: Role; path?: string }
}

export const askRole = async (): Promise<Role> => (await ask('role')).role ?? 'view'

/** A link that signs somebody in who may look and change nothing; works once. */
export const inviteViewer = async (): Promise<string> =>
  new URL((await ask('invite-view')).path ?? '', location.origin).href

/** Ends every other login and every link that was not used yet. */
export const endOtherLogins = async (): Promise<void> => void (await ask('rotate'))
