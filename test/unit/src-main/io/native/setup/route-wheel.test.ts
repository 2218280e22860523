import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { zipSync } from 'fflate'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { ProvisionProgress, RouteContext } from '../../../../../../src-main/io/native/library/library.ts'
import { platformName } from '../../../../../../src-main/io/native/library/native-info.ts'
import { routeWheel } from '../../../../../../src-main/io/native/setup/route-wheel.ts'
import { TENSORFLOW } from '../../../../../../src-main/io/native/setup/tensorflow-release.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'
import { serveWheel, WHEEL } from '../../../../../support/wheel-index.ts'

const scratch = temporaryFolder()
const tempFolder = (): Promise<string> => mkdtemp(join(scratch, 'case-'))

const text = (s: string): Uint8Array => new TextEncoder().encode(s)
const wheel = zipSync({
  'tensorflow/libtensorflow_cc.so.2': text('core'),
  'tensorflow/libtensorflow_framework.so.2': text('framework'),
  'tensorflow/include/tensorflow/c/c_api.h': text('header'),
  'tensorflow/python/large.py': text('not wanted'),
})

/** A python whose pip "downloads" a stored wheel. */
async function fakePython(folder: string): Promise<string> {
  const path = join(folder, 'python')
  await writeFile(join(folder, 'stored.whl'), wheel)
  const script = [
    '#!/bin/sh',
    '[ "$3" = download ] || exit 0',
    `echo download >> "${folder}/calls"`,
    'while [ "$1" != -d ]; do shift; done',
    `cp "${folder}/stored.whl" "$2/${WHEEL}"`,
  ]
  await writeFile(path, script.join('\n'))
  await chmod(path, 0o755)
  return path
}

/** The release as it is where no wheel is pinned. */
const unpinned = { ...TENSORFLOW, wheels: {} }
const noIndex = 'http://127.0.0.1:9/simple' // discard: nothing listens there
beforeEach(() => void (process.env['COTRAIN_PACKAGE_INDEX'] = noIndex))
afterAll(() => {
  delete process.env['COTRAIN_PACKAGE_INDEX']
})

describe.runIf(platformName() === 'linux-x64')('the wheel route, from an index (needs Linux on x64)', () => {
  it('needs no Python: it finds the wheel of this platform, checks it and unpacks it', async () => {
    const { index, asked } = await serveWheel(wheel)
    process.env['COTRAIN_PACKAGE_INDEX'] = index
    const folder = await tempFolder()
    const library = await routeWheel({ folder, python: [], report: () => undefined }, unpinned)
    expect(asked).toEqual(['/simple/tensorflow-cpu/', `/files/${WHEEL}`])
    expect(library.downloads).toMatchObject([{ name: WHEEL, bytes: wheel.length }])
    expect(library.libraries.map((path) => basename(path))).toEqual([
      'libtensorflow_framework.so.2',
      'libtensorflow_cc.so.2',
    ])
    expect(await readFile(join(library.libDir, 'libtensorflow_cc.so.2'), 'utf8')).toBe('core')
  })

  it('goes on with a download that broke off', async () => {
    const { index, asked } = await serveWheel(wheel)
    process.env['COTRAIN_PACKAGE_INDEX'] = index
    const folder = await tempFolder()
    await mkdir(join(folder, 'wheel-2.21.0.part'))
    await writeFile(join(folder, 'wheel-2.21.0.part', `${WHEEL}.part`), wheel.subarray(0, 50))
    await routeWheel({ folder, python: [], report: () => undefined }, unpinned)
    expect(asked).toContain(`/files/${WHEEL} bytes=50-`)
  })

  it('refuses a wheel with another checksum than the index states', async () => {
    const { index } = await serveWheel(wheel, { sha256: '0'.repeat(64) })
    process.env['COTRAIN_PACKAGE_INDEX'] = index
    const folder = await tempFolder()
    await expect(routeWheel({ folder, python: [], report: () => undefined }, unpinned)).rejects.toThrow(
      /SHA-256 is/,
    )
    expect(await readdir(join(folder, 'wheel-2.21.0.part'))).toEqual([])
  })

  it('takes of a pinned release that one wheel, and no other content under its name', async () => {
    const { index, asked } = await serveWheel(wheel)
    process.env['COTRAIN_PACKAGE_INDEX'] = index
    const sha256 = createHash('sha256').update(wheel).digest('hex')
    const pinned = { file: WHEEL, bytes: wheel.length, sha256 }
    const context = { python: [], report: () => undefined }
    const right = { ...TENSORFLOW, wheels: { 'linux-x64': pinned } }
    const library = await routeWheel({ folder: await tempFolder(), ...context }, right)
    expect(library.downloads).toMatchObject([{ name: WHEEL, sha256 }])
    expect(asked).toContain(`/files/${WHEEL}`)
    // The index states the checksum of what it sends; pinned is the one of the release.
    const tried = routeWheel({ folder: await tempFolder(), ...context })
    await expect(tried).rejects.toThrow(
      `its SHA-256 is ${sha256}, expected ${TENSORFLOW.wheels['linux-x64']?.sha256}`,
    )
    // Nor from pip, nor from a person: pip asks the same index, and a wheel may have been changed on its way.
    const folder = await tempFolder()
    const given = await tempFolder()
    await writeFile(join(given, WHEEL), wheel)
    for (const other of [{ python: [await fakePython(await tempFolder())] }, { python: [], from: given }]) {
      process.env['COTRAIN_PACKAGE_INDEX'] = noIndex
      await expect(routeWheel({ folder, report: () => undefined, ...other })).rejects.toMatchObject({
        problems: [{ code: 'file-invalid', message: expect.stringContaining(sha256) }],
      })
    }
    expect(await readdir(given)).toEqual([WHEEL])
    expect(
      (await readdir(join(folder, 'wheel-2.21.0.part'))).filter((name) => name.endsWith('.whl')),
    ).toEqual([])
  })

  it('takes a wheel that was given, from a file or a folder, and leaves it there', async () => {
    const given = await tempFolder()
    await writeFile(join(given, WHEEL), wheel)
    await writeFile(join(given, WHEEL.replace('x86_64', 'aarch64')), 'for others')
    for (const from of [given, join(given, WHEEL)]) {
      const library = await routeWheel(
        {
          folder: await tempFolder(),
          from,
          python: [],
          report: () => undefined,
        },
        unpinned,
      )
      expect(await readFile(join(library.libDir, 'libtensorflow_cc.so.2'), 'utf8')).toBe('core')
    }
    await writeFile(join(given, WHEEL), wheel.subarray(0, 100))
    const broken = { folder: await tempFolder(), from: given, python: [], report: () => undefined }
    await expect(routeWheel(broken, unpinned)).rejects.toMatchObject({
      problems: [
        {
          code: 'file-invalid',
          path: join(given, WHEEL),
          message: expect.stringMatching(/^it cannot be unpacked/),
        },
      ],
    })
    expect(existsSync(join(given, WHEEL))).toBe(true)
    const none = { ...broken, from: await tempFolder() }
    await expect(routeWheel({ ...broken, from: '/no/such/wheel' }, unpinned)).rejects.toThrow(
      /^\/no\/such\/wheel: there is no such file or folder\. Give the wheel of tensorflow-cpu/,
    )
    await expect(routeWheel(none)).rejects.toThrow(/holds no wheel of tensorflow-cpu 2\.21\.0 for linux-x64/)
  })

  it('says what neither index nor pip could do', async () => {
    const folder = await tempFolder()
    await expect(routeWheel({ folder, python: ['/no/python'], report: () => undefined })).rejects.toThrow(
      /127\.0\.0\.1:9\S+: .*; no Python with pip among \/no\/python/,
    )
  })
})

describe.runIf(platformName() === 'linux-x64')('the wheel route, through pip (needs Linux on x64)', () => {
  it('unpacks library and headers only, with progress, and records the checksum of the wheel', async () => {
    const folder = await tempFolder()
    const progress: Omit<ProvisionProgress, 'route'>[] = []
    const context: RouteContext = {
      folder,
      python: [await fakePython(folder)],
      report: (p) => progress.push(p),
    }
    const library = await routeWheel(context, unpinned)
    const sha256 = createHash('sha256').update(wheel).digest('hex')
    expect(library.downloads).toEqual([{ name: WHEEL, bytes: wheel.length, sha256 }])
    expect((await readdir(library.libDir)).sort()).toEqual(
      ['download.json', 'include', 'libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'].sort(),
    )
    expect(progress.at(-1)).toMatchObject({ phase: 'unpacking', doneBytes: 19, totalBytes: 19 })
    expect((await readdir(folder)).filter((n) => n.endsWith('.part'))).toEqual([])
  })

  it('takes up a set-up that died: half an unpacked folder is redone, a whole wheel is not fetched again', async () => {
    const folder = await tempFolder()
    const context: RouteContext = { folder, python: [await fakePython(folder)], report: () => undefined }
    await mkdir(join(folder, 'libtensorflow-2.21.0.part'))
    await writeFile(join(folder, 'libtensorflow-2.21.0.part/libtensorflow_cc.so.2'), 'ha')
    await mkdir(join(folder, 'wheel-2.21.0.part'))
    await writeFile(join(folder, 'wheel-2.21.0.part', WHEEL), wheel)
    const library = await routeWheel(context, unpinned)
    expect(await readFile(join(library.libDir, 'libtensorflow_cc.so.2'), 'utf8')).toBe('core')
    expect(existsSync(join(folder, 'calls'))).toBe(false)
    expect((await routeWheel(context, unpinned)).downloads).toEqual(library.downloads)
  })

  it('throws a wheel away that cannot be unpacked, so that the next attempt fetches it anew', async () => {
    const folder = await tempFolder()
    const context: RouteContext = { folder, python: [await fakePython(folder)], report: () => undefined }
    await mkdir(join(folder, 'wheel-2.21.0.part'))
    await writeFile(join(folder, 'wheel-2.21.0.part', WHEEL), wheel.slice(0, 100))
    await expect(routeWheel(context, unpinned)).rejects.toThrow('the wheel cannot be unpacked')
    expect((await routeWheel(context, unpinned)).downloads).toHaveLength(1)
    expect(existsSync(join(folder, 'calls'))).toBe(true)
  })
})
