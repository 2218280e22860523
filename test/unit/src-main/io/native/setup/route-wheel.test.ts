import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { runChild } from '../../../../../../src-main/process/child.ts'
import type { ProvisionProgress, RouteContext } from '../../../../../../src-main/io/native/library/library.ts'
import { routeWheel } from '../../../../../../src-main/io/native/setup/route-wheel.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'

const scratch = temporaryFolder()
const tempFolder = (): Promise<string> => mkdtemp(join(scratch, 'case-'))

const WHEEL = 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl'
const text = (s: string): Uint8Array => new TextEncoder().encode(s)
const wheel = zipSync({
  'tensorflow/libtensorflow_cc.so.2': text('core'),
  'tensorflow/libtensorflow_framework.so.2': text('framework'),
  'tensorflow/include/tensorflow/c/c_api.h': text('header'),
  'tensorflow/python/large.py': text('not wanted'),
})

/** A python whose pip "downloads" a stored wheel; everything else is the real one. */
async function fakePython(folder: string): Promise<string> {
  const path = join(folder, 'python')
  await writeFile(join(folder, 'stored.whl'), wheel)
  const script = [
    '#!/bin/sh',
    'if [ "$2" != pip ]; then exec python3 "$@"; fi',
    '[ "$3" = download ] || exit 0',
    `echo download >> "${folder}/calls"`,
    'while [ "$1" != -d ]; do shift; done',
    `cp "${folder}/stored.whl" "$2/${WHEEL}"`,
  ]
  await writeFile(path, script.join('\n'))
  await chmod(path, 0o755)
  return path
}

async function usable(): Promise<boolean> {
  const python = await runChild('python3', ['--version']).catch(() => null)
  const ok = process.platform === 'linux' && python?.code === 0
  if (!ok) console.log('skips: the wheel route needs Linux and python3')
  return ok
}

describe.skipIf(!(await usable()))('the wheel route', () => {
  it('unpacks library and headers only, with progress, and records the checksum of the wheel', async () => {
    const folder = await tempFolder()
    const progress: Omit<ProvisionProgress, 'route'>[] = []
    const context: RouteContext = {
      folder,
      python: [await fakePython(folder)],
      report: (p) => progress.push(p),
    }
    const library = await routeWheel(context)
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
    const library = await routeWheel(context)
    expect(await readFile(join(library.libDir, 'libtensorflow_cc.so.2'), 'utf8')).toBe('core')
    expect(existsSync(join(folder, 'calls'))).toBe(false)
    expect((await routeWheel(context)).downloads).toEqual(library.downloads)
  })

  it('throws a wheel away that cannot be unpacked, so that the next attempt fetches it anew', async () => {
    const folder = await tempFolder()
    const context: RouteContext = { folder, python: [await fakePython(folder)], report: () => undefined }
    await mkdir(join(folder, 'wheel-2.21.0.part'))
    await writeFile(join(folder, 'wheel-2.21.0.part', WHEEL), wheel.slice(0, 100))
    await expect(routeWheel(context)).rejects.toThrow('the wheel cannot be unpacked')
    expect((await routeWheel(context)).downloads).toHaveLength(1)
    expect(existsSync(join(folder, 'calls'))).toBe(true)
  })
})
