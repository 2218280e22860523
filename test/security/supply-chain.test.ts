import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tell } from './figures.ts'

const root = join(import.meta.dirname, '../..')
interface Locked {
  readonly version: string
  readonly integrity?: string
  readonly resolved?: string
  readonly dev?: boolean
  readonly link?: boolean
  readonly hasInstallScript?: boolean
  readonly license?: string
}
interface Manifest {
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}
const text = (name: string): string => readFileSync(join(root, name), 'utf8')
const manifest = JSON.parse(text('package.json')) as Manifest
const lock = JSON.parse(text('package-lock.json')) as { packages: Readonly<Record<string, Locked>> }
const packages = Object.entries(lock.packages).filter(([place]) => place !== '')

/** Licences of what is shipped. LGPL: libvips beside sharp, a library of its own that can be replaced. */
const LICENCES: ReadonlySet<string> = new Set([
  ...['MIT', 'ISC', '0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'Python-2.0'],
  ...['LGPL-3.0-or-later'],
])

/** Packages that state no SPDX licence, read by a person. */
const READ: Readonly<Record<string, string>> = {
  'node_modules/h5wasm': 'terms of NIST and the HDF Group, both of the kind of BSD',
}

/** Advisories of what is shipped that do not apply, each with its reason. */
const EXCEPTIONS: Readonly<Record<string, string>> = {}

describe('packages of others', () => {
  it('are pinned: one version, one checksum, no script at install', () => {
    const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version)) // prettier-ignore
    expect(loose).toEqual([])
    expect(packages.filter(([, { integrity, link }]) => link !== true && !/^sha512-/.test(integrity ?? '')).map(([place]) => place)).toEqual([]) // prettier-ignore
    expect(packages.filter(([, { resolved }]) => /^(git|http:|file:)/.test(resolved ?? ''))).toEqual([])
    expect(text('.npmrc')).toMatch(/^ignore-scripts=true$/m)
    expect(
      Object.keys(manifest.scripts).filter((name) => /^(pre|post)?(install|prepare)/.test(name)),
    ).toEqual([])
    tell('packages without a checksum of their own', packages.length, packages.length)
  })

  it('that are shipped have a licence that allows it', () => {
    const shipped = packages.filter(([, { dev }]) => dev !== true)
    const named = (licence: string): readonly string[] => licence.replaceAll(/[()]/g, '').split(/ AND | OR /)
    const faults = shipped.flatMap(([place, { license = '' }]) =>
      named(license).every((one) => LICENCES.has(one)) || place in READ ? [] : [`${place}: ${license}`],
    )
    expect(faults).toEqual([])
    expect(shipped.length).toBeGreaterThan(50)
  })

  it.runIf(process.env['COTRAIN_SECURITY'] === 'whole')(
    'that are shipped have no advisory without an answer',
    ({ skip }) => {
      const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { cwd: root, encoding: 'utf8' })
      const report = parsed(stdout)
      if (report === null) return skip('the registry does not answer questions about advisories here')
      const open = Object.entries(report).filter(([name]) => !(name in EXCEPTIONS))
      expect(open.map(([name, { severity }]) => `${name}: ${severity}`)).toEqual([])
      expect(
        Object.keys(EXCEPTIONS).filter((name) => !(name in report)),
        'exceptions that nothing needs',
      ).toEqual([])
    },
  )
})

function parsed(stdout: string): Readonly<Record<string, { severity: string }>> | null {
  try {
    return (
      (JSON.parse(stdout) as { vulnerabilities?: Record<string, { severity: string }> }).vulnerabilities ??
      null
    )
  } catch {
    return null
  }
}
