import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { LocalServer } from '../../../../../src-main/host/web/server.ts'
import { startServer } from '../../../../../src-main/host/web/server.ts'
import { auditLine } from '../../../../../src-main/host/web/audit.ts'
import { REFUSALS, rateLimit } from '../../../../../src-main/host/web/rate-limit.ts'
import { contract, factsOf } from '../../../../../src-shared/contract/contract.ts'
import type { Answered, Ask } from '../../../../support/raw-request.ts'
import { ask as askAt, upgrade as upgradeAt } from '../../../../support/raw-request.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'
import type { TestService } from '../../../../support/test-service.ts'
import { openTestService } from '../../../../support/test-service.ts'
import { signIn } from '../../../../support/web-client.ts'

const folder = temporaryFolder()
const root = join(folder, 'renderer')
let app: TestService
let server: LocalServer
let cookie = ''

const ask = (request: Ask): Promise<Answered> => askAt(server.port, request)
const own = (): Record<string, string> => ({
  cookie,
  origin: server.origin,
  'content-type': 'application/json',
})
const call = (method: string, headers: Record<string, string>) =>
  ask({ method: 'POST', path: '/api/call', headers, body: JSON.stringify({ method, params: {} }) })
const upgrade = (headers: Record<string, string>, path?: string) => upgradeAt(server.port, headers, path)

beforeAll(async () => {
  mkdirSync(join(root, 'assets'), { recursive: true })
  mkdirSync(join(folder, 'renderer-secret'))
  writeFileSync(join(root, 'index.html'), '<!doctype html>page')
  writeFileSync(join(root, 'assets', 'app.js'), 'script')
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  writeFileSync(join(folder, 'renderer-secret', 'a.txt'), 'secret')
  symlinkSync(join(folder, 'secret.txt'), join(root, 'link.txt'))
  app = openTestService(join(folder, 'home'))
  server = await startServer({ service: app.service, root })
})
afterAll(async () => {
  await server.close()
  await app.close()
})

describe('before signing in', () => {
  it('every route and every method is refused', async () => {
    const refused: number[] = []
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      for (const path of [
        '/',
        '/index.html',
        '/assets/app.js',
        '/api/call',
        '/api/events',
        '/nothing',
        '/launch',
        '/favicon.ico',
      ])
        refused.push((await ask({ method, path, headers: { origin: server.origin } })).status)
    for (const method of Object.keys(contract))
      refused.push((await call(method, { origin: server.origin, 'content-type': 'application/json' })).status)
    expect(new Set(refused)).toEqual(new Set([401]))
    expect(await upgrade({ origin: server.origin })).toBe(401)
  })

  it('a wrong launch link is refused and does not use the right one up', async () => {
    expect((await ask({ path: `/launch/${'x'.repeat(43)}` })).status).toBe(401)
    expect((await ask({ path: '/launch/' })).status).toBe(401)
  })
})

describe('signing in', () => {
  it('works once, sets a cookie that scripts and other sites cannot use, and leaves the token behind', async () => {
    const path = new URL(server.launchUrl).pathname
    const first = await ask({ path })
    expect([first.status, first.headers['location']]).toEqual([303, '/'])
    expect(String(first.headers['set-cookie'])).toMatch(
      /^cotrain-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    )
    cookie = String(first.headers['set-cookie']).split(';')[0] ?? ''
    expect((await ask({ path })).status).toBe(401)
    expect((await ask({ path, headers: { cookie } })).status).toBe(303)
    await expect(signIn(server)).rejects.toThrow('401')
  })
})

describe('after signing in', () => {
  it('answers its own page', async () => {
    expect((await call('app.info', own())).status).toBe(200)
    expect((await ask({ headers: { cookie } })).text).toBe('<!doctype html>page')
    expect(await upgrade({ cookie, origin: server.origin })).toBe(101)
  })

  it('refuses other hosts on every kind of request (DNS rebinding)', async () => {
    for (const host of [
      'evil.example',
      `evil.example:${server.port}`,
      '127.0.0.1',
      `127.0.0.1:${server.port + 1}`,
      `127.0.0.1.evil.example:${server.port}`,
    ]) {
      expect((await ask({ headers: { cookie, host } })).status, host).toBe(403)
      expect((await ask({ path: '/assets/app.js', headers: { cookie, host } })).status).toBe(403)
      expect((await call('app.info', { ...own(), host })).status).toBe(403)
      expect(await upgrade({ cookie, origin: server.origin, host })).toBe(403)
    }
  })

  it('refuses other origins, other sites and requests that hide where they come from', async () => {
    for (const origin of [
      'http://evil.example',
      'null',
      `http://127.0.0.1:${server.port + 1}`,
      `https://127.0.0.1:${server.port}`,
    ]) {
      expect((await call('app.info', { ...own(), origin })).status, origin).toBe(403)
      expect(await upgrade({ cookie, origin })).toBe(403)
    }
    for (const site of ['cross-site', 'same-site'])
      expect((await call('app.info', { ...own(), 'sec-fetch-site': site })).status).toBe(403)
    const { origin: _origin, ...silent } = own()
    expect((await call('app.info', silent)).status).toBe(403)
    expect(await upgrade({ cookie })).toBe(403)
  })

  it('takes JSON only, in bounds', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''])
      expect((await call('app.info', { ...own(), 'content-type': type })).status).toBe(415)
    const post = (body: string) => ask({ method: 'POST', path: '/api/call', headers: own(), body })
    expect((await post('{')).status).toBe(400)
    expect((await post('x'.repeat(5_000_000))).status).toBe(413)
    for (const body of ['null', '[]', '7', '{"method":7}']) expect((await post(body)).status, body).toBe(400)
    const poisoned = await post('{"method":"__proto__","params":{}}')
    expect(JSON.parse(poisoned.text)).toMatchObject({ ok: false, problems: [{ code: 'not-found' }] })
    expect((await ask({ path: '/api/call', headers: own() })).status).toBe(405)
  })

  it('serves no file outside of the built page, however the path is written', async () => {
    const tries = [
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/%252e%252e/secret.txt',
      '/..\\secret.txt',
      '/assets/../../secret.txt',
      '/../renderer-secret/a.txt',
      '/link.txt',
      '//etc/passwd',
      '/C:/secret.txt',
      '/index.html%00.txt',
      '/.git/config',
      '/%ff',
      '/assets',
      'http://evil.example/index.html',
    ]
    for (const path of tries) {
      const { status, text } = await ask({ path, headers: { cookie } })
      expect([path, status, text.includes('secret')]).toEqual([path, 404, false])
    }
  })

  it('sends headers that keep the page to itself', async () => {
    const answers = [
      await ask({ headers: { cookie } }),
      await ask({ path: '/nothing', headers: { cookie } }),
      await call('app.info', own()),
      await ask({}),
    ]
    for (const { headers } of answers) {
      expect(headers['content-security-policy']).toMatch(
        /default-src 'none'.*script-src 'self';.*frame-ancestors 'none'/,
      )
      expect(headers['content-security-policy']).not.toMatch(/unsafe/)
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      })
      expect(headers['access-control-allow-origin']).toBeUndefined()
    }
  })

  it('answers what a person can cause with the reason, which is no fault of the line', async () => {
    for (const [method, code] of [
      ['queue.move', 'config-invalid'],
      ['runs.destroy', 'not-found'],
      ['app.choosePath', 'config-invalid'],
    ] as const) {
      const { status, text } = await call(method, own())
      const reply = JSON.parse(text) as { ok: boolean; problems: { code: string }[] }
      expect([status, reply.ok, reply.problems[0]?.code]).toEqual([200, false, code])
    }
  })

  it('tells an unexpected error to the log and not its stack to the page', async () => {
    const broken = { ...app.service, callUnchecked: () => Promise.reject(new TypeError('a defect')) }
    const said: string[] = []
    const other = await startServer({ service: broken, root, log: (line) => said.push(line) })
    const response = await fetch(`${other.origin}/api/call`, {
      method: 'POST',
      headers: {
        cookie: await signIn(other),
        origin: other.origin,
        'content-type': 'application/json',
      },
      body: '{"method":"app.doctor","params":{}}',
    })
    const text = await response.text()
    await other.close()
    expect([response.status, JSON.parse(text)]).toMatchObject([500, { problems: [{ message: 'a defect' }] }])
    expect(text).not.toMatch(/at .*\.ts/)
    expect(said.join()).toMatch(/app\.doctor: TypeError: a defect\n.*at /)
  })

  it('survives garbage on the line', async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(server.port, '127.0.0.1', () => socket.end('GARBAGE\r\n\r\n'))
      socket.on('close', () => resolve())
      socket.resume()
    })
    expect((await call('app.info', own())).status).toBe(200)
  })

  it('closes a connection that talks into the event stream', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/api/events`, {
      headers: { cookie, origin: server.origin },
    })
    await new Promise((resolve) => socket.once('open', resolve))
    socket.send('{}')
    expect(await new Promise((resolve) => socket.once('close', resolve))).toBe(1008)
  })
})

describe('logins of a service', () => {
  const audit: string[] = []
  const open = async () => {
    const own = await startServer({ service: app.service, root, audit: (line) => audit.push(line) })
    const post = async (as: string, path: string, body: object) => {
      const headers = { cookie: as, origin: own.origin, 'content-type': 'application/json' }
      const response = await fetch(`${own.origin}${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      })
      const text = await response.text()
      return {
        status: response.status,
        text,
        cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '',
      }
    }
    const control = await signIn(own)
    const access = (as: string, action: string) => post(as, '/api/access', { action })
    const invited = JSON.parse((await access(control, 'invite-view')).text) as { path: string }
    const view = await signIn({ ...own, launchUrl: `${own.origin}${invited.path}` })
    const callAs = (as: string, method: string) => post(as, '/api/call', { method, params: {} })
    return { own, control, view, invited, access, callAs }
  }

  it('may look with a link for looking, and nothing else of the contract', async () => {
    const { own, control, view, access, callAs } = await open()
    expect(JSON.parse((await access(view, 'role')).text)).toEqual({ role: 'view' })
    expect(JSON.parse((await callAs(view, 'runs.list')).text)).toMatchObject({ ok: true })
    for (const method of Object.keys(contract).filter((name) => factsOf(name)?.view === false))
      expect(JSON.parse((await callAs(view, method)).text), method).toMatchObject({
        ok: false,
        problems: [{ code: 'not-allowed', message: 'this login may only look.' }],
      })
    for (const action of ['invite-view', 'rotate']) expect((await access(view, action)).status).toBe(403)
    expect((await access(control, 'nothing')).status).toBe(400)
    await own.close()
  })

  it('may call nothing that changes anything', () => {
    const viewed = Object.entries(contract).filter(([, { view }]) => view !== false)
    expect(viewed.length).toBeGreaterThan(30)
    expect(
      viewed
        .filter(
          ([name, { audited }]) =>
            audited || /^(set|add|remove|create|stop|annotate|move)/.test(name.split('.')[1] ?? ''),
        )
        .map(([name]) => name),
    ).toEqual([])
  })

  it('all end when that is asked, but for the one that asked', async () => {
    const { own, control, view, access, callAs } = await open()
    const unused = JSON.parse((await access(control, 'invite-view')).text) as { path: string }
    const socket = new WebSocket(`${own.origin.replace('http', 'ws')}/api/events`, {
      headers: { cookie: view, origin: own.origin },
    })
    await new Promise((resolve) => socket.once('open', resolve))
    const closed = new Promise((resolve) => socket.once('close', resolve))
    const { status, cookie: next } = await access(control, 'rotate')
    expect(status).toBe(200)
    await closed
    for (const old of [control, view]) expect((await callAs(old, 'app.info')).status).toBe(401)
    await expect(signIn({ ...own, launchUrl: `${own.origin}${unused.path}` })).rejects.toThrow('401')
    expect((await callAs(next, 'app.info')).status).toBe(200)
    await own.close()
  })

  it('leave a line for each start, stop and deletion, without names or paths', async () => {
    const { own, control, view, callAs } = await open()
    audit.length = 0
    await callAs(control, 'runs.list')
    await callAs(control, 'queue.pause')
    await callAs(control, 'queue.resume')
    await callAs(view, 'runs.stop')
    expect(audit.map((line) => line.replace(/^\S+Z \S+ /, ''))).toEqual([
      'queue.pause - ok',
      'queue.resume - ok',
      'runs.stop - not-allowed',
    ])
    const line = auditLine(
      new Date(0),
      '127.0.0.1',
      { method: 'data.add', params: { path: '/home/ada/secret', name: 'x\ny', id: 'f'.repeat(64) } },
      { ok: true, result: {} },
    )
    expect(line).toBe('1970-01-01T00:00:00.000Z 127.0.0.1 data.add ffffffffff ok')
    await own.close()
  })

  it('are slowed down beyond a rate, and let go on later', () => {
    let now = 0
    const may = rateLimit({ burst: 3, perSecond: 2 }, () => now)
    expect([may(), may(), may(), may()]).toEqual([true, true, true, false])
    now = 500
    expect([may(), may()]).toEqual([true, false])
    now = 60_000
    expect([may(), may(), may(), may()]).toEqual([true, true, true, false])
  })

  it('that guess are answered with "too many" in the end', async () => {
    const own = await startServer({ service: app.service, root })
    const statuses = new Set<number>()
    for (let i = 0; i < REFUSALS.burst + 60; i++) statuses.add((await fetch(`${own.origin}/`)).status)
    expect([...statuses]).toEqual([401, 429])
    expect((await fetch(own.launchUrl, { redirect: 'manual' })).status).toBe(303)
    await own.close()
  })
})
