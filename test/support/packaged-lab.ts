import { readFileSync, rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { PackageWords } from '../../src-shared/contract/package.ts'
import type { RunConfig } from '../../src-shared/schema/run-config.ts'
import { createRng } from '../../src-shared/util/rng.ts'
import type { DataDeps } from '../../src-main/data/content/data-deps.ts'
import { shapesJson } from '../../src-main/data/content/stored-shapes.ts'
import type { ModelShapes } from '../../src-main/engine/model/index.ts'
import { buildModel, initialValues } from '../../src-main/engine/model/index.ts'
import type { NamedArray } from '../../src-main/engine/types.ts'
import { openFile } from '../../src-main/io/formats/base/byte-source.ts'
import { writeSafetensors } from '../../src-main/io/formats/tensors/safetensors.ts'
import { openZip } from '../../src-main/io/formats/zip/zip.ts'
import { parseConfigText } from '../../src-main/runs/create/config-text.ts'
import { writePackage } from '../../src-main/runs/packages/package-file.ts'
import { writePackageHere } from '../../src-main/runs/packages/write-here.ts'
import { identify } from '../../src-main/runs/workers/run-identity.ts'
import { writeResult } from '../../src-main/store/files/run-folder.ts'
import { RECORD_FORMAT } from '../../src-main/store/files/run-record.ts'
import type { RunStore } from '../../src-main/store/run-store.ts'
import { smallNeuralYaml } from './small-neural-yaml.ts'

export const shapes: ModelShapes = {
  inputs: { v1: { height: 32, width: 32, channels: 1 } },
  sessions: [{ area: 'v1', key: 's1', units: 8 }],
  classes: null,
}

const WORDS: PackageWords = {
  title: 'Eight neurons',
  note: '',
  authors: ['A. Lab'],
  licence: 'CC-BY-4.0',
  citation: 'Lab (2026)',
}

export function neuralConfig(seed: number): RunConfig {
  const { config, problems } = parseConfigText(smallNeuralYaml({ epochs: 1, seed }))
  if (config === null) throw new Error(JSON.stringify(problems))
  return { ...config, tags: ['of this lab'] }
}

export const depsOf = (store: RunStore): DataDeps => ({
  home: store.layout.home,
  folder: store.layout.home,
  now: () => 0,
  date: () => new Date('2026-11-30T12:00:00.000Z'),
})

/** A finished run whose network has the weights of its first step. */
export async function makeTrainedRun(store: RunStore, seed: number): Promise<string> {
  const config = neuralConfig(seed)
  const { id, identity } = identify(config, { data: 'd'.repeat(64), weightsFile: null, repetition: 0 })
  const scores = { 'FinalTest/v1/eval': 0.4 + seed / 100, 'Time/seconds': seed }
  await store.create({
    format: RECORD_FORMAT,
    ...{ id, name: config.name, config, identity, parent: null, folder: '/secret/lab' },
    ...{ status: 'finished', reason: '', problem: null, end: null },
    ...{ createdAt: 1, startedAt: 2, endedAt: 3, seconds: 4, segment: 1, epoch: 1, epochs: 1, step: 9 },
    ...{ latest: {}, scores, environment: null },
  })
  const files = store.files(id)
  await mkdir(dirname(files.weights), { recursive: true })
  const values = initialValues(buildModel(config.model, shapes).specs, createRng(seed))
  await writeSafetensors(files.weights, new Map(values), { run: id })
  const column: NamedArray = { shape: [8], dtype: 'float32', data: new Float32Array(8).fill(0.5) }
  const arrays = new Map([
    ['neurons/v1/s1/correlation', column],
    ['answers/of/single/images', column],
  ])
  await writeSafetensors(files.arrays, arrays)
  await store.disk.writeFile(files.shapes, shapesJson(shapes))
  const units = { s1: Array.from({ length: 8 }, (_, i) => `u${i}`) }
  const normalisations = { v1: { mean: [0.5], std: [0.25] } }
  const named = { classNames: [], units, normalisations }
  await writeResult(store.disk, files.folder, { format: RECORD_FORMAT, id, scores, end: null, ...named })
  return id
}

export const pack = (store: RunStore, ids: readonly string[], to: string) =>
  writePackageHere(
    { ids, to, words: WORDS, examples: 'generated', app: '1.2.3' },
    { store, deps: depsOf(store) },
  )

export type Changed = (members: Map<string, readonly Uint8Array[]>) => void

/** Writes a package anew with other members, whose checksums are right. */
export async function repack(from: string, to: string, change: Changed): Promise<void> {
  rmSync(to, { force: true })
  const source = openFile(from)
  try {
    const zip = openZip(source)
    const members = new Map<string, readonly Uint8Array[]>(
      zip.entries.filter(({ name }) => name !== 'manifest.json').map(({ name }) => [name, [zip.read(name)]]),
    )
    change(members)
    await writePackage(to, members)
  } finally {
    source.close()
  }
}

export const bytesOf = (path: string): Uint8Array => new Uint8Array(readFileSync(path))
