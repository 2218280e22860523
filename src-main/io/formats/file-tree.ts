import { readdirSync, realpathSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { openFile, withFile } from './byte-source.ts'
import { invalidFile, missingFile, refusedFile } from './problem.ts'
import { openZip } from './zip.ts'

export interface TreeFile {
  /** Path below the root, with forward slashes. */
  readonly name: string
  readonly size: number
  /** Changes when the content may have changed: time of change, or checksum within an archive. */
  readonly stamp: string
}

/** A folder or a zip archive, read alike. Names are sorted by code unit. */
export interface FileTree {
  readonly root: string
  readonly files: readonly TreeFile[]
  has(name: string): boolean
  /** Path for messages. */
  pathOf(name: string): string
  read(name: string): Uint8Array
  close(): void
}

const MAX_FILES = 5_000_000
const MAX_DEPTH = 12

/** Opens a folder, or a .zip without unpacking it. */
export function openTree(path: string): FileTree {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) throw missingFile(path, 'no such file or folder.')
  return stat.isDirectory() ? openFolder(path) : openArchive(path)
}

/** The tree below one folder of another tree. */
export function subtree(tree: FileTree, folder: string): FileTree {
  const prefix = folder === '' ? '' : `${folder}/`
  const files = tree.files
    .filter(({ name }) => name.startsWith(prefix))
    .map((file) => ({ ...file, name: file.name.slice(prefix.length) }))
  return treeOf(
    tree.pathOf(folder),
    files,
    (name) => tree.pathOf(prefix + name),
    (name) => tree.read(prefix + name),
    () => undefined,
  )
}

/** The same tree; the path of every file that is read is noted in `opened`. */
export function trackReads(tree: FileTree, opened: Set<string>): FileTree {
  return {
    ...tree,
    read(name) {
      opened.add(tree.pathOf(name))
      return tree.read(name)
    },
  }
}

/** Names of the folders directly below `folder`, sorted. */
export function foldersIn(tree: FileTree, folder = ''): string[] {
  const prefix = folder === '' ? '' : `${folder}/`
  const names = new Set<string>()
  for (const { name } of tree.files) {
    const rest = name.startsWith(prefix) ? name.slice(prefix.length) : ''
    const end = rest.indexOf('/')
    if (end > 0) names.add(rest.slice(0, end))
  }
  return [...names].sort()
}

function treeOf(
  root: string,
  files: readonly TreeFile[],
  pathOf: FileTree['pathOf'],
  read: FileTree['read'],
  close: () => void,
): FileTree {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  const names = new Set(sorted.map((file) => file.name))
  return { root, files: sorted, has: (name) => names.has(name), pathOf, read, close }
}

function openFolder(root: string): FileTree {
  const files: TreeFile[] = []
  walk(root, realpathSync(root), '', 0, files)
  const pathOf = (name: string): string => join(root, ...name.split('/'))
  const read = (name: string): Uint8Array => withFile(pathOf(name), (source) => source.read(0, source.size))
  return treeOf(root, files, pathOf, read, () => undefined)
}

/** Hidden files are skipped; a link is followed while it stays inside the folder. */
function walk(root: string, realRoot: string, below: string, depth: number, files: TreeFile[]): void {
  const folder = join(root, below)
  if (depth > MAX_DEPTH)
    throw refusedFile(
      folder,
      null,
      `folders are nested more than ${MAX_DEPTH} deep.`,
      'Choose the folder that holds the data.',
    )
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === '__MACOSX') continue
    const name = below === '' ? entry.name : `${below}/${entry.name}`
    const path = join(root, name)
    if (entry.isSymbolicLink()) checkLink(path, realRoot)
    const stat = entry.isDirectory() ? null : statSync(path, { throwIfNoEntry: false })
    if (entry.isDirectory() || stat?.isDirectory()) walk(root, realRoot, name, depth + 1, files)
    else if (stat?.isFile()) files.push({ name, size: stat.size, stamp: String(stat.mtimeMs) })
    if (files.length > MAX_FILES) throw refusedFile(root, null, `holds more than ${MAX_FILES} files.`)
  }
}

function checkLink(path: string, realRoot: string): void {
  let target: string
  try {
    target = realpathSync(path)
  } catch {
    throw invalidFile(path, null, 'is a link to nothing.', 'Remove the link.')
  }
  const way = relative(realRoot, target)
  if (way === '..' || way.startsWith(`..${sep}`) || way === target)
    throw refusedFile(
      path,
      null,
      'is a link that leads out of the folder.',
      'Copy the files into the folder.',
    )
}

/** macOS adds a folder of resource forks to its archives; hidden files are skipped as in folders. */
const isHidden = (name: string): boolean =>
  name.startsWith('__MACOSX/') || name.split('/').some((part) => part.startsWith('.'))

function openArchive(path: string): FileTree {
  const source = openFile(path)
  try {
    const zip = openZip(source)
    const files = zip.entries
      .filter(({ name }) => !isHidden(name))
      .map(({ name, size, crc }) => ({ name, size, stamp: crc.toString(16) }))
    return treeOf(
      path,
      files,
      (name) => (name === '' ? path : `${path}/${name}`),
      (name) => zip.read(name),
      () => source.close(),
    )
  } catch (error) {
    source.close()
    throw error
  }
}
