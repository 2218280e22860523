import { join } from 'node:path'
import type { Metafile } from 'esbuild'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../../../..')

/** Packages that a program loads before it does anything: what it imports, and so on, by `import` alone, not by `import()`. */
function packagesAtStart({ outputs }: Metafile, entry: string): ReadonlySet<string> {
  const packages = new Set<string>()
  const seen = new Set<string>()
  const visit = (file: string): void => {
    if (seen.has(file)) return
    seen.add(file)
    for (const { path, kind, external } of outputs[file]?.imports ?? []) {
      if (kind !== 'import-statement') continue
      if (external === true) packages.add(path)
      else visit(path)
    }
  }
  visit(entry)
  return packages
}

test('the command line, and the service with it, start without TensorFlow.js, images and HDF5', async () => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src-main/host/cli/cli.ts'],
    outdir: 'out/never-written',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    write: false,
    metafile: true,
  })
  const packages = packagesAtStart(metafile, 'out/never-written/cli.js')
  expect(packages).toContain('commander')
  expect([...packages].filter((name) => /^(@tensorflow\/|sharp$|h5wasm|webgpu$)/.test(name))).toEqual([])
})
