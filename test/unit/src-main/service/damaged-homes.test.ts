import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contract } from '../../../../src-shared/contract/contract.ts'
import type { RunSummary } from '../../../../src-shared/contract/run.ts'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { createRng } from '../../../../src-shared/util/rng.ts'
import { smallConfig, until } from '../../../support/lab.ts'
import { temporaryFolder } from '../../../support/temp-folder.ts'
import type { TestService } from '../../../support/test-service.ts'
import { openTestService } from '../../../support/test-service.ts'

let app: TestService
let good = ''
let bad = ''

beforeAll(async () => {
  app = openTestService(`${temporaryFolder()}/home`, { FAKE_EPOCHS: '1' })
  await app.workspace.supervisor.start()
  good = (await app.service.call('runs.create', { config: smallConfig(1) })).id
  bad = (await app.service.call('runs.create', { config: smallConfig(2) })).id
  await until('both are finished', () =>
    [good, bad].every((id) => app.workspace.store.read(id).status === 'finished'),
  )
})
afterAll(() => app.close())

/** Cuts, overwrites or replaces content, differently for each seed. */
function damaged(content: Buffer, seed: number): Buffer {
  const rng = createRng(seed).fork('damage')
  const place = rng.int(Math.max(1, content.length))
  switch (seed % 4) {
    case 0:
      return content.subarray(0, place)
    case 1: {
      const copy = Buffer.from(content)
      for (let i = place; i < Math.min(copy.length, place + 20); i++) copy[i] = rng.int(256)
      return copy
    }
    case 2:
      return Buffer.alloc(content.length)
    default:
      return Buffer.from(
        JSON.stringify({ id: bad, status: 7, __proto__: null, values: 'x'.repeat(rng.int(50)) }),
      )
  }
}

describe('a home with damaged files', () => {
  it('answers every question about other runs, and with a reason about the damaged one', async () => {
    const files = app.workspace.store.files(bad)
    for (const path of [
      files.record,
      files.events,
      files.notes,
      files.result,
      files.arrays,
      files.stop,
      files.live,
      files.exit,
    ]) {
      const original = existsSync(path) ? readFileSync(path) : Buffer.from('{"when":"now","at":1}')
      for (let seed = 0; seed < 12; seed++) {
        writeFileSync(path, damaged(original, seed))
        await ask(path)
      }
      writeFileSync(path, original)
    }
  })

  const ask = async (what: string): Promise<void> => {
    const listed = await app.service.call('runs.list', {})
    expect(
      contract['runs.list'].result.safeParse(JSON.parse(JSON.stringify(listed))).error,
      what,
    ).toBeUndefined()
    expect(
      listed.runs.find((run: RunSummary) => run.id === good),
      what,
    ).toMatchObject({ status: 'finished', readable: true })
    expect(listed.runs.some((run: RunSummary) => run.id === bad)).toBe(true)
    const asked = [
      () => app.service.call('runs.get', { id: bad }),
      () => app.service.call('runs.curves', { ids: [bad, good], keys: ['Training/v1/loss'] }),
      () => app.service.call('runs.log', { id: bad }),
      () => app.service.call('runs.neurons', { id: bad }),
      () => app.service.call('runs.confusion', { id: bad }),
      () => app.service.call('compare.table', { ids: [good, bad] }),
      () => app.service.call('queue.get', {}),
    ]
    for (const call of asked) {
      const error: unknown = await call().then(
        () => null,
        (thrown: unknown) => thrown,
      )
      if (error !== null) expect(error, `${what}: ${String(error)}`).toBeInstanceOf(CotrainError)
    }
  }
})
