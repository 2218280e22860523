import { readdirSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { Params } from '../../../src-shared/contract/contract.ts'
import { CotrainError, toProblems } from '../../../src-shared/contract/errors.ts'
import type { OpenedPackage, ShelfEntry, ShelfIndex } from '../../../src-shared/contract/package.ts'
import { PACKAGE_ENDING, PACKAGE_FORMAT, shelfIndex } from '../../../src-shared/contract/package.ts'
import { sha256OfFile } from '../../disk/sha256.ts'
import type { EvaluationWatch } from '../evaluate/evaluate-runs.ts'
import type { Workspace } from '../home/workspace.ts'
import { fetchBytes, fetchFile } from './fetch-limited.ts'
import { knownOf, lookAtPackage, openPackageIn } from './packages.ts'

const INDEX = 'index.json'
const MAX_INDEX_BYTES = 32_000_000

/** The packages of a shelf: of a folder, or of the index at a web address. One that cannot be read says why. */
export async function readShelf(
  workspace: Workspace,
  { folder, address }: Params<'packages.shelf'>,
): Promise<ShelfEntry[]> {
  if ((folder === null) === (address === null))
    throw new CotrainError({
      code: 'config-invalid',
      path: 'folder',
      message: 'a shelf is either a folder or a web address.',
      hint: 'Give one of both.',
    })
  if (folder !== null) return ofFolder(workspace, resolve(workspace.folder, folder))
  const { packages } = await readIndex(address!) // one of both is there
  return packages.map(({ file, bytes, card }) => ({
    ...{ file, bytes, card, problem: null },
    known: knownOf(workspace.store, card.runs),
  }))
}

function ofFolder(workspace: Workspace, folder: string): ShelfEntry[] {
  return packagesIn(folder).map((path): ShelfEntry => {
    const file = basename(path)
    try {
      const { bytes, card, known } = lookAtPackage(workspace, path)
      return { file, bytes, card, known, problem: null }
    } catch (error) {
      const [problem] = toProblems(error)
      return { file, bytes: 0, card: null, known: [], problem: problem === undefined ? null : { ...problem } }
    }
  })
}

function packagesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(PACKAGE_ENDING))
      .sort()
      .map((name) => join(folder, name))
  } catch (error) {
    throw new CotrainError(
      {
        code: 'file-missing',
        path: folder,
        message: 'no such folder.',
        hint: 'Choose a folder of packages.',
      },
      { cause: error },
    )
  }
}

/** Writes the index that makes a folder of packages a shelf on the web; gives its path and what it lists. */
export async function writeIndex(
  workspace: Workspace,
  folder: string,
): Promise<{ path: string; packages: string[] }> {
  const packages: ShelfIndex['packages'][number][] = []
  for (const path of packagesIn(folder)) {
    const { bytes, card } = lookAtPackage(workspace, path)
    packages.push({ file: basename(path), bytes, sha256: await sha256OfFile(path), card })
  }
  const path = join(folder, INDEX)
  const index: ShelfIndex = { format: PACKAGE_FORMAT, packages }
  await workspace.store.disk.writeFile(path, `${JSON.stringify(index, null, 1)}\n`)
  return { path, packages: packages.map(({ file }) => file) }
}

/** Fetches a package of a web address into the cache, compares it with the index, and opens it. */
export async function fetchPackage(
  workspace: Workspace,
  { address, file }: Pick<Params<'packages.fetch'>, 'address' | 'file'>,
  watch: EvaluationWatch,
): Promise<OpenedPackage> {
  const listed = (await readIndex(address)).packages.find((one) => one.file === file)
  if (listed === undefined)
    throw new CotrainError({ code: 'not-found', path: file, message: 'the shelf does not list it.', hint: 'Look at the shelf again.' }) // prettier-ignore
  const { cache } = workspace.store.layout
  const folder = join(cache, 'packages', listed.sha256)
  const to = join(folder, file)
  await mkdir(folder, { recursive: true })
  try {
    await fetchFile(new URL(encodeURIComponent(file), baseOf(address)), { to, ...listed }, watch)
    return await openPackageIn(workspace, to, watch)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** An address with or without its index.json. */
function baseOf(address: string): URL {
  const whole = address.endsWith(`/${INDEX}`) || address.endsWith('/') ? address : `${address}/`
  if (URL.canParse('.', whole)) return new URL('.', whole)
  const message = 'is no web address.'
  throw new CotrainError({ code: 'file-invalid', path: address.slice(0, 200), message, hint: 'Give one that begins with https://.' }) // prettier-ignore
}

async function readIndex(address: string): Promise<ShelfIndex> {
  const url = new URL(INDEX, baseOf(address))
  const text = new TextDecoder().decode(await fetchBytes(url, MAX_INDEX_BYTES))
  const wrong = (message: string): CotrainError =>
    new CotrainError({ code: 'file-invalid', path: url.href, message, hint: 'Ask whoever keeps the shelf.' })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw wrong('is not JSON.')
  }
  const found = shelfIndex.safeParse(value)
  if (found.success) return found.data
  const issue = found.error.issues[0]
  throw wrong(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unexpected content'}.`)
}
