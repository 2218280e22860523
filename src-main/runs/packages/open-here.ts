import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { CotrainError, toProblems } from '../../../src-shared/contract/errors.ts'
import type { OpenedPackage, PackageCard } from '../../../src-shared/contract/package.ts'
import { packageCard } from '../../../src-shared/contract/package.ts'
import { AREAS } from '../../../src-shared/schema/names.ts'
import type { DataDeps } from '../../data/content/data-deps.ts'
import { shapesJson } from '../../data/content/stored-shapes.ts'
import { openTrainedNetwork } from '../../data/made-by-runs/trained-network.ts'
import { errorCode } from '../../disk/error-code.ts'
import { sha256OfFile } from '../../disk/sha256.ts'
import type { ModelShapes } from '../../engine/model/index.ts'
import { buildModel } from '../../engine/model/index.ts'
import { rulesOf } from '../../engine/train/index.ts'
import type { Model, NamedArrays } from '../../engine/types.ts'
import { invalidFile, refusedFile } from '../../io/formats/base/problem.ts'
import { decodeSafetensors } from '../../io/formats/tensors/safetensors.ts'
import { sumsOfFinalFiles } from '../../store/files/kept-files.ts'
import { writeRecord, writeResult } from '../../store/files/run-folder.ts'
import { runLayout } from '../../store/files/layout.ts'
import type { RunRecord } from '../../store/files/run-record.ts'
import type { RunStore } from '../../store/run-store.ts'
import { MAX_CONFIG_BYTES, parseConfigText } from '../create/config-text.ts'
import { hasScoresOf } from './card.ts'
import type { Agreement } from './example-outputs.ts'
import { compareOutputs, isFinite } from './example-outputs.ts'
import type { PackageFile } from './package-file.ts'
import { CARD, openPackage, runMember } from './package-file.ts'
import type { StatedRun } from './packaged-run.ts'
import { idFault, packagedRun, recordOf, resultOf } from './packaged-run.ts'
import { isUnitScore } from './write-here.ts'

interface Place {
  readonly store: RunStore
  readonly deps: DataDeps
  readonly engine: string
}

/**
 * In a worker process: checks every part of a package, builds its networks, computes the stored outputs anew, and adds its runs.
 * A run appears whole or not at all; one that is here already is left as it is.
 * @throws CotrainError `file-invalid` or `file-refused` naming the part that is wrong; then nothing was added
 */
export async function openPackageHere(
  { path }: { readonly path: string },
  { store, deps, engine }: Place,
): Promise<OpenedPackage> {
  store.checkWritable()
  clearLeftovers(store)
  const sha256 = await sha256OfFile(path)
  const file = openPackage(path)
  const temporary = join(store.layout.runs, `${TEMPORARY}${randomBytes(6).toString('hex')}`)
  try {
    const card = file.json(CARD, packageCard)
    const runs = runsIn(file, card)
    const { title, note, authors, licence, citation } = card
    const origin = {
      file: basename(path),
      sha256,
      title,
      note,
      authors,
      licence,
      citation,
      openedAt: store.now(),
    }
    let agreement: Agreement = { difference: 0, compared: 0 }
    for (const [i, run] of runs.entries()) {
      deps.progress?.('computing the stored outputs anew', i / runs.length)
      const found = await unpackRun(file, run, { store, origin, folder: join(temporary, run.stated.id) })
      agreement = {
        difference: Math.max(agreement.difference, found.difference),
        compared: agreement.compared + found.compared,
      }
    }
    const [added, known] = addAll(store, temporary, runs)
    return { card, added, known, ...agreement, engine, notes: notesOn(card, runs) }
  } finally {
    file.close()
    rmSync(temporary, { recursive: true, force: true })
  }
}

const TEMPORARY = '.new-package-'
const LEFT_MS = 3_600_000

/** What an opening that was killed has left; readers of the folder of runs pass over it. */
function clearLeftovers({ layout, now }: RunStore): void {
  for (const name of readdirSync(layout.runs)) {
    const path = join(layout.runs, name)
    const time = name.startsWith(TEMPORARY) ? statSync(path, { throwIfNoEntry: false })?.mtimeMs : undefined
    if (time !== undefined && now() - time > LEFT_MS) rmSync(path, { recursive: true, force: true })
  }
}

/** The runs that the card names, each with the config that its id is made of. */
function runsIn(file: PackageFile, card: PackageCard): StatedRun[] {
  const wrong = (at: string, message: string): CotrainError =>
    refusedFile(file.path, at, message, 'Do not use this file; ask its author for another.')
  const inside = new Set(
    file.members.flatMap(({ name }) => (name.startsWith('runs/') ? [name.split('/')[1]] : [])),
  )
  if (inside.size !== card.runs.length || card.runs.some(({ id }) => !inside.has(id)))
    throw wrong(CARD, 'names other runs than those in the package.')
  const runs = card.runs.map(({ id }): StatedRun => {
    const stated = file.json(runMember(id, 'run.json'), packagedRun)
    const config = configIn(file, runMember(id, 'config.yaml'))
    const fault = stated.id === id ? idFault(config, stated) : 'it is another run than its folder says.'
    if (fault !== null) throw wrong(runMember(id, 'run.json'), fault)
    return { config, stated }
  })
  const [first] = runs
  if (runs.some(({ stated }) => stated.identity.group !== first?.stated.identity.group))
    throw wrong(CARD, 'its runs are not of one setting.')
  if (!hasScoresOf(card, runs)) throw wrong(CARD, 'its scores are not those of its runs.')
  return runs
}

function configIn(file: PackageFile, member: string): StatedRun['config'] {
  const bytes = file.read(member)
  if (bytes.length > MAX_CONFIG_BYTES) throw refusedFile(file.path, member, 'is larger than 1 MB.')
  const { config, problems } = parseConfigText(Buffer.from(bytes).toString('utf8'), `${file.path}, ${member}`)
  if (config === null) throw new CotrainError(problems)
  return config
}

interface Unpacked {
  readonly store: RunStore
  readonly origin: NonNullable<RunRecord['origin']>
  /** Where its folder is made. */
  readonly folder: string
}

/** Makes the folder of a run from its members, and says how well its outputs are reproduced. */
async function unpackRun(
  file: PackageFile,
  run: StatedRun,
  { store, origin, folder }: Unpacked,
): Promise<Agreement> {
  const { config, stated } = run
  const member = (name: Parameters<typeof runMember>[1]): string => runMember(stated.id, name)
  const shapes = stated.shapes as ModelShapes // exact optional keys: absent stays absent
  const weightsBytes = file.read(member('weights.safetensors'))
  const weights = tensorsIn(file, member('weights.safetensors'), weightsBytes)
  requireFitting(file.path, member('weights.safetensors'), modelOf(file.path, run, shapes), weights)
  const units = file.read(member('units.safetensors'))
  for (const name of tensorsIn(file, member('units.safetensors'), units).keys())
    if (!isUnitScore(name))
      throw refusedFile(file.path, member('units.safetensors'), `"${name}" is no score of a unit.`)
  const layout = runLayout(folder)
  mkdirSync(dirname(layout.weights), { recursive: true })
  await store.disk.writeFile(layout.weights, weightsBytes)
  await store.disk.writeFile(layout.arrays, units)
  await store.disk.writeFile(layout.shapes, shapesJson(shapes))
  await writeResult(store.disk, folder, { ...resultOf(run), files: await sumsOfFinalFiles(folder) })
  await writeRecord(store.disk, folder, recordOf(run, origin, store.layout.home))
  const { network, close } = openTrainedNetwork(config.model, shapes, layout.weights)
  try {
    const areas = AREAS.filter((area) => shapes.sessions.some((s) => s.area === area))
    const tasks = [...rulesOf(config.trainer, areas).losses.keys()]
    const stored = tensorsIn(file, member('examples.safetensors'), file.read(member('examples.safetensors')))
    const at = { path: file.path, member: member('examples.safetensors') }
    return await compareOutputs(network, { tasks, shapes }, stored, at)
  } finally {
    close()
  }
}

const tensorsIn = (file: PackageFile, member: string, bytes: Uint8Array): NamedArrays =>
  decodeSafetensors(bytes, `${file.path}, ${member}`).arrays

function modelOf(path: string, { config, stated }: StatedRun, shapes: ModelShapes): Model {
  try {
    return buildModel(config.model, shapes)
  } catch (error) {
    const why = toProblems(error)[0]?.message ?? ''
    throw refusedFile(path, runMember(stated.id, 'run.json'), `its network cannot be built: ${why}`)
  }
}

/** The tensors of the model and no others, of numbers alone; looked at before anything of their size is made. */
function requireFitting(path: string, member: string, { specs }: Model, weights: NamedArrays): void {
  const wrong = (message: string): CotrainError => invalidFile(path, member, message, 'Do not use this file.')
  for (const { name, shape } of specs) {
    const found = weights.get(name)
    if (found === undefined) throw wrong(`has no tensor "${name}".`)
    if (found.shape.join() !== shape.join())
      throw wrong(`"${name}" is ${found.shape.join(' x ')}, the network has ${shape.join(' x ')}.`)
    if (found.dtype !== 'float32' || !isFinite(found))
      throw wrong(`"${name}" has values that are no finite float32.`)
  }
  const known = new Set(specs.map(({ name }) => name))
  const extra = [...weights.keys()].find((name) => !known.has(name))
  if (extra !== undefined) throw wrong(`has a tensor "${extra}" that the network does not have.`)
}

/** Puts the folders in place, each in one rename. */
function addAll(store: RunStore, temporary: string, runs: readonly StatedRun[]): [string[], string[]] {
  const [added, known]: [string[], string[]] = [[], []]
  for (const {
    stated: { id },
  } of runs) {
    if (!store.exists(id) && moved(join(temporary, id), store.files(id).folder)) added.push(id)
    else known.push(id)
  }
  return [added, known]
}

/** False where another process was faster. */
function moved(from: string, to: string): boolean {
  try {
    renameSync(from, to)
    return true
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(errorCode(error) ?? '')) return false
    throw error
  }
}

function notesOn({ licence }: PackageCard, runs: readonly StatedRun[]): string[] {
  return [
    ...(licence === '' ? ['No licence is stated: ask its authors what you may do with it.'] : []),
    ...(runs.some(({ config }) => config.parent?.file != null)
      ? ['It was started from a weights file, so that its id could not be checked against its config.']
      : []),
  ]
}
