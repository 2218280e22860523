import { statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type LeftOut, leftOut } from '../../../../src-shared/contract/account.ts'
import { type FileTree, foldersIn, openTree, subtree, trackReads } from '../../formats/zip/file-tree.ts'
import { invalidFile } from '../../formats/base/problem.ts'

/** The recordings of a path, one FileTree each, and what lies beside them. */
export interface FileTrees {
  readonly trees: readonly FileTree[]
  /** Paths of the files that were read, so far, or are told in `left`. */
  readonly opened: ReadonlySet<string>
  readonly left: readonly LeftOut[]
  close(): void
}

const isFileTree = (tree: FileTree): boolean =>
  tree.has('meta/trials/tiers.npy') && foldersIn(tree).includes('data')

/** A FileTree (folder or zip), or a folder of several: every recording of it, as folders or zips. */
export function openFileTrees(path: string): FileTrees {
  const opened = new Set<string>()
  const outer = trackReads(openTree(path), opened)
  const open = [outer]
  const close = (): void => open.forEach((tree) => tree.close())
  if (isFileTree(outer)) return { trees: [outer], opened, left: [], close }
  const folders = foldersIn(outer).map((name) => ({ name, tree: subtree(outer, name) }))
  const isFolder = statSync(path).isDirectory()
  const zips = outer.files.flatMap(({ name }) => {
    if (!isFolder || !/^[^/]+\.zip$/i.test(name)) return []
    const zip = trackReads(openTree(join(path, name)), opened)
    open.push(zip)
    opened.add(outer.pathOf(name))
    return [{ name, tree: isFileTree(zip) ? zip : (innerTree(zip) ?? zip) }]
  })
  const all = [...folders, ...zips]
  const others = all.filter(({ tree }) => !isFileTree(tree))
  for (const { tree } of others) for (const { name } of tree.files) opened.add(tree.pathOf(name)) // told as a folder
  return {
    opened,
    trees: all.filter(({ tree }) => isFileTree(tree)).map(({ tree }) => tree),
    left: leftOut(
      'folder',
      others.map(({ name }) => name),
      {
        severity: 'warning',
        reason: 'it has no data and meta/trials/tiers.npy, so it is no recording of this layout.',
        fix: 'Complete it, or take it out.',
      },
    ),
    close,
  }
}

const innerTree = (zip: FileTree): FileTree | undefined =>
  foldersIn(zip)
    .map((folder) => subtree(zip, folder))
    .find(isFileTree)

/** Name between "static" and "-GrayImageNet" or "-ColorImageNet", as neuralpredictors forms it. */
export const sessionKey = (tree: FileTree): string =>
  basename(tree.root)
    .replace(/\.zip$/i, '')
    .replace(/^static/, '')
    .replace(/-(Gray|Color)ImageNet.*$/, '')

/** Data key under which a key is stored: `links` of config.json name further names for one. */
export function linkedKey(tree: FileTree, key: string): string {
  if (!tree.has('config.json') || foldersIn(tree, 'data').includes(key)) return key
  try {
    const text = Buffer.from(tree.read('config.json')).toString('utf8')
    const config = JSON.parse(text) as { links?: Record<string, unknown> } // the field that is used is checked below
    const target = config.links?.[key]
    return typeof target === 'string' ? target : key
  } catch {
    throw invalidFile(tree.pathOf('config.json'), null, 'is not JSON.', 'Copy it again, or take it out.')
  }
}

/** Data keys and columns of a recording that the set has no place for. */
export function unusedKeys(tree: FileTree, used: readonly string[], opened: ReadonlySet<string>): LeftOut[] {
  const known = new Set(used.map((key) => linkedKey(tree, key)))
  const keys = [
    ...foldersIn(tree, 'data'),
    ...tree.files.flatMap(({ name }) => /^data\/([^/]+)\.npy$/.exec(name)?.[1] ?? []),
  ].filter((key) => !known.has(key))
  const columns = tree.files.flatMap(({ name }) =>
    name.startsWith('meta/') && !opened.has(tree.pathOf(name)) ? [name] : [],
  )
  const names = [...keys.map((key) => `data/${key}`), ...columns].map((name) => `${sessionKey(tree)}/${name}`)
  return leftOut('array', names, { reason: 'the set has no place for it.' })
}

/** Paths of the files of a recording that its data keys and columns explain. */
export const explainedFiles = (tree: FileTree): string[] =>
  tree.files.flatMap(({ name }) => (/^(data|meta)\//.test(name) ? [tree.pathOf(name)] : []))
