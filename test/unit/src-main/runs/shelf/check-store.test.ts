import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ownIdentity } from '../../../../../src-main/disk/process-identity.ts'
import { writeSafetensors } from '../../../../../src-main/io/formats/tensors/safetensors.ts'
import { checkStore } from '../../../../../src-main/runs/shelf/check-store.ts'
import { repairStore } from '../../../../../src-main/runs/shelf/repair-store.ts'
import { saveCheckpoint } from '../../../../../src-main/store/files/checkpoint-folder.ts'
import {
  finalFileState,
  requireWhole,
  sumsOfFinalFiles,
} from '../../../../../src-main/store/files/kept-files.ts'
import { writeResult } from '../../../../../src-main/store/files/run-folder.ts'
import { openEventWriter } from '../../../../../src-main/store/history/event-writer.ts'
import { disk, labs } from '../../../../support/lab.ts'
import { problemOf } from '../../../../support/problem-of.ts'

const lab = labs()

/** A run with two checkpoints and one line of numbers. */
async function trained() {
  const made = lab()
  const id = await made.add(1)
  const files = made.store.files(id)
  const config = made.store.read(id).identity.config
  for (const step of [10, 20])
    saveCheckpoint(files.checkpoints, {
      step,
      epoch: step / 10,
      score: 0.5,
      best: false,
      config,
      files: new Map([['weights', [Buffer.from(`weights ${step}`)]]]),
    })
  const events = openEventWriter(files.events)
  const metrics = { kind: 'metrics', step: 10, epoch: 1, images: 10, values: { loss: 1 } } as const
  events.add({ ...metrics, segment: 1, at: 1 })
  events.close()
  made.store.list()
  return { ...made, id, files }
}

/** The process of this identity has ended. */
async function goneProcess(): Promise<string> {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  return JSON.stringify({ ...ownIdentity(), pid: child.pid, start: 'before' })
}

describe('checking what is kept', () => {
  it('finds nothing in a store that is whole', async () => {
    const { store } = await trained()
    expect(checkStore(store)).toMatchObject({ runs: 1, atWork: [], findings: [] })
  })

  it('names each damage with what is lost, and hides no run behind another', async () => {
    const { store, add, files, id } = await trained()
    const bad = await add(2)
    writeFileSync(store.files(bad).record, '{"format": 1, "id"')
    writeFileSync(join(files.checkpoints, '2-20', 'weights'), 'weights 21')
    const line = readFileSync(files.events, 'utf8')
    writeFileSync(files.events, `${line}garbled\n${line.slice(0, 30)}`)
    writeFileSync(files.lock, await goneProcess())
    const { findings } = checkStore(store)
    const found = findings.map(
      ({ path, problem }) => `${path.replace(id, 'A').replace(bad, 'B')}: ${problem}`,
    )
    expect(found.sort()).toEqual([
      'runs/A/checkpoints/2-20: weights does not have the content that was written.',
      'runs/A/events.jsonl: 1 line cannot be read.',
      'runs/A/events.jsonl: its last line is torn.',
      'runs/A/lock: its process is gone.',
      'runs/B/run.json: it is not JSON.',
    ])
    expect(findings.find(({ path }) => path.endsWith('2-20'))?.lost).toContain('of step 10')
  })

  it('looks into the trash too, and leaves what it finds there as it is', async () => {
    const { store, files, id } = await trained()
    writeFileSync(join(files.checkpoints, '2-20', 'weights'), 'weights 21')
    store.remove(id)
    const { runs, findings } = checkStore(store)
    expect(runs).toBe(0)
    expect(findings.filter(({ path }) => path.startsWith('trash/'))).toMatchObject([
      { path: expect.stringMatching(/^trash\/[0-9a-f]{64}-\d+\/checkpoints\/2-20$/), run: null, mend: null },
    ])
    await repairStore(store)
    store.restore(id)
    expect(checkStore(store).findings).toMatchObject([{ path: `runs/${id}/checkpoints/2-20` }])
  })

  it('names final weights that were changed after the run finished, and refuses to use them', async () => {
    const { store, files, id } = await trained()
    mkdirSync(dirname(files.weights))
    const weights = { shape: [2], dtype: 'float32', data: new Float32Array([1, 2]) } as const
    for (const path of [files.weights, files.arrays]) await writeSafetensors(path, new Map([['a', weights]]))
    const result = { format: 1, id, scores: {}, end: null, classNames: [], units: {} }
    await writeResult(disk, files.folder, result)
    expect(finalFileState(files.folder, files.weights)).toBe('unknown')
    await writeResult(disk, files.folder, { ...result, files: await sumsOfFinalFiles(files.folder) })
    await store.write({ ...store.read(id), status: 'finished' })
    expect(finalFileState(files.folder, files.weights)).toBe('whole')
    expect(checkStore(store).findings).toEqual([])
    const other = { ...weights, data: new Float32Array([1, 3]) }
    await writeSafetensors(files.weights, new Map([['a', other]]))
    const path = `runs/${id}/model/best.safetensors`
    expect(checkStore(store).findings).toMatchObject([{ path, mend: null }])
    expect(await problemOf(() => requireWhole(files.folder, files.weights))).toMatchObject({
      code: 'file-invalid',
      path: files.weights,
    })
  })

  it('does not look into a run that a process works on, and repairs nothing meanwhile', async () => {
    const { store, files, id } = await trained()
    appendFileSync(files.events, 'torn')
    writeFileSync(files.lock, JSON.stringify(ownIdentity()))
    expect(checkStore(store)).toMatchObject({ atWork: [id], findings: [] })
    expect(await problemOf(() => repairStore(store))).toMatchObject({
      code: 'run-locked',
      path: id.slice(0, 10),
    })
    expect(readFileSync(files.events, 'utf8')).toMatch(/torn$/)
  })
})

describe('repairing what is kept', () => {
  it('moves aside and cuts without losing a byte, and finds nothing to do the second time', async () => {
    const { store, home, files, id } = await trained()
    const whole = readFileSync(files.events)
    appendFileSync(files.events, 'torn')
    const spoilt = join(files.checkpoints, '2-20', 'weights')
    writeFileSync(spoilt, 'weights 21')
    const leftover = join(files.checkpoints, '.new-3-30-abc')
    mkdirSync(leftover)
    utimesSync(leftover, 1, 1)
    writeFileSync(files.lock, await goneProcess())
    writeFileSync(store.layout.queue, '{')
    writeFileSync(store.layout.indexFile, 'no index')
    const { aside, done, left } = await repairStore(store)
    expect(left).toEqual([])
    expect(done).toHaveLength(6)
    expect(readFileSync(files.events)).toEqual(whole)
    expect(existsSync(files.lock)).toBe(false)
    const kept = (path: string): string => readFileSync(join(aside ?? '', path), 'utf8')
    expect(kept(`runs/${id}/events.jsonl`)).toBe('torn')
    expect(kept(`runs/${id}/checkpoints/2-20/weights`)).toBe('weights 21')
    expect(kept('queue.json')).toBe('{')
    expect(kept('index/runs.jsonl')).toBe('no index')
    expect(store.list().total).toBe(1)
    expect(checkStore(store).findings).toEqual([])
    expect(await repairStore(store)).toMatchObject({ done: [], left: [], aside: null })
    expect(readdirSync(join(home, 'set-aside'))).toHaveLength(1)
  })

  it('leaves a record that cannot be read where it is: a person must decide', async () => {
    const { store, files } = await trained()
    writeFileSync(files.record, '{')
    const { done, left } = await repairStore(store)
    expect(done).toEqual([])
    expect(left).toMatchObject([{ mend: null }])
    expect(readFileSync(files.record, 'utf8')).toBe('{')
  })
})
