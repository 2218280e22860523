/** Home folders tell who somebody is; the rest of a path is needed to help. */
const HOMES: readonly RegExp[] = [
  /\/(?:home|Users|data\/home|export\/home)\/[^/\s:"']+/g,
  /[A-Za-z]:[\\/]+Users[\\/]+[^\\/\s:"']+/g,
  /\/root(?=\/|\b)/g,
]

/** What lets somebody in: links of the web host, cookies, passwords in addresses, headers. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\/launch\/[\w-]+/g, '/launch/<token>'],
  [/\b(cotrain-\d+)=[\w-]+/g, '$1=<cookie>'],
  [/\b(bearer|basic) [\w.~+/=-]{8,}/gi, '$1 <secret>'],
  [/(:\/\/)[^\s/:@]+:[^\s/@]+@/g, '$1<user>:<secret>@'],
  [/\b([\w-]*(?:token|secret|password|passwd|api[_-]?key)["']?\s*[=:]\s*["']?)[^\s"',;&]+/gi, '$1<secret>'],
  [/\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/g, '<mail>'],
]

/** What is known of whoever makes a report. */
export interface Personal {
  readonly home?: string | undefined
  readonly user?: string | null | undefined
  readonly host?: string | undefined
}

/** Names of two letters, and those of every machine, are words of other texts too. */
const isTelling = (name: string): boolean =>
  name.length > 2 && !/^(root|user|admin|node|localhost|home|runner)$/i.test(name)

/** A report is pasted into public threads: without personal folders, names of user and machine, and without what lets somebody in. */
export function scrubReport(text: string, { home = '', user = null, host = '' }: Personal = {}): string {
  let out = home.length > 1 ? text.replaceAll(home, '~') : text
  for (const pattern of HOMES) out = out.replaceAll(pattern, '~')
  for (const [pattern, instead] of SECRETS) out = out.replaceAll(pattern, instead)
  out = withoutName(out, user ?? '', '<user>')
  return withoutName(out, host, '<host>')
}

const withoutName = (text: string, name: string, instead: string): string =>
  isTelling(name) ? text.replaceAll(new RegExp(`(?<!\\w)${escaped(name)}(?!\\w)`, 'gi'), instead) : text

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
