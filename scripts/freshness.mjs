import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Time of the newest file below a folder, 0 where there is none. */
function newest(folder) {
  let time = 0
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) time = Math.max(time, statSync(join(entry.parentPath, entry.name)).mtimeMs)
  return time
}

const timeOf = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0

/** Whether the built file is there and no source is newer; an installed app has no sources and is always fresh. */
export function isFresh(root, built, ...sources) {
  const made = timeOf(join(root, built))
  if (made === 0) return false
  return sources.every((source) => timeOf(join(root, source)) === 0 || newest(join(root, source)) <= made)
}

export const mainIsFresh = (root) => isFresh(root, 'out/main/cli.js', 'src-main', 'src-shared')

export const rendererIsFresh = (root) =>
  isFresh(root, 'out/renderer/index.html', 'src-renderer', 'src-shared')
