import type { IncomingMessage, ServerResponse } from 'node:http'
import { refuse } from './respond.ts'

/** A config may have 1 MB of text; escaped as JSON it grows. */
const MAX_BODY_BYTES = 4_000_000

/** What a POST says in JSON; undefined where it is none. Null when the request was refused. */
export async function postedJson(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<{ readonly value: unknown } | null> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (request.method !== 'POST') refuse(response, 405, 'method not allowed')
  else if (type !== 'application/json') refuse(response, 415, 'expected application/json')
  else if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) refuseLarge(response)
  else {
    const text = await readBody(request)
    if (text !== null) return { value: parsed(text) }
    refuseLarge(response)
  }
  return null
}

const refuseLarge = (response: ServerResponse): void => refuse(response, 413, 'the request is too large')

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The body, or null when it is beyond the limit; the rest is then not read. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = []
  let size = 0
  // Destroying the request would take the answer away from who asked.
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    size += (part as Buffer).length
    if (size > MAX_BODY_BYTES) return null
    parts.push(part as Buffer)
  }
  return Buffer.concat(parts).toString('utf8')
}
