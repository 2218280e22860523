import type { LocalServer } from '../../src-main/host/web/server.ts'
import type { Ask } from '../support/raw-request.ts'

/** A way into the server: what our own page would send. */
export interface Door {
  readonly name: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: string
}

/** What is changed of that, and the status that it must be answered with. */
export interface Attack {
  readonly name: string
  readonly status: number
  readonly change: (ask: Own, server: LocalServer) => Ask
}

type Own = Ask & { readonly headers: Readonly<Record<string, string>> }

const header =
  (name: string, value: string | ((server: LocalServer) => string)) =>
  (ask: Own, server: LocalServer): Ask => ({
    ...ask,
    headers: { ...ask.headers, [name]: typeof value === 'string' ? value : value(server) },
  })
const without =
  (name: string) =>
  (ask: Own): Ask => ({
    ...ask,
    headers: Object.fromEntries(Object.entries(ask.headers).filter(([key]) => key !== name)),
  })
const cookieOf = (headers: Readonly<Record<string, string>>): string => headers['cookie'] ?? ''

/** For every door: who asks, and from where. */
export const CALLERS: readonly Attack[] = [
  { name: 'no cookie', status: 401, change: without('cookie') },
  { name: 'an empty cookie', status: 401, change: header('cookie', ({ port }) => `cotrain-${port}=`) },
  {
    name: 'a wrong cookie',
    status: 401,
    change: header('cookie', ({ port }) => `cotrain-${port}=${'A'.repeat(43)}`),
  },
  {
    name: 'the beginning of the cookie',
    status: 401,
    change: (ask, server) => header('cookie', cookieOf(ask.headers).slice(0, -1))(ask, server),
  },
  {
    name: 'more than the cookie',
    status: 401,
    change: (ask, server) => header('cookie', `${cookieOf(ask.headers)}x`)(ask, server),
  },
  {
    name: 'the cookie under the name of another server',
    status: 401,
    change: (ask, server) =>
      header('cookie', cookieOf(ask.headers).replace(/^cotrain-\d+/, 'cotrain-1'))(ask, server),
  },
  {
    name: 'the cookie in the address',
    status: 401,
    change: (ask) => ({ ...without('cookie')(ask), path: `${ask.path}?token=${cookieOf(ask.headers)}` }),
  },
  {
    name: 'the cookie as a bearer token',
    status: 401,
    change: (ask) => ({
      ...ask,
      headers: {
        ...(without('cookie')(ask).headers as object),
        authorization: `Bearer ${cookieOf(ask.headers)}`,
      },
    }),
  },
  { name: 'a foreign host', status: 403, change: header('host', 'evil.example') },
  {
    name: 'a foreign host with the port (DNS rebinding)',
    status: 403,
    change: header('host', ({ port }) => `evil.example:${port}`),
  },
  {
    name: 'the host of another port',
    status: 403,
    change: header('host', ({ port }) => `127.0.0.1:${port + 1}`),
  },
  {
    name: 'a host that begins like ours',
    status: 403,
    change: header('host', ({ port }) => `127.0.0.1.evil.example:${port}`),
  },
  { name: 'no port in the host', status: 403, change: header('host', '127.0.0.1') },
  {
    name: 'two hosts',
    status: 403,
    change: (ask, { port }) => ({
      ...ask,
      headers: ['Host', `127.0.0.1:${port}`, 'Host', 'evil.example', ...Object.entries(ask.headers).flat()],
    }),
  },
  { name: 'a foreign origin', status: 403, change: header('origin', 'https://evil.example') },
  { name: 'an opaque origin', status: 403, change: header('origin', 'null') },
  {
    name: 'the origin of another port',
    status: 403,
    change: header('origin', ({ port }) => `http://127.0.0.1:${port + 1}`),
  },
  {
    name: 'another scheme of origin',
    status: 403,
    change: header('origin', ({ port }) => `https://127.0.0.1:${port}`),
  },
  { name: 'another site', status: 403, change: header('sec-fetch-site', 'cross-site') },
  { name: 'the same site, another origin', status: 403, change: header('sec-fetch-site', 'same-site') },
  {
    name: 'another site that hides in two values',
    status: 403,
    change: header('sec-fetch-site', 'same-origin, cross-site'),
  },
]

const body =
  (text: string) =>
  (ask: Own): Ask => ({ ...ask, body: text })
const method =
  (name: string) =>
  (ask: Own): Ask => ({
    method: name,
    headers: ask.headers,
    ...(ask.path === undefined ? {} : { path: ask.path }),
  })

/** For doors that take a POST: what is sent. */
export const BODIES: readonly Attack[] = [
  { name: 'no origin', status: 403, change: without('origin') },
  ...['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'].map((name): Attack => ({
    name: `method ${name}`,
    status: 405,
    change: method(name),
  })),
  ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/jsonx', ''].map(
    (type): Attack => ({ name: `content type "${type}"`, status: 415, change: header('content-type', type) }),
  ),
  { name: 'a body of 5 MB', status: 413, change: body(`"${'x'.repeat(5_000_000)}"`) },
  {
    name: 'a body of 5 MB without its length',
    status: 413,
    change: (ask) => ({
      ...body(`"${'x'.repeat(5_000_000)}"`)(ask),
      headers: { ...ask.headers, 'transfer-encoding': 'chunked' },
    }),
  },
  ...[
    '',
    '{',
    'null',
    '[]',
    '7',
    '"x"',
    '{"method":7}',
    '{"method":null,"action":null}',
    '\ufeff{}',
    '{"a":1}{',
  ].map((text): Attack => ({ name: `body ${JSON.stringify(text)}`, status: 400, change: body(text) })),
  { name: 'a body of open brackets', status: 400, change: body('['.repeat(1_000_000)) },
  { name: 'a body of brackets', status: 400, change: body(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) },
]
