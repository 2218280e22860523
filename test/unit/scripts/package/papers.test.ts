import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { drawIcons, ICON_SIZES } from '../../../../scripts/package/icons.ts'
import { licencesAsText, licencesOf } from '../../../../scripts/package/licences.ts'
import { planOf } from '../../../../scripts/package/pack-app.ts'
import { billOfMaterials, checksums, releaseNotes } from '../../../../scripts/package/papers.ts'
import { temporaryFolder } from '../../../support/temp-folder.ts'

const root = join(import.meta.dirname, '../../../..')
const { dependencies, devDependencies, version } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
) as { dependencies: Record<string, string>; devDependencies: Record<string, string>; version: string }

describe('the licences that go with the app', () => {
  const packages = licencesOf(root)
  const names = new Set(packages.map(({ name }) => name))

  it('name every package that the app is made of, and no tool of its makers', () => {
    expect(Object.keys(dependencies).filter((name) => !names.has(name))).toEqual([])
    expect(['vitest', 'eslint', 'electron-builder', 'typescript'].filter((name) => names.has(name))).toEqual(
      [],
    )
  })

  it('carry each text once, under the packages it belongs to', () => {
    const text = licencesAsText(packages)
    const zod = readFileSync(join(root, 'node_modules/zod/LICENSE'), 'utf8').trim()
    expect(text.split(zod).length - 1).toBe(1)
    expect(text).toContain(`zod ${dependencies['zod']}: MIT`)
  })

  it('are refused where a package states none', () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: { '': {}, '.': {} } }))
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'bare', version: '1.0.0' }))
    expect(() => licencesOf(folder)).toThrow('bare 1.0.0 states no licence')
  })
})

describe('the papers of a release', () => {
  it('list as materials the packages, Electron, the Node of workers and TensorFlow', () => {
    const bill = billOfMaterials(root, version, '24.1.2')
    expect(bill.bomFormat).toBe('CycloneDX')
    const listed = new Set(bill.components.map(({ purl }) => decodeURIComponent(purl)))
    const expected = Object.entries(dependencies).map(([name, pinned]) => `pkg:npm/${name}@${pinned}`)
    expect(expected.filter((purl) => !listed.has(purl))).toEqual([])
    expect(listed).toContain('pkg:generic/node@24.1.2')
    expect(listed).toContain(`pkg:npm/electron@${devDependencies['electron']}`)
    expect([...listed].some((purl) => purl.startsWith('pkg:pypi/tensorflow'))).toBe(true)
    expect([...listed].some((purl) => purl.startsWith('pkg:npm/vitest@'))).toBe(false)
    // Every licence is one of SPDX or an expression of such.
    const odd = bill.components
      .flatMap(({ licenses }) => licenses)
      .filter((l) => /\s/.test(l.license?.id ?? ''))
    expect(odd).toEqual([])
    const zod = bill.components.find(({ name }) => name === 'zod')
    expect(zod?.hashes?.[0]?.content).toMatch(/^[0-9a-f]{128}$/)
  })

  it('say what changed in this version, and refuse one that the changelog does not know', () => {
    const notes = releaseNotes('# Changelog\n\n## 0.2.0\n\n- new\n\n## 0.1.0 (2026)\n\n- old\n', '0.1.0')
    expect(notes).toBe('# CoTrain 0.1.0\n\n- old\n')
    expect(() => releaseNotes('# Changelog\n\n## 0.10.0\n', '0.1.0')).toThrow('no section "## 0.1.0"')
    expect(releaseNotes(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), version).length).toBeGreaterThan(
      500,
    )
  })

  it('give the checksum of what is installed and of nothing else', async () => {
    const folder = temporaryFolder()
    for (const name of ['b.deb', 'a.AppImage', 'builder-debug.yml', 'latest.yml'])
      writeFileSync(join(folder, name), name)
    const sum = (name: string): string => createHash('sha256').update(name).digest('hex')
    expect(await checksums(folder)).toBe(`${sum('a.AppImage')}  a.AppImage\n${sum('b.deb')}  b.deb\n`)
  })
})

describe('the kinds of packages', () => {
  it('are all of Linux where none is named, and those named else', () => {
    expect(planOf([], 'linux')).toEqual({ forBuilder: [], own: ['deb', 'tar.gz'] })
    expect(planOf(['-c.x=1'], 'linux')).toEqual({ forBuilder: ['-c.x=1'], own: ['deb', 'tar.gz'] })
    expect(planOf(['--dir'], 'linux')).toEqual({ forBuilder: ['--dir'], own: [] })
    expect(planOf(['--linux', 'AppImage'], 'linux').own).toEqual([])
    expect(planOf(['deb'], 'linux')).toEqual({ forBuilder: ['--dir'], own: ['deb'] })
    expect(planOf(['AppImage', 'tar.gz'], 'linux')).toEqual({ forBuilder: ['AppImage'], own: ['tar.gz'] })
    expect(planOf([], 'darwin')).toEqual({ forBuilder: [], own: [] })
    expect(() => planOf(['deb'], 'win32')).toThrow('made on linux')
  })
})

describe('the icons', () => {
  it('are the sign of the page in every size, sharp and with clear corners', async () => {
    const folder = temporaryFolder()
    await drawIcons(join(root, 'src-renderer/public/favicon.svg'), folder)
    for (const size of ICON_SIZES) {
      const { data, info } = await sharp(join(folder, `${size}x${size}.png`))
        .raw()
        .toBuffer({ resolveWithObject: true })
      expect([info.width, info.height, info.channels]).toEqual([size, size, 4])
      const at = (x: number, y: number): number[] => [
        ...data.subarray((y * size + x) * 4, (y * size + x) * 4 + 4),
      ]
      expect(at(0, 0)[3]).toBeLessThan(128)
      expect(at(size / 2, Math.round(size * 0.06))).toEqual([0x12, 0x35, 0x5b, 255])
    }
    const { data, info } = await sharp(join(folder, '512x512.png'))
      .raw()
      .toBuffer({ resolveWithObject: true })
    // Drawn at its size: the edge of the rounded square is one pixel wide, not a smear of an enlarged drawing.
    const edge = Array.from({ length: info.width }, (_, x) => data[(256 * info.width + x) * 4 + 3] ?? 0)
    expect(edge.filter((alpha) => alpha > 0 && alpha < 255).length).toBeLessThanOrEqual(2)
  })
})
