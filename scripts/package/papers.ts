import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { sha256OfFile } from '../../src-main/disk/sha256.ts'
import type { PackageLicence } from './licences.ts'
import { licencesOf } from './licences.ts'
import { TENSORFLOW } from '../../src-main/io/native/setup/tensorflow-release.ts'

/** What is installed by a person; everything else in the folder of a release is on the way to one of them. */
const INSTALLER = /\.(AppImage|deb|tar\.gz|dmg|zip|exe)$/

type Scope = 'required' | 'optional'

/** `pkg:npm/%40scope/name@1.2.3` */
const purlOf = (kind: string, name: string, version: string): string =>
  `pkg:${kind}/${name.split('/').map(encodeURIComponent).join('/')}@${version}`

function component(kind: string, { name, version, licence, integrity }: Material, scope: Scope = 'required') {
  const purl = purlOf(kind, name, version)
  const [, hash] = /^sha512-(.+)$/.exec(integrity ?? '') ?? []
  return {
    'bom-ref': purl,
    type: kind === 'npm' ? 'library' : 'application',
    name,
    version,
    purl,
    scope,
    // One licence, or an expression of several.
    licenses: [/^[\w.+-]+$/.test(licence) ? { license: { id: licence } } : { expression: licence }],
    ...(hash === undefined
      ? {}
      : { hashes: [{ alg: 'SHA-512', content: Buffer.from(hash, 'base64').toString('hex') }] }),
  }
}

type Material = Pick<PackageLicence, 'name' | 'version' | 'licence' | 'integrity'>

/**
 * The bill of materials (CycloneDX 1.5): the packages of the lock file (`npm sbom --omit dev` leaves out those that tools need
 * too), Electron, the Node of workers, and TensorFlow, which the app fetches at set-up.
 * @param node version of the shipped Node, `24.22.3`
 */
export function billOfMaterials(root: string, version: string, node: string) {
  const electron = versionOf(root, 'electron')
  const { project, version: tensorflow } = TENSORFLOW
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: component('generic', { name: 'cotrain', version, licence: 'MIT' }) },
    components: [
      ...licencesOf(root).map((found) => component('npm', found)),
      component('npm', { name: 'electron', version: electron, licence: 'MIT' }),
      component('generic', { name: 'node', version: node, licence: 'MIT' }),
      component('pypi', { name: project, version: tensorflow, licence: 'Apache-2.0' }, 'optional'),
    ],
  }
}

const versionOf = (root: string, name: string): string =>
  (
    JSON.parse(
      readFileSync(createRequire(join(root, 'package.json')).resolve(`${name}/package.json`), 'utf8'),
    ) as { version: string }
  ).version

/**
 * What changed in a version, as the changelog says.
 * @throws Error where it says nothing of the version
 */
export function releaseNotes(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m).slice(1)
  const own = sections.find(
    (section) => section.startsWith(`${version} `) || section.startsWith(`${version}\n`),
  )
  if (own === undefined) throw new Error(`CHANGELOG.md has no section "## ${version}".`)
  return `# CoTrain ${version}\n\n${own.slice(own.indexOf('\n')).trim()}\n`
}

/** One line a package, as `sha256sum --check` reads them. */
export async function checksums(folder: string): Promise<string> {
  const names = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => INSTALLER.test(name))
        .sort()
    : []
  const lines = await Promise.all(
    names.map(async (name) => `${await sha256OfFile(join(folder, name))}  ${name}\n`),
  )
  return lines.join('')
}

/** Puts beside the packages of a release: notes, checksums and the bill of materials. */
export async function writePapers(
  root: string,
  folder: string,
  { version, node }: { readonly version: string; readonly node: string },
): Promise<void> {
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
  writeFileSync(join(folder, 'RELEASE-NOTES.md'), releaseNotes(changelog, version))
  const bill = JSON.stringify(billOfMaterials(root, version, node), null, 1)
  writeFileSync(join(folder, `cotrain-${version}.cdx.json`), `${bill}\n`)
  writeFileSync(join(folder, 'SHA256SUMS'), await checksums(folder))
}
