import { join } from 'node:path'
import { expect, it } from 'vitest'
import { dataLibrary } from '../../../../../src-main/data/library/library.ts'
import { serveApp, type ServedApp } from '../../../../e2e/served-app.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'
import { writeTinyMnist } from '../../../../support/tiny-mnist.ts'
import { webClient } from '../../../../support/web-client.ts'

const folder = temporaryFolder()
const home = join(folder, 'home')
const place = { home, folder }

/** Listens to a served app until `event` brings what is waited for. */
async function waitFor(app: ServedApp, event: string, isIt: (payload: unknown) => boolean) {
  const client = await webClient({ ...app, port: 0, close: () => Promise.resolve() }, () => Promise.resolve())
  await new Promise<void>((resolve) => client.listen(event, (payload) => isIt(payload) && resolve()))
  return client
}

it('checks that a kill cut off are begun again by the next start', { timeout: 240_000 }, async () => {
  writeTinyMnist(join(folder, 'digits'), 6000, 1000)
  const full = await dataLibrary.add({ home: join(folder, 'waiting'), folder }, { path: 'digits' })
  const { id } = await dataLibrary.add(place, { path: 'digits', checks: 'later' })
  const env = { COTRAIN_ENGINE: 'wasm' }
  const first = await serveApp(home, env)
  const isOfSet = (payload: unknown) => JSON.stringify(payload).includes(`"check ${id}"`)
  const client = await waitFor(first, 'data.progress', isOfSet)
  process.kill(first.pid, 'SIGKILL')
  await client.close()
  expect((await dataLibrary.get(place, id)).unchecked).toBe(true)

  const second = await serveApp(home, env)
  const again = await waitFor(second, 'data.changed', (payload) => JSON.stringify(payload).includes(id))
  await again.close()
  await second.stop()
  expect({ ...(await dataLibrary.get(place, id)), addedAt: 0 }).toEqual({ ...full, addedAt: 0 })
})
