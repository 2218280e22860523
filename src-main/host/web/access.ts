import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** 256 bits: nobody guesses them. */
const SECRET_BYTES = 32

/** What a login may do: everything, or only look. */
export type Role = 'control' | 'view'

type Verdict =
  /** `role` is null on the way to the launch link, where nobody is signed in yet. */
  | { readonly allowed: true; readonly role: Role | null }
  | { readonly allowed: false; readonly status: 401 | 403; readonly why: string }

/** Who may talk to the local server. One-time launch token -> cookie of a login; Host, Origin and Sec-Fetch-Site on everything. */
export interface Access {
  /** Path of the launch link of whoever started the server; works once. */
  readonly launchPath: string
  /** Path of one more link that works once. */
  invite(role: Role): string
  /** The Set-Cookie value for a valid launch token, null otherwise. */
  redeem(path: string): string | null
  /** Ends all logins and links. The Set-Cookie value for whoever asked. */
  rotate(): string
  /** Whether a request may see anything at all. `isLaunch` needs no cookie yet. */
  judge(request: IncomingMessage, isLaunch: boolean): Verdict
}

export function createAccess(port: number, hosts: readonly string[]): Access {
  const logins = new Map<Role, string>()
  const launches = new Map<string, Role>()
  // Cookies do not know ports: two servers of one machine must not overwrite each other's.
  const cookieName = `cotrain-${port}`
  const allowedHosts = new Set(hosts.map((host) => `${host}:${port}`))
  const origins = new Set([...allowedHosts].map((host) => `http://${host}`))
  const cookieFor = (role: Role): string =>
    `${cookieName}=${logins.get(role) ?? ''}; Path=/; HttpOnly; SameSite=Strict`
  const invite = (role: Role): string => {
    const token = secret()
    launches.set(token, role)
    return `/launch/${token}`
  }
  const renew = (): void => {
    launches.clear()
    for (const role of ['control', 'view'] as const) logins.set(role, secret())
  }
  const roleOf = (cookie: string | null): Role | null =>
    [...logins].find(([, login]) => cookie !== null && equal(cookie, login))?.[0] ?? null
  renew()
  return {
    launchPath: invite('control'),
    invite,
    redeem: (path) => {
      const given = path.slice('/launch/'.length)
      const found = [...launches].find(([token]) => equal(given, token))
      if (found === undefined) return null
      launches.delete(found[0])
      return cookieFor(found[1])
    },
    rotate: () => {
      renew()
      return cookieFor('control')
    },
    judge: ({ headers, headersDistinct, method }, isLaunch) => {
      // A page that points its own name at 127.0.0.1 (DNS rebinding) sends no Origin, but always its Host.
      const hosts = headersDistinct['host'] ?? []
      if (hosts.length !== 1 || !allowedHosts.has(hosts[0]!))
        return refuse(403, 'this host name is not allowed')
      const site = headers['sec-fetch-site']
      const isOwn = site === undefined || site === 'same-origin' || site === 'none'
      if (!isOwn && !isLaunch) return refuse(403, 'requests from other sites are not allowed')
      const { origin } = headers
      if (origin !== undefined && !origins.has(origin)) return refuse(403, 'this origin is not allowed')
      if (origin === undefined && method !== 'GET' && method !== 'HEAD')
        return refuse(403, 'the origin is missing')
      if (isLaunch) return { allowed: true, role: null }
      const role = roleOf(cookieOf(headers.cookie, cookieName))
      return role === null ? refuse(401, 'sign in with the launch link') : { allowed: true, role }
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
