import { appendFileSync, cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readPluginFolder } from '../../../../../src-main/io/plugins/plugin-folder.ts'
import {
  keepPlugin,
  keptPlugins,
  pluginFolder,
  removePlugin,
  trustedPlugin,
  trustPlugin,
} from '../../../../../src-main/io/plugins/plugin-shelf.ts'
import { MODEL, packageOf, TEMPLATE, writePlugin } from '../../../../support/plugin-folder.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const root = temporaryFolder()
let count = 0
const place = (): string => join(root, String(count++))
const ENTRY = { ...MODEL, fn: 'lab/a' }
const plugin = (
  stated: object = packageOf([ENTRY]),
  files: Record<string, string> = { 'index.js': '' },
): string => writePlugin(place(), stated, files)

describe('the folder of a plug-in', () => {
  it('has a hash that its content decides, and nothing else', () => {
    const folder = plugin(packageOf([ENTRY]), { 'index.js': 'a', 'lib/b.js': 'b' })
    const copy = place()
    cpSync(folder, copy, { recursive: true })
    const { hash } = readPluginFolder(folder)
    expect(readPluginFolder(copy).hash).toBe(hash)
    appendFileSync(join(copy, 'lib/b.js'), ' ')
    expect(readPluginFolder(copy).hash).not.toBe(hash)
    const moved = plugin(packageOf([ENTRY]), { 'index.js': 'a', 'lib/c.js': 'b' })
    expect(readPluginFolder(moved).hash).not.toBe(hash)
    // The same bytes, cut into files elsewhere.
    expect(readPluginFolder(plugin(packageOf([ENTRY]), { 'index.js': 'ab', 'lib/b.js': '' })).hash).not.toBe(
      hash,
    )
  })

  it('is refused with links, too many files or too many bytes', async () => {
    const linked = plugin()
    symlinkSync('/etc/hostname', join(linked, 'secret.js'))
    expect(await problemOf(() => readPluginFolder(linked))).toMatchObject({
      code: 'file-refused',
      path: join(linked, 'secret.js'),
      message: 'is no plain file (links are not followed).',
    })
    const many = plugin(
      packageOf([ENTRY]),
      Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`${i}.js`, ''])),
    )
    expect(await problemOf(() => readPluginFolder(many))).toMatchObject({ code: 'file-refused' })
    const large = plugin()
    writeFileSync(join(large, 'weights.bin'), Buffer.alloc(20e6))
    expect(await problemOf(() => readPluginFolder(large))).toMatchObject({ code: 'file-refused' })
  })

  it.each([
    ['no JSON', '{', 'is no JSON'],
    [
      'another interface',
      packageOf([ENTRY], { cotrain: { api: 2, entries: [ENTRY] } }),
      'expected one of 1, got 2.',
    ],
    ['a name without a lab', packageOf([{ ...ENTRY, fn: 'mtl_builder' }]), 'expected a lab and a name'],
    ['a part twice', packageOf([ENTRY, ENTRY]), '"lab/a" is there twice.'],
    ['an unknown key', packageOf([{ ...ENTRY, run: 'x' }]), 'unknown option.'],
    [
      'a default out of range',
      packageOf([{ ...ENTRY, fields: { n: { type: 'int', default: 0, min: 1, help: 'n' } } }]),
      'is no value that this option takes.',
    ],
  ])('is refused for a package.json with %s', async (_, stated, message) => {
    const folder = plugin()
    writeFileSync(join(folder, 'package.json'), typeof stated === 'string' ? stated : JSON.stringify(stated))
    const problem = await problemOf(() => readPluginFolder(folder))
    expect(problem.message).toContain(message)
    expect(problem.path).toContain(join(folder, 'package.json'))
  })

  it('is refused without its two files', async () => {
    expect(await problemOf(() => readPluginFolder(plugin(packageOf([ENTRY]), {})))).toMatchObject({
      code: 'file-missing',
    })
    expect(await problemOf(() => readPluginFolder(place()))).toMatchObject({ code: 'file-missing' })
  })
})

describe('a plug-in of a home', () => {
  it('is copied as it is, and not trusted', async () => {
    const home = place()
    const { hash } = await keepPlugin(home, TEMPLATE)
    expect(readFileSync(join(pluginFolder(home, hash), 'index.js'))).toEqual(
      readFileSync(join(TEMPLATE, 'index.js')),
    )
    expect(keptPlugins(home)).toMatchObject([{ hash, trusted: false, problem: null }])
    expect(await problemOf(() => trustedPlugin(home, hash))).toMatchObject({
      code: 'not-allowed',
      hint: expect.stringContaining('cotrain plugin trust') as string,
    })
    expect(await keepPlugin(home, TEMPLATE)).toMatchObject({ hash })
    expect(readdirSync(join(home, 'plugins'))).toEqual([hash])
  })

  it('is trusted in just this content: a changed file takes the trust away', async () => {
    const home = place()
    const { hash } = await keepPlugin(home, plugin())
    await trustPlugin(home, hash)
    expect(trustedPlugin(home, hash).hash).toBe(hash)
    appendFileSync(join(pluginFolder(home, hash), 'index.js'), '// changed')
    expect(await problemOf(() => trustedPlugin(home, hash))).toMatchObject({ code: 'file-refused' })
    expect(keptPlugins(home)).toMatchObject([{ content: null, problem: { code: 'file-refused' } }])
  })

  it('lists those that were trusted last first, and loses its trust when it is removed', async () => {
    const home = place()
    const hashes: string[] = []
    for (const text of ['1', '2', '3'])
      hashes.push((await keepPlugin(home, plugin(packageOf([ENTRY]), { 'index.js': text }))).hash)
    const [one, two, three] = hashes as [string, string, string]
    await trustPlugin(home, two)
    await trustPlugin(home, one)
    expect(keptPlugins(home).map(({ hash }) => hash)).toEqual([one, two, three])
    await removePlugin(home, two)
    expect(keptPlugins(home).map(({ hash }) => hash)).toEqual([one, three])
    expect(await problemOf(() => trustedPlugin(home, two))).toMatchObject({ code: 'file-missing' })
  })

  it('is trusted by nobody where the list of trust cannot be read', async () => {
    const home = place()
    const { hash } = await keepPlugin(home, plugin())
    writeFileSync(join(home, 'plugins', 'trusted.json'), `{"trusted": "${hash}"}`)
    expect(await problemOf(() => trustedPlugin(home, hash))).toMatchObject({
      code: 'file-invalid',
      path: join(home, 'plugins', 'trusted.json'),
    })
  })
})
