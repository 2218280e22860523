import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { basename, join } from 'node:path'
import { zipSync } from 'fflate'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import type { PackageCard } from '../../../../../src-shared/contract/package.ts'
import { createRng } from '../../../../../src-shared/util/rng.ts'
import { buildModel } from '../../../../../src-main/engine/model/index.ts'
import {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
} from '../../../../../src-main/io/formats/tensors/safetensors.ts'
import { predictHere } from '../../../../../src-main/runs/evaluate/predict-here.ts'
import { createRun } from '../../../../../src-main/runs/create/create-run.ts'
import { openPackageHere } from '../../../../../src-main/runs/packages/open-here.ts'
import { fetchBytes, fetchFile } from '../../../../../src-main/runs/packages/fetch-limited.ts'
import { runMember } from '../../../../../src-main/runs/packages/package-file.ts'
import { lookAtPackage } from '../../../../../src-main/runs/packages/packages.ts'
import { readShelf, writeIndex } from '../../../../../src-main/runs/packages/shelf.ts'
import { readStartWeights } from '../../../../../src-main/runs/work/start-weights.ts'
import { runDetails } from '../../../../../src-main/runs/read/run-details.ts'
import { neuronTables } from '../../../../../src-main/runs/read/run-arrays.ts'
import type { Workspace } from '../../../../../src-main/runs/home/workspace.ts'
import type { RunStore } from '../../../../../src-main/store/run-store.ts'
import { useBackend } from '../../../../support/backend.ts'
import { labs } from '../../../../support/lab.ts'
import { mutate } from '../../../../support/mutations.ts'
import type { Changed } from '../../../../support/packaged-lab.ts'
import {
  bytesOf,
  depsOf,
  makeTrainedRun,
  neuralConfig,
  pack,
  repack,
  shapes,
} from '../../../../support/packaged-lab.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const lab = labs()
const folder = temporaryFolder()
const path = join(folder, 'eight.cotrain')
let ids: string[] = []
let there: RunStore

beforeAll(async () => {
  await useBackend('wasm')
  there = lab().store
  ids = [await makeTrainedRun(there, 1), await makeTrainedRun(there, 2)]
  await pack(there, ids, path)
})

const open = (store: RunStore, file = path) =>
  openPackageHere({ path: file }, { store, deps: depsOf(store), engine: 'wasm' })

const leftIn = (store: RunStore): string[] => readdirSync(store.layout.runs)

describe('a package', () => {
  it('makes the same runs elsewhere, which are used without their data', async () => {
    const { store } = lab()
    const opened = await open(store)
    expect(opened).toMatchObject({ added: ids, known: [], compared: 2 * 4 * 8, notes: [] })
    expect(opened.difference).toBeLessThanOrEqual(1e-5)
    const [id = ''] = ids
    expect(store.summary(id)).toMatchObject({ id, status: 'finished', seed: 1, packaged: true, tags: [] })
    expect(store.summary(id).groupId).toBe(there.summary(id).groupId)
    expect(store.summary(id).scores).toEqual(there.summary(id).scores)
    expect(runDetails(store, id).origin).toMatchObject({
      file: 'eight.cotrain',
      title: 'Eight neurons',
      licence: 'CC-BY-4.0',
    })
    expect(readSafetensors(store.files(id).weights)).toEqual(readSafetensors(there.files(id).weights))
    expect(neuronTables(store, id)).toEqual(neuronTables(there, id))
    const { added, known } = await open(store)
    expect([added, known]).toEqual([[], ids])
    store.remove(id)
    expect(await open(store)).toMatchObject({ added: [id], known: [ids[1]] })
    expect(leftIn(store).sort()).toEqual([...ids].sort())
  })

  it('says what is inside, and nothing of the machine it comes from', () => {
    const { card, members, known } = lookAtPackage({ store: there } as Workspace, path)
    expect(known).toEqual(ids)
    expect(members).toHaveLength(3 + 2 * 5)
    expect(card).toMatchObject({
      made: { at: '2026-11-30T12:00:00.000Z', app: '1.2.3' },
      sessions: [{ units: 8 }],
    })
    // Student's t for two values: mean +- 12.706 times half their difference.
    const [score, ...others] = card.scores
    expect(others).toEqual([])
    expect(score).toMatchObject({ key: 'FinalTest/v1/eval', n: 2 })
    expect([score?.mean, score?.low, score?.high].map((v) => v?.toFixed(4))).toEqual([
      '0.4150',
      '0.3515',
      '0.4785',
    ])
    const bytes = Buffer.from(bytesOf(path))
    for (const word of ['secret', 'of this lab', there.layout.home, 'answers/of/single'])
      expect(bytes.includes(word), word).toBe(false)
  })

  it('gives weights to start from and answers images', async () => {
    const { store, create } = lab()
    await open(store)
    const [id = ''] = ids
    const config = {
      ...neuralConfig(9),
      parent: { run: id, file: null, use: 'weights' as const, epoch: null, strict: true },
    }
    const child = await createRun(create, config, { folder })
    expect(store.read(child.id).parent).toBe(id)
    const weights = readStartWeights(store, config.parent, buildModel(config.model, shapes), () => undefined)
    expect(weights?.size).toBe(readSafetensors(store.files(id).weights).arrays.size)
    mkdirSync(join(folder, 'pictures'))
    for (const name of ['a', 'b']) {
      const data = Uint8Array.from({ length: 32 * 32 }, (_, i) => (i * name.charCodeAt(0)) % 256)
      const picture = sharp(data, { raw: { width: 32, height: 32, channels: 1 } })
      writeFileSync(join(folder, 'pictures', `${name}.png`), await picture.png().toBuffer())
    }
    const answers = async (where: RunStore, to: string): Promise<string> => {
      const wish = { members: [id], images: join(folder, 'pictures'), part: null, to: join(folder, to) }
      await predictHere(wish, { store: where, deps: depsOf(where) })
      return readFileSync(join(folder, to), 'utf8')
    }
    const here = await answers(store, 'here.csv')
    expect(
      here
        .trim()
        .split('\r\n')
        .map((row) => row.split(',').length),
    ).toEqual([9, 9, 9])
    expect(here).toBe(await answers(there, 'there.csv'))
  })

  it('is never written over something, nor of what is not finished', async () => {
    expect(await problemOf(() => pack(there, ids, path))).toMatchObject({ code: 'not-allowed' })
    expect(await problemOf(() => pack(there, ids, join(folder, 'a.zip')))).toMatchObject({
      code: 'config-invalid',
    })
    const [id = ''] = ids
    const record = there.read(id)
    await there.write({ ...record, status: 'diverged' })
    const to = join(folder, 'none.cotrain')
    expect(await problemOf(() => pack(there, ids, to))).toMatchObject({ code: 'run-state' })
    await there.write(record)
    expect(readdirSync(folder).filter((name) => name.includes('none'))).toEqual([])
  })
})

const json = (value: unknown): Uint8Array[] => [Buffer.from(JSON.stringify(value))]
const textOf = (parts: readonly Uint8Array[] | undefined): string =>
  Buffer.concat([...(parts ?? [])]).toString('utf8')
const first = (file: Parameters<typeof runMember>[1]): string => runMember(ids[0] ?? '', file)
const rewrite =
  (file: () => string, change: (value: never) => unknown): Changed =>
  (members) =>
    members.set(file(), json(change(JSON.parse(textOf(members.get(file()))) as never)))
const retensor =
  (
    file: Parameters<typeof runMember>[1],
    change: (arrays: Map<string, { shape: readonly number[]; dtype: 'float32'; data: Float32Array }>) => void,
  ): Changed =>
  (members) => {
    const arrays = new Map(
      decodeSafetensors(Buffer.concat([...(members.get(first(file)) ?? [])]), file).arrays,
    )
    change(arrays as never)
    members.set(first(file), encodeSafetensors(arrays))
  }
const swapText =
  (file: () => string, from: string, to: string): Changed =>
  (members) => {
    const text = textOf(members.get(file()))
    if (!text.includes(from)) throw new Error(`${from} is not in ${file()}`)
    members.set(file(), [Buffer.from(text.replace(from, to))])
  }

const HOSTILE: readonly (readonly [string, Changed, RegExp])[] = [
  ['a program', (m) => m.set('runs/start.sh', [Buffer.from('#!/bin/sh\n')]), /nothing that a package holds/],
  [
    'a module beside the weights',
    (m) => m.set(`runs/${ids[0]}/model.mjs`, json(1)),
    /nothing that a package holds/,
  ],
  ['a name that leaves the folder', (m) => m.set('../../run.json', json(1)), /points outside/],
  ['a missing part', (m) => m.delete(first('weights.safetensors')), /is missing/],
  [
    'an unknown key',
    rewrite(
      () => first('run.json'),
      (run: object) => ({ ...run, onLoad: 'x' }),
    ),
    /onLoad|unrecognized/i,
  ],
  ['an unknown option', swapText(() => first('config.yaml'), '\nseed: 1', '\nseed: 1\nhook: x'), /hook/],
  [
    'a YAML alias',
    swapText(() => first('config.yaml'), '\nseed: 1', '\nseed: &a 1\nextra: *a'),
    /alias|unknown|unrecognized/i,
  ],
  [
    'the id of another run',
    swapText(() => first('config.yaml'), '\nseed: 1', '\nseed: 3'),
    /is not that of its config/,
  ],
  [
    'a card of another run',
    rewrite(
      () => 'card.json',
      (card: PackageCard) => ({ ...card, runs: card.runs.slice(1) }),
    ),
    /other runs than those/,
  ],
  [
    'better scores',
    rewrite(
      () => 'card.json',
      (card: PackageCard) => ({ ...card, scores: card.scores.map((s) => ({ ...s, mean: 0.9 })) }),
    ),
    /scores are not those/,
  ],
  ['a card without its end', (m) => m.set('card.json', [Buffer.from('{"format":1')]), /is not JSON/],
  [
    'a missing tensor',
    retensor('weights.safetensors', (a) => a.delete([...a.keys()][0] ?? '')),
    /has no tensor/,
  ],
  [
    'a further tensor',
    retensor('weights.safetensors', (a) =>
      a.set('more', { shape: [1], dtype: 'float32', data: new Float32Array(1) }),
    ),
    /has a tensor "more"/,
  ],
  [
    'NaN among the weights',
    retensor('weights.safetensors', (a) => void ([...a.values()][0]!.data[0] = NaN)),
    /no finite/,
  ],
  [
    'other weights',
    retensor('weights.safetensors', (a) => [...a.values()].forEach(({ data }) => (data[0] = data[0]! + 0.5))),
    /not reproduced here/,
  ],
  [
    'other outputs',
    retensor('examples.safetensors', (a) => void ([...a.values()][0]!.data[0]! += 1)),
    /not reproduced here/,
  ],
  ['no outputs', retensor('examples.safetensors', (a) => a.clear()), /has no pictures/],
  [
    'answers to single images',
    retensor('units.safetensors', (a) =>
      a.set('answers', { shape: [1], dtype: 'float32', data: new Float32Array(1) }),
    ),
    /no score of a unit/,
  ],
  [
    'a header beyond all limits',
    (m) => m.set(first('weights.safetensors'), [Buffer.from('ffffffffffffff7f', 'hex')]),
    /header claims/,
  ],
  ['a network of other data', rewrite(() => first('run.json'), (run: { shapes: object }) => ({ ...run, shapes: { ...run.shapes, inputs: { v1: { height: 1e9, width: 1e9, channels: 1 } } } })), /the network has|cannot be built|are not 1 to/], // prettier-ignore
]

describe('a package that is not what it should be', () => {
  it.each(HOSTILE)('is refused for %s, and nothing is added', async (name, change, message) => {
    const { store } = lab()
    const file = join(folder, 'hostile.cotrain')
    await repack(path, file, change)
    const problem = await problemOf(() => open(store, file))
    expect(`${problem.path} ${problem.message}`, name).toMatch(message)
    expect(['file-invalid', 'file-refused', 'config-invalid']).toContain(problem.code)
    expect(leftIn(store)).toEqual([])
  })

  it('is refused where it was made of compressed parts, with a wrong checksum, or by another version', async () => {
    const { store } = lab()
    const file = join(folder, 'other.cotrain')
    const text = (value: unknown): Uint8Array => new Uint8Array(Buffer.from(JSON.stringify(value)))
    const manifest = { kind: 'cotrain-package', format: 1, members: {} as Record<string, unknown> }
    const made = (head: unknown, level: 0 | 9, members = {}) =>
      writeFileSync(file, zipSync({ 'manifest.json': [text(head), { level: 0 }], ...members }, { level }))
    made(manifest, 9, { 'card.json': new Uint8Array(40_000_000) })
    expect((await problemOf(() => open(store, file))).message).toContain('is compressed')
    made({ ...manifest, members: { 'card.json': { bytes: 2, sha256: '0'.repeat(64) } } }, 0, {
      'card.json': text({}),
    })
    expect((await problemOf(() => open(store, file))).message).toContain('is not what its checksum says')
    made(manifest, 0, { 'card.json': text({}) })
    expect((await problemOf(() => open(store, file))).message).toContain('is not in the manifest')
    made({ ...manifest, format: 2 }, 0)
    expect(await problemOf(() => open(store, file))).toMatchObject({ code: 'file-refused', hint: 'Update the app to open this package.' }) // prettier-ignore
    writeFileSync(file, zipSync({ 'a.txt': text(1) }))
    expect((await problemOf(() => open(store, file))).message).toContain('no CoTrain package')
    expect(leftIn(store)).toEqual([])
  })

  it('is refused with a reason after any damage, or is whole', async () => {
    const { store } = lab()
    const bytes = bytesOf(path)
    const file = join(folder, 'damaged.cotrain')
    for (let i = 0; i < 60; i++) {
      writeFileSync(file, mutate(bytes, createRng(7).fork(i)))
      try {
        lookAtPackage({ store } as Workspace, file)
        await open(store, file)
      } catch (error) {
        if (!(error instanceof CotrainError)) throw error
      }
      for (const id of leftIn(store)) expect(readSafetensors(store.files(id).weights)).toEqual(readSafetensors(there.files(id).weights)) // prettier-ignore
    }
  })

  it('leaves nothing of an opening that was killed', async () => {
    const { store } = lab()
    const left = join(store.layout.runs, '.new-package-killed')
    mkdirSync(left)
    expect(store.list().runs).toEqual([])
    utimesSync(left, 1, 1)
    await open(store)
    expect(existsSync(left)).toBe(false)
  })
})

describe('a shelf', () => {
  const shelf = join(folder, 'shelf')
  const server = createServer((request, answer) => {
    const file = join(shelf, basename(decodeURIComponent(request.url ?? '')))
    answer.statusCode = existsSync(file) ? 200 : 404
    answer.end(existsSync(file) ? readFileSync(file) : '')
  })
  let address = ''
  beforeAll(async () => {
    mkdirSync(shelf)
    writeFileSync(join(shelf, 'a b.cotrain'), bytesOf(path))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    address = `http://127.0.0.1:${(server.address() as { port: number }).port}/shelf`
  })
  afterAll(() => server.close())
  const workspaceOf = (store: RunStore) => ({ store, folder }) as Workspace

  it('is a folder, or what an address lists', async () => {
    const { store } = lab()
    const workspace = workspaceOf(store)
    expect((await writeIndex(workspace, shelf)).packages).toEqual(['a b.cotrain'])
    writeFileSync(join(shelf, 'broken.cotrain'), 'no')
    const [good, bad, ...more] = await readShelf(workspace, { folder: 'shelf', address: null })
    expect(more).toEqual([])
    expect(good).toMatchObject({
      file: 'a b.cotrain',
      known: [],
      problem: null,
      card: { title: 'Eight neurons' },
    })
    expect(bad).toMatchObject({ file: 'broken.cotrain', card: null, problem: { code: 'file-invalid' } })
    rmSync(join(shelf, 'broken.cotrain'))
    for (const given of [address, `${address}/`, `${address}/index.json`])
      expect(await readShelf(workspace, { folder: null, address: given })).toEqual([good])
    const nowhere = { folder: null, address: `${address}/index.json`.replace('127.0.0.1', '127.0.0.1:1').replace(/:1:\d+/, ':1') } // prettier-ignore
    expect((await problemOf(() => readShelf(workspace, nowhere))).message).toMatch(/cannot be reached/)
    writeFileSync(
      join(shelf, 'index.json'),
      JSON.stringify({ format: 1, packages: [{ file: '../x.cotrain' }] }),
    )
    expect((await problemOf(() => readShelf(workspace, { folder: null, address }))).path).toContain(
      'index.json',
    )
    expect(await problemOf(() => readShelf(workspace, { folder: null, address: null }))).toMatchObject({ code: 'config-invalid' }) // prettier-ignore
  })

  it('gives a file only as large and as it is listed', async () => {
    const url = new URL('a%20b.cotrain', `${address}/`)
    const to = join(folder, 'fetched.cotrain')
    const whole = { to, bytes: bytesOf(path).length, sha256: '0'.repeat(64) }
    expect((await problemOf(() => fetchFile(url, whole, {}))).message).toContain('is not the file')
    expect((await problemOf(() => fetchBytes(url, 100))).message).toContain('more than 100 bytes')
    expect((await problemOf(() => fetchBytes(new URL('file:///etc/passwd'), 100))).message).toContain(
      'no web address',
    )
    expect(existsSync(to)).toBe(false)
  })
})
