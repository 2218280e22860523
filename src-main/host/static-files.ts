import { readFile, realpath } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'

/** Everything the renderer's build contains; other kinds of file are not served. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
}

/** Scripts, styles and connections from here only. The code editor adopts its style sheets, bindings set them by script: neither is inline. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}

export interface StaticFile {
  readonly type: string
  readonly content: Uint8Array
}

/**
 * The file of the built renderer at a URL path; null for everything else. The path is decoded once; what then still
 * looks like more than plain names below the folder, links that lead out included, is not served.
 */
export async function staticFile(root: string, urlPath: string): Promise<StaticFile | null> {
  const names = plainNames(urlPath)
  if (names === null) return null
  const path = join(root, ...(names.length === 0 ? ['index.html'] : names))
  const type = TYPES[extname(path).toLowerCase()]
  if (type === undefined) return null
  try {
    const [realRoot, real] = await Promise.all([realpath(root), realpath(path)])
    return real.startsWith(realRoot + sep) ? { type, content: await readFile(real) } : null
  } catch {
    return null
  }
}

function plainNames(urlPath: string): readonly string[] | null {
  let path: string
  try {
    path = decodeURIComponent(urlPath)
  } catch {
    return null
  }
  // Letters, digits and _-. in each name, no leading dot: rules out .., drives, backslashes, NUL and second encodings.
  const names = path.split('/').filter((name) => name !== '')
  return names.every((name) => /^[\w-][\w.-]*$/.test(name)) ? names : null
}
