import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { decodePickle } from '../../src-main/io/formats/numpy/pickle.ts'
import type { LocalServer } from '../../src-main/host/web/server.ts'
import { startServer } from '../../src-main/host/web/server.ts'
import { asHtml } from '../../src-shared/util/tables-as-text.ts'
import { createRun } from '../../src-main/runs/create/create-run.ts'
import { smallConfig } from '../support/lab.ts'
import { problemOf } from '../support/problem-of.ts'
import { ask, upgrade } from '../support/raw-request.ts'
import { temporaryFolder } from '../support/temp-folder.ts'
import type { TestService } from '../support/test-service.ts'
import { openTestService } from '../support/test-service.ts'
import { signIn } from '../support/web-client.ts'
import { tell } from './figures.ts'

const folder = temporaryFolder()
const root = join(folder, 'renderer')
let app: TestService
let server: LocalServer
let cookie = ''
let run = ''

beforeAll(async () => {
  mkdirSync(join(root, '.git'), { recursive: true })
  mkdirSync(join(folder, 'renderer-secret'))
  writeFileSync(join(root, 'index.html'), 'page')
  writeFileSync(join(root, '.git', 'config.txt'), 'a secret')
  writeFileSync(join(folder, 'secret.txt'), 'a secret')
  writeFileSync(join(folder, 'renderer-secret', 'a.txt'), 'a secret')
  symlinkSync(join(folder, 'secret.txt'), join(root, 'link.txt'))
  app = openTestService(join(folder, 'home'))
  server = await startServer({ service: app.service, root })
  cookie = await signIn(server)
  const { store, queue, describeData, shapesOf } = app.workspace
  run = (await createRun({ store, queue, describeData, shapesOf }, smallConfig(1))).id
  writeFileSync(join(app.workspace.home, 'runs', run, 'page.html'), '<script>alert(1)</script>')
})
afterAll(async () => {
  await server.close()
  await app.close()
})

const get = (path: string, headers: Record<string, string> = {}) =>
  ask(server.port, { path, headers: { cookie, ...headers } })
const call = (method: string, params: unknown, headers: Record<string, string> = {}) =>
  ask(server.port, {
    ...{ method: 'POST', path: '/api/call' },
    headers: { cookie, origin: server.origin, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ method, params }),
  })
/** Status of the answer, and whether it leads or tells anything. */
const got = ({ status, headers, text }: Awaited<ReturnType<typeof get>>): string =>
  `${status}${headers['location'] === undefined ? '' : ` to ${String(headers['location'])}`}${text.includes('secret') ? ' with the secret' : ''}`
const file = async (name: string): Promise<string> => {
  const { text } = await call('runs.readFile', { id: run, name })
  const reply = JSON.parse(text) as { ok: boolean; problems?: { code: string }[] }
  return reply.ok ? 'read' : (reply.problems?.[0]?.code ?? '')
}

/** A pickle that calls os.system("true") when it is loaded by Python (protocol 0). */
const CALLS_SYSTEM = new TextEncoder().encode("cos\nsystem\n(S'true'\ntR.")
const CALLS_IN_DICT = new TextEncoder().encode("}(S'weights'\ncbuiltins\neval\n(S'1'\ntRu.")

/** What has happened to programs like this one: where, what it was, what we are asked, and what we answer. */
const KNOWN: readonly (readonly [string, string, () => Promise<string>, string])[] = [
  ['Jupyter 4.3', 'DNS rebinding: a page whose name points at 127.0.0.1', async () => got(await get('/', { host: `evil.example:${server.port}` })), '403'],
  ['CVE-2019-10255', 'Jupyter: open redirect after the login', async () => got(await get('/launch/x?next=//evil.example/')), '303 to /'],
  ['CVE-2020-26215', 'Jupyter: open redirect by a path of two slashes', async () => got(await get('//evil.example/%2e%2e')), '404'],
  ['CVE-2022-29238', 'Jupyter: hidden files are served', async () => got(await get('/.git/config.txt')), '404'],
  ['CVE-2023-39968', 'Jupyter: open redirect by a trailing slash', async () => got(await get('//evil.example//')), '404'],
  ['CVE-2023-40170', 'Jupyter: another site includes a file as a script', async () => got(await get('/index.html', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' })), '403'],
  ['CVE-2023-49080', 'Jupyter: the answer to a fault holds the stack and paths', async () => ((await call('runs.get', { id: 7 })).text.match(/\.ts\b|node_modules|\bat .+:\d+/) ?? ['nothing'])[0], 'nothing'],
  ['CVE-2024-22421', 'Jupyter: a crafted link sends the token to another host', async () => got(await get('/\\evil.example/%2f..')), '404'],
  ['CVE-2024-28179', 'Jupyter: HTTP asks for the login, the WebSocket does not', async () => String(await upgrade(server.port, { origin: server.origin })), '401'],
  ['CVE-2024-35178', 'Jupyter: a UNC path makes Windows log in elsewhere', async () => got(await get('/%5c%5cevil.example%5cshare%5ca.txt')), '404'],
  ['CVE-2026-35397', 'Jupyter: a folder whose name begins like the root', async () => got(await get('/../renderer-secret/a.txt')), '404'],
  ['CVE-2026-40864', 'Jupyter: no-cors counts as the same origin', async () => got(await call('app.info', {}, { 'sec-fetch-mode': 'no-cors', 'sec-fetch-site': 'cross-site' })), '403'],
  ['Jupyter, 2026', 'HTML of a user is served under the origin of the app', async () => `${got(await get(`/runs/${run}/page.html`))}, ${String((await call('runs.readFile', { id: run, name: 'page.html' })).headers['content-type'])}`, '404, application/json; charset=utf-8'],
  ['CVE-2023-1177', 'MLflow: an artifact path that climbs out', async () => `${got(await get('/model-versions/get-artifact?path=../../secret.txt'))}, ${await file('../../../secret.txt')}`, '404, not-found'],
  ['CVE-2023-2356', 'MLflow: an absolute path as the name of a file', () => file('/etc/passwd'), 'not-found'],
  ['CVE-2023-2780', 'MLflow: a file: address as the name of a file', () => file('file:///etc/passwd'), 'not-found'],
  ['CVE-2024-1560', 'MLflow: a path that is decoded twice', async () => `${got(await get('/%252e%252e%252fsecret.txt'))}, ${await file('%2e%2e%2f%2e%2e%2fsecret.txt')}`, '404, not-found'],
  ['CVE-2023-43472', 'MLflow: another site calls with a plain content type', async () => got(await call('runs.list', {}, { 'content-type': 'text/plain' })), '415'],
  ['CVE-2024-27132', 'MLflow: markup in a name is shown as markup', () => Promise.resolve(String(asHtml({ header: ['<script>x'], rows: [['<img onerror=x>']] }, '<b>').match(/<(script>x|img|b>)/)?.[0] ?? 'text')), 'text'],
  ['CVE-2024-37052', 'MLflow: a pickled model runs a program when it is loaded', async () => (await problemOf(() => Promise.resolve(decodePickle(CALLS_SYSTEM, 'f')))).code, 'file-refused'],
  ['CVE-2025-32434', 'PyTorch: "weights only" runs a program', async () => (await problemOf(() => Promise.resolve(decodePickle(CALLS_IN_DICT, 'f')))).code, 'file-refused'],
  ['TensorBoard', 'served without a login to whoever reaches the port', async () => got(await ask(server.port, { path: '/data/runs' })), '401'],
  ['Vite 2025', 'a query lets a path pass the check (CVE-2025-30208)', async () => got(await get('/../secret.txt?raw??')), '404'],
  ['symbolic link', 'a link in the folder leads out of it', async () => got(await get('/link.txt')), '404'],
] // prettier-ignore

it('what has happened to others is answered as it should be', async () => {
  const answers = await Promise.all(
    KNOWN.map(async ([id, , attempt, expected]) => [id, await attempt(), expected]),
  )
  const faults = answers.filter(([, answer, expected]) => answer !== expected)
  tell('known attacks on programs like this one', KNOWN.length - faults.length, KNOWN.length)
  expect(faults).toEqual([])
})

it('a login ends with the change of its secret (CVE-2026-40934)', async () => {
  const headers = { cookie, origin: server.origin, 'content-type': 'application/json' }
  const { status } = await ask(server.port, {
    method: 'POST',
    path: '/api/access',
    headers,
    body: '{"action":"rotate"}',
  })
  expect([status, (await get('/')).status]).toEqual([200, 401])
})
