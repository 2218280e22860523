import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Result } from '../../../src-shared/contract/contract.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { ExampleSource, PackageWords } from '../../../src-shared/contract/package.ts'
import { recordedPlugins } from '../../../src-shared/schema/plugin/used-plugins.ts'
import type { DataDeps } from '../../data/content/data-deps.ts'
import { openTrainedNetwork } from '../../data/made-by-runs/trained-network.ts'
import type { NamedArrays } from '../../engine/types.ts'
import { encodeSafetensors, readSafetensors } from '../../io/formats/tensors/safetensors.ts'
import type { RunStore } from '../../store/run-store.ts'
import type { TrainedRun } from '../evaluate/trained-run.ts'
import { openTrainedRun } from '../evaluate/trained-run.ts'
import { cardOf, cardText } from './card.ts'
import { exampleOutputs, picturesFor } from './example-outputs.ts'
import { openPackage, requireNewPackage, runMember, writePackage, CARD, CARD_TEXT } from './package-file.ts'
import type { StatedRun } from './packaged-run.ts'
import { configText, stateRun } from './packaged-run.ts'

export interface PackageWish {
  /** Runs of one setting. */
  readonly ids: readonly string[]
  readonly to: string
  readonly words: PackageWords
  readonly examples: ExampleSource
  readonly app: string
}

/** In a worker process: lets the networks of runs answer a few pictures and writes all of it into one file. */
export async function writePackageHere(
  { ids, to, words, examples, app }: PackageWish,
  { store, deps }: { readonly store: RunStore; readonly deps: DataDeps },
): Promise<Result<'packages.write'>> {
  requireNewPackage(to)
  const stated: StatedRun[] = []
  const members = new Map<string, readonly Uint8Array[]>()
  let count = 0
  for (const [i, id] of ids.entries()) {
    deps.progress?.('pictures and outputs', i / ids.length)
    const run = await openTrainedRun(store, id, deps)
    if (run.record.status !== 'finished') throw unfinished(run)
    refusePlugins(run)
    const own = stateRun(run)
    stated.push(own)
    const outputs = await outputsOf(run, examples, deps)
    count = [...outputs].find(([name]) => name.startsWith('images/'))?.[1].shape[0] ?? 0
    members
      .set(runMember(id, 'run.json'), [json(own.stated)])
      .set(runMember(id, 'config.yaml'), [Buffer.from(configText(own.config))])
      .set(runMember(id, 'weights.safetensors'), [await readFile(run.weights)])
      .set(runMember(id, 'units.safetensors'), encodeSafetensors(unitScores(store, id)))
      .set(runMember(id, 'examples.safetensors'), encodeSafetensors(outputs))
  }
  const [first, ...others] = stated
  if (first === undefined) throw new RangeError('a package needs a run')
  const card = cardOf([first, ...others], {
    words,
    examples: { from: examples, count },
    app,
    at: deps.date(),
  })
  const head = new Map([
    [CARD, [json(card)]],
    [CARD_TEXT, [Buffer.from(cardText(card))]],
  ])
  await writePackage(to, new Map([...head, ...members]))
  return { path: to, ...written(to), notes: notesOn(words) }
}

const json = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value, null, 1)}\n`)

function written(path: string): { bytes: number; members: { name: string; bytes: number }[] } {
  const file = openPackage(path)
  file.close()
  return { bytes: file.bytes, members: [...file.members] }
}

/** Nothing in a package executes, and without the code its network computes nothing. */
function refusePlugins({ record }: TrainedRun): void {
  const [first] = Object.values(recordedPlugins(record))
  if (first === undefined) return
  throw new CotrainError({
    code: 'run-state',
    path: record.id.slice(0, 10),
    message: `it was made with the plug-in ${first.name} ${first.version}; a package holds no code.`,
    hint: 'Share the run folder and the plug-in themselves.',
  })
}

const unfinished = ({ record: { id, status } }: TrainedRun): CotrainError =>
  new CotrainError({
    code: 'run-state',
    path: id.slice(0, 10),
    message: `it is ${status}; only finished runs are packaged.`,
    hint: 'Finish it first.',
  })

async function outputsOf(run: TrainedRun, examples: ExampleSource, deps: DataDeps): Promise<NamedArrays> {
  const pictures = await picturesFor(run, examples, deps)
  const { network, close } = openTrainedNetwork(run.record.config.model, run.shapes, run.weights)
  try {
    return await exampleOutputs(network, run, pictures)
  } finally {
    close()
  }
}

/** Scores of units and the confusion of classes; answers to single images of the data stay here. */
function unitScores(store: RunStore, id: string): NamedArrays {
  const { arrays } = store.files(id)
  if (!existsSync(arrays)) return new Map()
  return new Map([...readSafetensors(arrays).arrays].filter(([name]) => isUnitScore(name)))
}

export const isUnitScore = (name: string): boolean => name === 'confusion' || name.startsWith('neurons/')

function notesOn({ licence, authors }: PackageWords): string[] {
  return [
    ...(licence === '' ? ['No licence is stated: others do not know what they may do with it.'] : []),
    ...(authors.length === 0 ? ['No authors are stated.'] : []),
  ]
}
