import { readdirSync, realpathSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { openFile, withFile } from '../base/byte-source.ts'
import { invalidFile, missingFile, refusedFile } from '../base/problem.ts'
import { openZip } from './zip.ts'

interface TreeFile {
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
  /** Folders that hold nothing at all, or hidden files only; archives have none. */
  readonly emptyFolders: readonly string[]
  /** Files that are passed over because they are hidden or made by an operating system. */
  readonly hidden: readonly string[]
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
  const below = (names: readonly string[]): string[] =>
    names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length))
  return treeOf({
    root: tree.pathOf(folder),
    files,
    emptyFolders: below(tree.emptyFolders),
    hidden: below(tree.hidden),
    pathOf: (name) => tree.pathOf(prefix + name),
    read: (name) => tree.read(prefix + name),
    close: () => undefined,
  })
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

/** A tree with its names sorted. */
function treeOf(parts: Omit<FileTree, 'has'>): FileTree {
  const files = [...parts.files].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  const names = new Set(files.map((file) => file.name))
  return { ...parts, files, emptyFolders: [...parts.emptyFolders].sort(), has: (name) => names.has(name) }
}

function openFolder(root: string): FileTree {
  const found: Walked = { files: [], emptyFolders: [], hidden: [] }
  walk(root, realpathSync(root), '', 0, found)
  const pathOf = (name: string): string => join(root, ...name.split('/'))
  const read = (name: string): Uint8Array => withFile(pathOf(name), (source) => source.read(0, source.size))
  return treeOf({ root, ...found, pathOf, read, close: () => undefined })
}

interface Walked {
  readonly files: TreeFile[]
  readonly emptyFolders: string[]
  readonly hidden: string[]
}

/** Files of the desktop, not of the user. */
const isOfSystem = (part: string): boolean =>
  part.startsWith('.') || part === '__MACOSX' || /^(Thumbs\.db|desktop\.ini)$/i.test(part)

/** Hidden files are skipped; a link is followed while it stays inside the folder. */
function walk(root: string, realRoot: string, below: string, depth: number, found: Walked): void {
  const folder = join(root, below)
  if (depth > MAX_DEPTH)
    throw refusedFile(
      folder,
      null,
      `folders are nested more than ${MAX_DEPTH} deep.`,
      'Choose the folder that holds the data.',
    )
  const before = found.files.length + found.emptyFolders.length
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    checkUtf8(folder, entry.name)
    const name = below === '' ? entry.name : `${below}/${entry.name}`
    if (isOfSystem(entry.name)) {
      found.hidden.push(name)
      continue
    }
    const path = join(root, name)
    if (entry.isSymbolicLink()) checkLink(path, realRoot)
    const stat = entry.isDirectory() ? null : statSync(path, { throwIfNoEntry: false })
    if (entry.isDirectory() || stat?.isDirectory()) walk(root, realRoot, name, depth + 1, found)
    else if (stat?.isFile()) found.files.push({ name, size: stat.size, stamp: String(stat.mtimeMs) })
    if (found.files.length > MAX_FILES) throw refusedFile(root, null, `holds more than ${MAX_FILES} files.`)
  }
  if (below !== '' && found.files.length + found.emptyFolders.length === before)
    found.emptyFolders.push(below)
}

/** Node replaces bytes that are no UTF-8 by U+FFFD, and no file answers to the name that comes out. */
function checkUtf8(folder: string, name: string): void {
  if (!name.includes('\ufffd')) return
  throw refusedFile(
    folder,
    name,
    'its name is not written in UTF-8, so it cannot be opened by name.',
    'Rename it, for example with `convmv -f latin1 -t utf8 --notest -r` on the folder.',
  )
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

function openArchive(path: string): FileTree {
  const source = openFile(path)
  try {
    const zip = openZip(source)
    const isHidden = (name: string): boolean => name.split('/').some(isOfSystem)
    return treeOf({
      root: path,
      files: zip.entries
        .filter(({ name }) => !isHidden(name))
        .map(({ name, size, crc }) => ({ name, size, stamp: crc.toString(16) })),
      emptyFolders: [],
      hidden: zip.entries.map(({ name }) => name).filter(isHidden),
      pathOf: (name) => (name === '' ? path : `${path}/${name}`),
      read: (name) => zip.read(name),
      close: () => source.close(),
    })
  } catch (error) {
    source.close()
    throw error
  }
}
