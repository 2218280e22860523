/** Home folders tell who somebody is; the rest of a path is needed to help. The name is captured: it is taken out elsewhere too. */
const HOMES: readonly RegExp[] = [
  /[A-Za-z]:[\\/]+(?:Users|Documents and Settings)[\\/]+([^\\/\s:"']+)/g,
  /\/(?:mnt\/[a-z]\/)?(?:home|Users|data\/home|export\/home)\/([^/\s:"']+)/g,
  /\/root(?=\/|\b)/g,
]

/** What lets somebody in: links of the web host, cookies, passwords in addresses, headers, tokens of well-known services. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\/launch\/[\w-]+/g, '/launch/<token>'],
  [/\b(cotrain-\d+)=[\w-]+/g, '$1=<cookie>'],
  [/\b(bearer|basic) [\w.~+/=-]{8,}/gi, '$1 <secret>'],
  [/(:\/\/)[^\s/:@]+:[^\s/@]+@/g, '$1<user>:<secret>@'],
  [/\b([\w-]*(?:token|secret|password|passwd|api[_-]?key)["']?\s*[=:]\s*["']?)[^\s"',;&]+/gi, '$1<secret>'],
  [/\b(?:gh[pousr]_|github_pat_|glpat-|hf_|sk-|xox[abp]-|npm_)[\w-]{16,}/g, '<secret>'],
  [/\bAKIA[0-9A-Z]{16}\b/g, '<secret>'],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, '<secret>'], // a JSON web token
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '<secret>'],
]
const MAIL = /\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/g

/** Names of machines where a text says that they are some, and addresses; this machine under its usual names stays. */
const LOCAL = String.raw`(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[?::1\]?)(?![\w.-])`
const HOSTS: readonly (readonly [RegExp, string])[] = [
  [new RegExp(String.raw`(:\/\/(?:<user>:<secret>@)?)(?!${LOCAL}|<)[^\s/:"'<>]+`, 'g'), '$1<host>'],
  [/(\\\\)(?![?.]\\)[\w.-]+(?=\\)/g, '$1<host>'],
  [/\b(process \d+ on )(?!<)[\w-]+(?:\.[\w-]+)*/g, '$1<host>'],
  [
    new RegExp(String.raw`(?<![\w.])(?!${LOCAL})(?:(?:10|172|192)\.\d{1,3}\.\d{1,3}\.\d{1,3})(?![\w.])`, 'g'),
    '<address>',
  ],
]

/** What is known of whoever makes a report. */
export interface Personal {
  readonly home?: string | undefined
  readonly user?: string | null | undefined
  readonly host?: string | undefined
}

/** A report as others may see it, and what was taken out, in words: `2 × home folder`. */
export interface Scrubbed {
  readonly text: string
  readonly removed: string[]
}

/** Names of two letters, and those of every machine, are words of other texts too. */
const isTelling = (name: string): boolean =>
  name.length > 2 &&
  !/^(root|user|users|admin|node|localhost|home|runner|public|default|shared|data|cotrain|tensorflow|python)$/i.test(
    name,
  )

/** A report is pasted into public threads: without personal folders, names of user and machine, and without what lets somebody in. */
export function scrubbed(text: string, { home = '', user = null, host = '' }: Personal = {}): Scrubbed {
  const counts = new Map<string, number>()
  const take = (out: string, pattern: RegExp | string, instead: string, what: string): string => {
    const found =
      typeof pattern === 'string' ? out.split(pattern).length - 1 : [...out.matchAll(pattern)].length
    if (found > 0) counts.set(what, (counts.get(what) ?? 0) + found)
    return found === 0 ? out : out.replaceAll(pattern, instead)
  }
  const names = new Set([
    user ?? '',
    ...HOMES.flatMap((home) => [...text.matchAll(home)].map(([, name = '']) => name)),
  ])
  let out = home.length > 1 ? take(text, home, '~', 'home folder') : text
  for (const pattern of HOMES) out = take(out, pattern, '~', 'home folder')
  for (const [pattern, instead] of SECRETS) out = take(out, pattern, instead, 'token or password')
  out = take(out, MAIL, '<mail>', 'mail address')
  for (const name of names) if (isTelling(name)) out = take(out, word(name), '<user>', 'name of a person')
  if (isTelling(host)) out = take(out, word(host), '<host>', 'name of a machine')
  for (const [pattern, instead] of HOSTS) out = take(out, pattern, instead, 'name of a machine')
  return { text: out, removed: [...counts].map(([what, n]) => `${n} × ${what}`) }
}

/** The text of {@link scrubbed}. */
export const scrubReport = (text: string, personal: Personal = {}): string => scrubbed(text, personal).text

const word = (name: string): RegExp => new RegExp(`(?<!\\w)${escaped(name)}(?!\\w)`, 'gi')

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
