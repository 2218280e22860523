import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Listed {
  readonly dev?: boolean
  /** Needed by tools, and offered to a package that does without. */
  readonly devOptional?: boolean
  readonly integrity?: string
}

/** One package that is in the app, as it is or bundled into the page. */
export interface PackageLicence {
  readonly name: string
  readonly version: string
  /** As its package.json states it (SPDX). */
  readonly licence: string
  /** `sha512-...`, as the lock file pins it. */
  readonly integrity?: string | undefined
  /** Its licence files and notices, whole. */
  readonly texts: readonly string[]
}

const NOTICE = /^(licen[cs]e|copying|notice)/i

/**
 * Licences of all packages of the lock file that are not for development alone and lie here (those of other systems do not).
 * @throws Error naming a package that states no licence
 */
export function licencesOf(root: string): PackageLicence[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, Listed>>
  }
  return Object.entries(packages)
    .filter(
      ([place, { dev, devOptional }]) =>
        place !== '' && !dev && !devOptional && existsSync(join(root, place)),
    )
    .map(([place, { integrity }]) => ({ ...licenceIn(join(root, place)), integrity }))
    .sort((a, b) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version))
}

function licenceIn(folder: string): PackageLicence {
  const { name, version, license, licenses } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as {
    name: string
    version: string
    license?: string | { type: string }
    licenses?: readonly { type: string }[]
  }
  const stated =
    typeof license === 'object' ? license.type : (license ?? licenses?.map(({ type }) => type).join(' OR '))
  if (stated === undefined || stated === '')
    throw new Error(`${name} ${version} states no licence: it cannot be shipped.`)
  const texts = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && NOTICE.test(entry.name))
    .map((entry) => readFileSync(join(folder, entry.name), 'utf8').trim())
  return { name, version, licence: stated, texts }
}

/** The file that goes with the app: every package with its licence, and each text once. */
export function licencesAsText(packages: readonly PackageLicence[]): string {
  const named = new Map<string, string[]>()
  for (const { name, version, texts } of packages)
    for (const text of texts) named.set(text, [...(named.get(text) ?? []), `${name} ${version}`])
  const list = packages.map(({ name, version, licence }) => `${name} ${version}: ${licence}`)
  const texts = [...named].map(([text, names]) => `${'='.repeat(80)}\n${names.join(', ')}\n\n${text}\n`)
  const bare =
    'Packages without a text of their own are under that of their licence: https://spdx.org/licenses'
  return `${list.join('\n')}\n\n${bare}\n\n${texts.join('\n')}`
}
