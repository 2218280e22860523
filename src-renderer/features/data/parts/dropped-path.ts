/** The part of DataTransfer that is read. */
interface Dropped {
  getData(type: string): string
  readonly files: ArrayLike<object>
}

/**
 * The path of what was dropped: from file managers as a file: address, from terminals as text, from Electron on the file itself.
 * Null where the browser keeps it to itself.
 */
export function droppedPath(dropped: Dropped | null): string | null {
  if (dropped === null) return null
  const file = dropped.files[0] as { path?: unknown } | undefined
  if (typeof file?.path === 'string' && file.path !== '') return file.path
  const address = dropped
    .getData('text/uri-list')
    .split(/\r?\n/)
    .find((line) => line.startsWith('file://'))
  if (address !== undefined) return pathOfAddress(address)
  const text = dropped.getData('text/plain').trim()
  return /^(\/|~|[A-Za-z]:[\\/])/.test(text) && !text.includes('\n') ? text : null
}

function pathOfAddress(address: string): string {
  const path = decodeURIComponent(new URL(address).pathname)
  // file:///C:/data
  return /^\/[A-Za-z]:/.test(path) ? path.slice(1) : path
}
