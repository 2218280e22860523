import { join } from 'node:path'
import type { RouteContext } from '../library/library.ts'
import { download } from './download.ts'
import { pipDownload } from './pip-download.ts'
import type { IndexedWheel } from './wheel-index.ts'

/** A wheel that is wanted: how to find it in the index, and what to ask pip for. */
export interface WishedWheel {
  /** A requirement as pip reads it: `tensorflow-cpu==2.21.0`. */
  readonly what: string
  find(): Promise<IndexedWheel>
}

/**
 * Fetches a wheel into `folder`: from the index itself, else through pip, which may know a way that we do not.
 * @throws Error with the reasons of both
 */
export async function fetchWheel(
  { what, find }: WishedWheel,
  folder: string,
  context: RouteContext,
): Promise<string> {
  try {
    const { name, url, sha256 } = await find()
    const to = join(folder, name)
    const message = `Downloading ${name}`
    await download({
      url,
      to,
      sha256,
      signal: context.signal,
      onProgress: (doneBytes, totalBytes) =>
        context.report({ phase: 'downloading', message, doneBytes, ...(totalBytes && { totalBytes }) }),
    })
    return to
  } catch (error) {
    context.signal?.throwIfAborted()
    const reason = error instanceof Error ? error.message : String(error)
    return pipDownload(what, folder, context).catch((other: unknown) => {
      context.signal?.throwIfAborted()
      throw new Error(`${reason}; ${other instanceof Error ? other.message : String(other)}`)
    })
  }
}
