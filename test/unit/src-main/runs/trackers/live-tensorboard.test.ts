import { BinaryReader } from '@bufbuild/protobuf/wire'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Supervisor } from '../../../../../src-main/runs/queue/supervise.ts'
import { createSupervisor, requeueRun } from '../../../../../src-main/runs/queue/supervise.ts'
import { trackedRunOf } from '../../../../../src-main/runs/trackers/tracked-run-of.ts'
import { lockHolder } from '../../../../../src-main/disk/file-lock.ts'
import { readText } from '../../../../../src-main/disk/read-json.ts'
import type { Lab } from '../../../../support/lab.ts'
import { fakeWorker, labs, until } from '../../../../support/lab.ts'

const lab = labs()
const open: Supervisor[] = []
afterEach(async () => {
  for (const supervisor of open.splice(0)) await supervisor.close()
})

async function supervised(here: Lab, folder: string): Promise<void> {
  const env = { FAKE_STEP_MS: '20', COTRAIN_TENSORBOARD: folder }
  const supervisor = createSupervisor({ ...here, command: () => fakeWorker(here.home, env) })
  open.push(supervisor)
  await supervisor.start()
}

/** A number of an event: Event (wall_time 1, step 2, summary 5 of value 1 of tag 1 and simple_value 2, session_log 7). */
interface Point {
  readonly tag: string
  readonly step: number
  readonly value: number
}

/** Points of a file, and the steps from which on it takes back what came before it. */
function eventsIn(file: string): (Point | { readonly from: number })[] {
  const bytes = readFileSync(file)
  const found: (Point | { readonly from: number })[] = []
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at))
    const event = { step: 0, starts: false, points: [] as { tag: string; value: number }[] }
    const reader = new BinaryReader(bytes.subarray(at + 12, at + 12 + length))
    fields(reader, {
      2: () => (event.step = Number(reader.int64())),
      5: () => fields(new BinaryReader(reader.bytes()), { 1: (summary) => event.points.push(...scalarOf(summary)) }), // prettier-ignore
      7: () => {
        reader.bytes()
        event.starts = true
      },
    })
    if (event.starts) found.push({ from: event.step })
    found.push(...event.points.map((point) => ({ ...point, step: event.step })))
    at += length + 16
  }
  return found
}

function fields(reader: BinaryReader, read: Readonly<Record<number, (reader: BinaryReader) => void>>): void {
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag()
    if (read[field] === undefined) reader.skip(type)
    else read[field](reader)
  }
}

function scalarOf(summary: BinaryReader): { tag: string; value: number }[] {
  const value = { tag: '', number: null as number | null }
  fields(new BinaryReader(summary.bytes()), {
    1: (r) => (value.tag = r.string()),
    2: (r) => (value.number = r.float()),
  })
  return value.number === null ? [] : [{ tag: value.tag, value: value.number }]
}

/** What TensorBoard shows of a folder: files by name, each may take back what those before it say of later steps. */
function shownIn(folder: string): Point[] {
  const shown: Point[] = []
  for (const name of readdirSync(folder).toSorted())
    for (const one of eventsIn(join(folder, name))) {
      if ('tag' in one) shown.push(one)
      else shown.splice(0, shown.length, ...shown.filter(({ step }) => step < one.from))
    }
  return shown
}

describe('a run whose settings name a folder of TensorBoard', () => {
  it('is there while it trains, and killed and resumed in the end each number once', async () => {
    const here = lab()
    const id = await here.add(1)
    const folder = join(here.home, 'logs')
    await supervised(here, folder)
    const runs = (): string[] => readdirSync(folder).map((name) => join(folder, name))
    await until('an epoch is written', () => here.store.read(id).epoch >= 1 && runs().length === 1)
    process.kill(lockHolder(here.store.files(id).lock)!.pid, 'SIGKILL')
    await until('it is interrupted', () => here.store.read(id).status === 'interrupted')
    await new Promise((resolve) => setTimeout(resolve, 1_100)) // files of one second have their order from their part
    await requeueRun(here.store, here.queue, id, 'retry')
    await until('it is finished', () => here.store.read(id).status === 'finished')
    const [run] = runs()
    expect(readdirSync(run!)).toHaveLength(2)
    const curves = trackedRunOf(here.store, id).curves.filter(({ key }) => !/Memory|PerSecond/.test(key))
    expect(curves.length).toBeGreaterThan(0)
    for (const { key, points } of curves) {
      const shown = shownIn(run!).filter(({ tag }) => tag === key)
      expect(shown.map(({ step, value }) => [step, value])).toEqual(
        points.map(({ step, value }) => [step, Math.fround(value)]),
      )
    }
    expect(shownIn(run!).some(({ tag }) => tag.startsWith('final/'))).toBe(true)
  })

  it('finishes where that folder cannot be written, which its log says once', async () => {
    const here = lab()
    const id = await here.add(1)
    mkdirSync(here.home, { recursive: true })
    const folder = join(here.home, 'a-file')
    writeFileSync(folder, '')
    await supervised(here, folder)
    await until('it is finished', () => here.store.read(id).status === 'finished')
    const said = (readText(here.store.files(id).output) ?? '').match(
      /nothing more of this run goes to TensorBoard/g,
    )
    expect(said).toHaveLength(1)
  })
})
