import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** 256 bits: nobody guesses them. */
const SECRET_BYTES = 32

export type Verdict =
  { readonly allowed: true } | { readonly allowed: false; readonly status: 401 | 403; readonly why: string }

/** Who may talk to the local server. One-time launch token -> session cookie; Host, Origin and Sec-Fetch-Site on everything. */
export interface Access {
  /** Path of the launch link; works once. */
  readonly launchPath: string
  /** The Set-Cookie value for a valid launch token, null otherwise. */
  redeem(path: string): string | null
  /** Whether a request may see anything at all. `isLaunch` needs no cookie yet. */
  judge(request: IncomingMessage, isLaunch: boolean): Verdict
}

export function createAccess(port: number, hosts: readonly string[]): Access {
  const session = secret()
  let launch: string | null = secret()
  const launchPath = `/launch/${launch}`
  // Cookies do not know ports: two servers of one machine must not overwrite each other's.
  const cookieName = `cotrain-${port}`
  const allowedHosts = new Set(hosts.map((host) => `${host}:${port}`))
  const origins = new Set([...allowedHosts].map((host) => `http://${host}`))
  return {
    launchPath,
    redeem: (path) => {
      const given = path.slice('/launch/'.length)
      if (launch === null || !equal(given, launch)) return null
      launch = null
      return `${cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict`
    },
    judge: ({ headers, method }, isLaunch) => {
      // A page that points its own name at 127.0.0.1 (DNS rebinding) sends no Origin, but always its Host.
      if (!allowedHosts.has(headers.host ?? '')) return refuse(403, 'this host name is not allowed')
      const site = headers['sec-fetch-site']
      const isOwn = site === undefined || site === 'same-origin' || site === 'none'
      if (!isOwn && !isLaunch) return refuse(403, 'requests from other sites are not allowed')
      const { origin } = headers
      if (origin !== undefined && !origins.has(origin)) return refuse(403, 'this origin is not allowed')
      if (origin === undefined && method !== 'GET' && method !== 'HEAD')
        return refuse(403, 'the origin is missing')
      if (isLaunch) return { allowed: true }
      const cookie = cookieOf(headers.cookie, cookieName)
      return cookie !== null && equal(cookie, session)
        ? { allowed: true }
        : refuse(401, 'sign in with the launch link')
    },
  }
}

const secret = (): string => randomBytes(SECRET_BYTES).toString('base64url')

const refuse = (status: 401 | 403, why: string): Verdict => ({ allowed: false, status, why })

/** Compares in constant time. */
function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

function cookieOf(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=')
    if (part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
  }
  return null
}
