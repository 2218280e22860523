import { rm, writeFile } from 'node:fs/promises'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { sha256 as digestOf } from '../../disk/sha256.ts'

/** A server that says nothing for this long is gone. */
const SILENCE_MS = 60_000

const refuse = (url: URL, message: string, hint: string): CotrainError =>
  new CotrainError({ code: 'file-invalid', path: url.href, message, hint })

/** The bytes at an http(s) address. @throws CotrainError for other schemes, an answer that is no success, and more than `most` bytes */
export async function fetchBytes(
  url: URL,
  most: number,
  { signal, progress }: { readonly signal?: AbortSignal; progress?(text: string, fraction: number | null): void } = {}, // prettier-ignore
): Promise<Uint8Array> {
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw refuse(url, 'is no web address.', 'Give one that begins with https://.')
  const silent = new AbortController()
  let timer = setTimeout(() => silent.abort(), SILENCE_MS)
  try {
    const answer = await fetch(url, {
      signal: AbortSignal.any([silent.signal, ...(signal === undefined ? [] : [signal])]),
    })
    if (!answer.ok || answer.body === null)
      throw refuse(url, `answered ${answer.status}.`, 'Check the address; a shelf has an index.json.')
    const parts: Uint8Array[] = []
    let done = 0
    for await (const part of answer.body as AsyncIterable<Uint8Array>) {
      clearTimeout(timer)
      timer = setTimeout(() => silent.abort(), SILENCE_MS)
      done += part.length
      if (done > most) throw refuse(url, `sends more than ${most} bytes.`, 'Do not use this address.')
      parts.push(part)
      progress?.('fetching', done / most)
    }
    return Buffer.concat(parts)
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof CotrainError) throw error
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    const why = silent.signal.aborted
      ? `nothing came for ${SILENCE_MS / 1000} s.`
      : `cannot be reached (${cause}).`
    throw refuse(url, why, 'Check the address and the network.')
  } finally {
    clearTimeout(timer)
  }
}

interface Wanted {
  readonly to: string
  readonly bytes: number
  readonly sha256: string
}

/** Fetches a file of stated size and checksum to `to`. @throws CotrainError where it is another; then nothing is left */
export async function fetchFile(
  url: URL,
  { to, bytes, sha256 }: Wanted,
  watch: Parameters<typeof fetchBytes>[2],
): Promise<void> {
  const content = await fetchBytes(url, bytes, watch)
  if (digestOf(content) !== sha256)
    throw refuse(url, 'is not the file that the index of the shelf lists.', 'Look at the shelf again, or ask whoever keeps it.') // prettier-ignore
  try {
    await writeFile(to, content)
  } catch (error) {
    await rm(to, { force: true })
    throw error
  }
}
