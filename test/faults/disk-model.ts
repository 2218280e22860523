import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import type { Rng } from '../../src-shared/util/rng.ts'
import type { FileCall } from './watched-files.ts'

/** A disk loses and keeps whole sectors. */
const SECTOR = 512

interface FileNode {
  readonly kind: 'file'
  durable: Buffer
  /** What was written since it was last flushed. */
  pending: Write[]
}
type Write = { readonly at: number; readonly bytes: Buffer } | 'emptied'

interface FolderNode {
  readonly kind: 'folder'
  /** As programs see it. */
  readonly now: Map<string, Node>
  durable: Map<string, Node>
}
type Node = FileNode | FolderNode

/** Names that change in one step. */
type NameChange = readonly {
  readonly folder: FolderNode
  readonly name: string
  readonly node: Node | null
}[]

/**
 * A file system that promises what POSIX does and no more: content is there once the file was flushed, names once their folder
 * was; a rename happens whole or not at all; all else may be lost, torn at sectors or overtaken by what came later.
 */
export interface DiskModel {
  apply(call: FileCall): void
  /** Writes to `place` what may be left after a power loss now. `keep`: all, nothing, or what `rng` draws. */
  leave(place: string, keep: 'all' | 'nothing' | 'drawn', rng: Rng): void
}

const folderNode = (): FolderNode => ({ kind: 'folder', now: new Map(), durable: new Map() })

export function openDiskModel(root: string): DiskModel {
  const top = folderNode()
  let names: NameChange[] = []

  const nodeAt = (path: string): Node | undefined => {
    let node: Node | undefined = top
    for (const name of relative(root, path).split('/').filter(Boolean))
      node = node?.kind === 'folder' ? node.now.get(name) : undefined
    return node
  }
  const folderAt = (path: string): FolderNode => {
    const node = nodeAt(path)
    if (node?.kind !== 'folder') throw new Error(`the model has no folder ${path}`)
    return node
  }
  const change = (...sets: NameChange): void => {
    for (const { folder, name, node } of sets)
      if (node === null) folder.now.delete(name)
      else folder.now.set(name, node)
    names.push(sets)
  }
  const set = (path: string, node: Node | null): NameChange[number] => ({
    folder: folderAt(dirname(path)),
    name: basename(path),
    node,
  })
  const makeFolder = (path: string): void => {
    if (nodeAt(path) !== undefined) return
    makeFolder(dirname(path))
    change(set(path, folderNode()))
  }
  const remove = (path: string): void => {
    const node = nodeAt(path)
    if (node === undefined) return
    if (node.kind === 'folder') for (const name of [...node.now.keys()]) remove(join(path, name))
    change(set(path, null))
  }
  const sync = (path: string): void => {
    const node = nodeAt(path)
    if (node?.kind === 'file') {
      node.durable = node.pending.reduce((content, write) => written(content, write), node.durable)
      node.pending = []
      return
    }
    const isOfFolder = (sets: NameChange): boolean => sets.some(({ folder }) => folder === node)
    for (const sets of names.filter(isOfFolder)) for (const one of sets) setName(one.folder.durable, one)
    names = names.filter((sets) => !isOfFolder(sets))
  }
  const apply = (call: FileCall): void => {
    const { does, path } = call
    if (does === 'mkdir') return makeFolder(path)
    if (does === 'unlink' || does === 'remove-tree') return remove(path)
    if (does === 'sync') return sync(path)
    if (does === 'rename') return change(set(path, null), set(call.to!, nodeAt(path)!))
    if (does === 'open' && call.creates === true)
      return change(set(path, { kind: 'file', durable: Buffer.alloc(0), pending: [] }))
    const node = nodeAt(path)
    if (node?.kind !== 'file') return
    if (does === 'open' && call.empties === true) node.pending.push('emptied')
    if (does === 'write') node.pending.push({ at: call.at!, bytes: Buffer.from(call.bytes!) })
  }
  return {
    apply,
    leave: (place, keep, rng) => {
      const views = new Map<FolderNode, Map<string, Node>>()
      const viewOf = (folder: FolderNode): Map<string, Node> => {
        const known = views.get(folder) ?? new Map(folder.durable)
        views.set(folder, known)
        return known
      }
      for (const sets of keptNames(names, keep, rng)) for (const one of sets) setName(viewOf(one.folder), one)
      const write = (folder: FolderNode, path: string): void => {
        mkdirSync(path, { recursive: true })
        for (const [name, node] of viewOf(folder)) {
          if (node.kind === 'folder') write(node, join(path, name))
          else writeFileSync(join(path, name), contentOf(node, keep, rng))
          // The machine was off for longer than any lock is fresh.
          if (name.includes('lock')) utimesSync(join(path, name), 1, 1)
        }
      }
      write(top, place)
    },
  }
}

function setName(names: Map<string, Node>, { name, node }: NameChange[number]): void {
  if (node === null) names.delete(name)
  else names.set(name, node)
}

/** Those of the changes that reached the disk: the first of them, or any, but none without an earlier one of the same name or file. */
function keptNames(
  names: readonly NameChange[],
  keep: 'all' | 'nothing' | 'drawn',
  rng: Rng,
): readonly NameChange[] {
  if (keep !== 'drawn') return keep === 'all' ? names : []
  if (rng.uniform() < 0.5) return names.slice(0, rng.int(names.length + 1))
  const lost = new Set<string | Node>()
  const keys = new Map<FolderNode, number>()
  const keyOf = ({ folder, name }: NameChange[number]): string => {
    if (!keys.has(folder)) keys.set(folder, keys.size)
    return `${keys.get(folder)}/${name}`
  }
  return names.filter((sets) => {
    const touched = sets.flatMap((one) => [keyOf(one), ...(one.node === null ? [] : [one.node])])
    const isKept = rng.uniform() < 0.5 && touched.every((one) => !lost.has(one))
    if (!isKept) for (const one of touched) lost.add(one)
    return isKept
  })
}

function contentOf({ durable, pending }: FileNode, keep: 'all' | 'nothing' | 'drawn', rng: Rng): Buffer {
  if (keep === 'nothing') return durable
  return pending.reduce(
    (content, write) => written(content, keep === 'all' ? write : torn(write, rng)),
    durable,
  )
}

function written(content: Buffer, write: Write | null): Buffer {
  if (write === null) return content
  if (write === 'emptied') return Buffer.alloc(0)
  const out = Buffer.alloc(Math.max(content.length, write.at + write.bytes.length))
  content.copy(out)
  write.bytes.copy(out, write.at)
  return out
}

/** A write of which nothing, all, its beginning, or any of its sectors reached the disk; what is missing reads as zeros. */
function torn(write: Write, rng: Rng): Write | null {
  const draw = rng.uniform()
  if (draw < 0.3) return null
  if (draw < 0.5 || write === 'emptied') return write
  const { at, bytes } = write
  if (draw < 0.7)
    return { at, bytes: bytes.subarray(0, Math.floor((bytes.length * rng.uniform()) / SECTOR) * SECTOR) }
  const out = Buffer.from(bytes)
  for (let from = 0; from < out.length; from += SECTOR)
    if (rng.uniform() < 0.5) out.fill(0, from, Math.min(from + SECTOR, out.length))
  return { at, bytes: out }
}
