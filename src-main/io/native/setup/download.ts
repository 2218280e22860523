import { createWriteStream, existsSync } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sha256OfFile } from '../../../disk/sha256.ts'

/** A line that is this long silent is dead. */
const SILENCE_MS = 60_000

export interface Download {
  readonly url: string
  /** The whole file gets this name when its checksum is right; until then it is `<to>.part`, and a later attempt goes on there. */
  readonly to: string
  /** In hexadecimal; null where the source states none. */
  readonly sha256: string | null
  readonly onProgress: (doneBytes: number, totalBytes: number | undefined) => void
  readonly signal?: AbortSignal | undefined
}

/**
 * Fetches a file over HTTP, going on where an earlier attempt broke off.
 * @throws Error saying what the server answered, or that the checksum is not the one stated; a wrong file is removed
 */
export async function download({ url, to, sha256, onProgress, signal }: Download): Promise<void> {
  const part = `${to}.part`
  const there = existsSync(part) ? (await stat(part)).size : 0
  const silent = new AbortController()
  const either = AbortSignal.any([silent.signal, ...(signal === undefined ? [] : [signal])])
  let timer = setTimeout(() => silent.abort(), SILENCE_MS)
  try {
    const answer = await fetch(url, {
      signal: either,
      headers: there > 0 ? { range: `bytes=${there}-` } : {},
    })
    // 416: nothing is left to send, the part is whole.
    if (answer.status !== 416) {
      if (!answer.ok || answer.body === null) throw new Error(`${url} answered ${answer.status}`)
      const from = answer.status === 206 ? there : 0
      const length = Number(answer.headers.get('content-length'))
      const total = length > 0 ? from + length : undefined
      let done = from
      const counted = async function* (pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
        for await (const piece of pieces) {
          clearTimeout(timer)
          timer = setTimeout(() => silent.abort(), SILENCE_MS)
          onProgress((done += piece.length), total)
          yield piece
        }
      }
      const target = createWriteStream(part, { flags: from > 0 ? 'a' : 'w' })
      await pipeline(Readable.fromWeb(answer.body as never), counted, target, { signal: either })
    }
  } catch (error) {
    signal?.throwIfAborted()
    if (silent.signal.aborted) throw new Error(`${url}: nothing came for ${SILENCE_MS / 1000} s`)
    throw error instanceof TypeError ? new Error(`${url}: ${causeOf(error)}`) : error
  } finally {
    clearTimeout(timer)
  }
  const found = await sha256OfFile(part)
  if (sha256 !== null && found !== sha256) {
    await rm(part, { force: true })
    throw new Error(`${url}: its SHA-256 is ${found}, expected ${sha256}`)
  }
  await rename(part, to)
}

/** `fetch` says "fetch failed"; why stands in its cause. */
export const causeOf = (error: TypeError): string =>
  error.cause instanceof Error ? error.cause.message : error.message
