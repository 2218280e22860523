import { request } from 'node:http'
import { WebSocket } from 'ws'
import { contract } from '../../../src-shared/contract/contract.ts'
import type { Scenario } from '../scenario.ts'
import { check, checkEqual } from '../scenario.ts'

type Headers = Readonly<Record<string, string>>

/** Plain HTTP: fetch would not send a false Host. */
function statusOf(
  origin: string,
  method: string,
  path: string,
  headers: Headers = {},
  body = '',
): Promise<number> {
  const { hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers, agent: false }, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode ?? 0))
    })
    sent.once('error', reject)
    sent.end(body)
  })
}

const opens = (url: string, headers: Headers): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = new WebSocket(url, { headers })
    socket.once('open', () => {
      socket.terminate()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

const refusals: Scenario = {
  name: 'requests without the token, from other sites and to other names are refused',
  run: async (stage) => {
    const { origin, launchUrl } = await stage.serve()
    const json = { 'content-type': 'application/json', origin }
    const refused = async (
      what: string,
      ...ask: [method: string, path: string, headers?: Headers, body?: string]
    ): Promise<void> => {
      const status = await statusOf(origin, ...ask)
      check(`${what} is refused`, status === 401 || status === 403, status)
    }
    await refused('the page', 'GET', '/')
    await refused('a false token', 'GET', '/launch/none')
    await refused('a false cookie', 'GET', '/', { cookie: `cotrain-${new URL(origin).port}=guess` })
    for (const method of Object.keys(contract))
      await refused(method, 'POST', '/api/call', json, JSON.stringify({ method, params: {} }))
    check(
      'the stream of news is refused',
      !(await opens(`${origin.replace('http', 'ws')}/api/events`, { origin })),
    )

    const page = await stage.open()
    const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
    check('the page has its cookie', cookies.length > 20)
    checkEqual(
      'with the cookie',
      await statusOf(
        origin,
        'POST',
        '/api/call',
        { ...json, cookie: cookies },
        '{"method":"app.info","params":{}}',
      ),
      200,
    )
    await refused(
      'another origin',
      'POST',
      '/api/call',
      { ...json, cookie: cookies, origin: 'http://elsewhere.example' },
      '{}',
    )
    await refused('another host name', 'GET', '/', { cookie: cookies, host: 'elsewhere.example' })
    await refused('the used link', 'GET', new URL(launchUrl).pathname)
    checkEqual('the token has left the address', new URL(page.url()).pathname, '/')
  },
}

const logins: Scenario = {
  name: 'a link for looking shows everything and changes nothing; ending logins ends it',
  run: async (stage) => {
    const { origin } = await stage.serve()
    const page = await stage.open()
    await page.goto(`${origin}/#/settings`)
    await page.getByRole('button', { name: 'Make a link' }).click()
    const link = await page.getByText(/\/launch\//).innerText()
    const launched = await fetch(link, { redirect: 'manual' })
    const cookie = (launched.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const json = { 'content-type': 'application/json', origin, cookie }
    const call = async (method: string): Promise<{ status: number; ok: boolean }> => {
      const body = JSON.stringify({ method, params: {} })
      const response = await fetch(`${origin}/api/call`, { method: 'POST', headers: json, body })
      const reply = response.status === 200 ? ((await response.json()) as { ok: boolean }) : { ok: false }
      return { status: response.status, ok: reply.ok }
    }
    checkEqual('looking', await call('runs.list'), { status: 200, ok: true })
    checkEqual('changing', await call('queue.pause'), { status: 200, ok: false })
    await page.getByRole('button', { name: 'End logins' }).click()
    await page.getByText('All other logins have ended.').waitFor()
    checkEqual('looking after the end', await call('runs.list'), { status: 401, ok: false })
    await page.getByRole('link', { name: 'Queue', exact: true }).click()
    await page.getByRole('button', { name: 'Pause queue' }).click()
    await page.getByRole('button', { name: 'Continue queue' }).waitFor()
  },
}

export const scenarios: readonly Scenario[] = [refusals, logins]
