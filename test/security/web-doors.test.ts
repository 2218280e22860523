import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACCESS_ACTIONS, ROUTES, STREAMS } from '../../src-main/host/web/routes.ts'
import type { LocalServer, ServerLimits } from '../../src-main/host/web/server.ts'
import { startServer } from '../../src-main/host/web/server.ts'
import { contract, factsOf } from '../../src-shared/contract/contract.ts'
import type { Answered, Ask } from '../support/raw-request.ts'
import { ask, upgrade } from '../support/raw-request.ts'
import { temporaryFolder } from '../support/temp-folder.ts'
import type { TestService } from '../support/test-service.ts'
import { openTestService } from '../support/test-service.ts'
import { signIn } from '../support/web-client.ts'
import { tell } from './figures.ts'
import { hostileParameters } from './hostile-values.ts'
import type { Attack, Door } from './web-attacks.ts'
import { BODIES, CALLERS } from './web-attacks.ts'

const folder = temporaryFolder()
const root = join(folder, 'renderer')
/** The rate of refusals would hide the reason of each; it has a test of its own. */
const PLENTY: Partial<ServerLimits> = {
  calls: { burst: 1e9, perSecond: 1e9 },
  refusals: { burst: 1e9, perSecond: 1e9 },
}
/** All hostile parameters with `npm run test:security`; of each method every sixteenth among all other tests. */
const STRIDE = process.env['COTRAIN_SECURITY'] === 'whole' ? 1 : 16
const methods = Object.keys(contract) as (keyof typeof contract)[]
let app: TestService
let server: LocalServer
let cookie = ''
let view = ''

beforeAll(async () => {
  mkdirSync(join(root, 'assets'), { recursive: true })
  writeFileSync(join(root, 'index.html'), '<!doctype html>page')
  writeFileSync(join(root, 'assets', 'app.js'), 'script')
  writeFileSync(join(folder, 'secret.txt'), SECRET)
  app = openTestService(join(folder, 'home'))
  server = await startServer({ service: app.service, root, limits: PLENTY })
  cookie = await signIn(server)
  const invited = await ask(server.port, post('/api/access', { action: 'invite-view' }))
  const { path } = JSON.parse(invited.text) as { path: string }
  view = await signIn({ ...server, launchUrl: `${server.origin}${path}` })
})
afterAll(async () => {
  await server.close()
  await app.close()
})

const SECRET = 'a secret beside the page'
const own = (): Record<string, string> => ({
  cookie,
  origin: server.origin,
  'content-type': 'application/json',
})
const post = (path: string, value: unknown) => ({
  ...{ method: 'POST', path, headers: own() },
  body: JSON.stringify(value),
})

/** Every way in, read from the code: routes, what each takes, streams, files, links, and what is not there. */
const DOORS: readonly Door[] = [
  ...methods.map((method): Door => ({ name: method, method: 'POST', path: '/api/call', body: JSON.stringify({ method, params: {} }) })), // prettier-ignore
  ...ACCESS_ACTIONS.map((action): Door => ({ name: `access: ${action}`, method: 'POST', path: '/api/access', body: JSON.stringify({ action }) })), // prettier-ignore
  ...[...Object.keys(ROUTES), ...Object.keys(STREAMS), '/', '/index.html', '/assets/app.js', '/nothing', '/api/', '/launch'].map((path): Door => ({ name: path, method: 'GET', path })), // prettier-ignore
]

const opened = ({ method, path, body }: Door): Ask & { headers: Record<string, string> } => ({
  ...{ method, path, headers: own() },
  ...(body === undefined ? {} : { body }),
})

/** Nothing of the machine or of the code is told to who is refused. */
const TELLS = /\.ts\b|\.js:\d|node_modules|\bat .+:\d+:\d+|cotrain-test|Error:|a secret/

async function attack(door: Door, { name, status, change }: Attack): Promise<string[]> {
  const answer = await ask(server.port, change(opened(door), server))
  const what = `${door.name}, ${name}`
  return [
    ...(answer.status === status ? [] : [`${what}: answered ${answer.status} in place of ${status}`]),
    ...(TELLS.test(answer.text) ? [`${what}: tells "${answer.text.slice(0, 100)}"`] : []),
    ...(isGuarded(answer) ? [] : [`${what}: without the headers of security`]),
  ]
}

const isGuarded = ({ headers }: Answered): boolean =>
  ['content-security-policy', 'x-content-type-options', 'referrer-policy', 'cross-origin-opener-policy', 'cross-origin-resource-policy'].every((name) => headers[name] !== undefined) && // prettier-ignore
  headers['access-control-allow-origin'] === undefined &&
  headers['set-cookie'] === undefined

async function attackAll(
  what: string,
  doors: readonly Door[],
  attacks: readonly Attack[],
): Promise<string[]> {
  const faults: string[] = []
  let passed = 0
  for (const door of doors)
    for (const one of attacks) {
      const found = await attack(door, one)
      if (found.length > 0) passed++
      faults.push(...found)
    }
  const total = doors.length * attacks.length
  tell(`${what} (${doors.length} doors x ${attacks.length} attacks)`, total - passed, total)
  return faults
}

describe('the web host', () => {
  it('is asked for every route that the code has', () => {
    expect(Object.keys(ROUTES)).toContain('/api/call')
    expect(Object.keys(STREAMS)).toContain('/api/events')
    expect(methods.length).toBeGreaterThan(90)
  })

  it('answers each door that is opened as our page does: the attacks change one thing each', async () => {
    for (const door of DOORS.filter(({ path, method }) => method === 'POST' && path === '/api/call').slice(
      0,
      3,
    ))
      expect((await ask(server.port, opened(door))).status).toBe(200)
    expect((await ask(server.port, { headers: { cookie } })).status).toBe(200)
  })

  it('refuses whoever is not signed in, or comes from elsewhere, at every door', async () => {
    expect(await attackAll('requests of strangers', DOORS, CALLERS)).toEqual([])
  })

  it('refuses what is no call in form or size', async () => {
    const doors = Object.keys(ROUTES).map((path): Door => ({ name: path, method: 'POST', path, body: '{}' }))
    expect(await attackAll('malformed requests', doors, BODIES)).toEqual([])
  })

  it('opens a stream for its own page alone', async () => {
    const faults: string[] = []
    const silent: Attack = { name: 'no origin', status: 403, change: ({ headers: { origin: _, ...headers }, ...rest }) => ({ ...rest, headers }) } // prettier-ignore
    const attacks = [...CALLERS, silent].filter(({ name }) => name !== 'two hosts')
    const streams = Object.keys(STREAMS)
    for (const path of streams)
      for (const { name, status, change } of attacks) {
        const { headers, path: at } = change({ path, headers: { cookie, origin: server.origin } }, server)
        const got = await upgrade(server.port, headers as Record<string, string>, at)
        if (got !== status) faults.push(`${path}, ${name}: ${got}`)
      }
    for (const path of ['/', '/api/call', '/api/events/', '/__proto__', '/constructor'])
      if ((await upgrade(server.port, { cookie, origin: server.origin }, path)) !== 404) faults.push(path)
    tell(`upgrades (${streams.length} streams)`, attacks.length * streams.length - faults.length, attacks.length * streams.length) // prettier-ignore
    expect(faults).toEqual([])
  })

  it('lets a login for looking look', async () => {
    const refused = methods.filter((name) => factsOf(name)?.view === false)
    const faults: string[] = []
    for (const method of refused) {
      const { headers, ...asked } = post('/api/call', { method, params: {} })
      const { text } = await ask(server.port, { ...asked, headers: { ...headers, cookie: view } })
      if (!text.includes('"not-allowed"')) faults.push(`${method}: ${text.slice(0, 100)}`)
    }
    tell('calls that a login for looking may not make', refused.length - faults.length, refused.length)
    expect(faults).toEqual([])
  })
})

describe('every method of the contract', () => {
  it('takes hostile parameters for what they are, and tells nothing of the machine', async () => {
    const faults: string[] = []
    let [total, refused] = [0, 0]
    const before = readdirSync(folder)
    for (const method of methods) {
      const facts = contract[method]
      const all = hostileParameters(facts.params, facts.paths)
      for (const params of all.filter((_, i) => i % STRIDE === methods.indexOf(method) % STRIDE)) {
        const { status, text } = await ask(server.port, post('/api/call', { method, params }))
        total++
        const reply = JSON.parse(text) as { ok: boolean; problems?: { code: string; message: string }[] }
        if (!reply.ok) refused++
        const shown = JSON.stringify(params)?.slice(0, 120)
        if (status !== 200) faults.push(`${method} ${shown}: ${status} ${text.slice(0, 200)}`)
        else if (/\bat .+:\d+:\d+|node_modules|a secret/.test(text))
          faults.push(`${method} ${shown}: tells ${text.slice(0, 200)}`)
      }
    }
    tell('hostile parameters (the others are answered as text)', refused, total)
    expect(faults).toEqual([])
    expect(readdirSync(folder)).toEqual(before)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})
