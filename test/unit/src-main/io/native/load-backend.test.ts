import { createRequire } from 'node:module'
import { mkdtemp, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { engine, getBackend, matMul, tensor2d } from '@tensorflow/tfjs-core'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { runChild } from '../../../../../src-main/process/child.ts'
import { loadBackend } from '../../../../../src-main/io/native/load-backend.ts'
import { provisionNative } from '../../../../../src-main/io/native/setup/provision.ts'
import { nativeAvailable, useBackend } from '../../../../support/backend.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const scratch = temporaryFolder()
const tempFolder = (): Promise<string> => mkdtemp(join(scratch, 'case-'))

const require = createRequire(import.meta.url)
const root = join(import.meta.dirname, '../../../../..')

describe('loading a backend', () => {
  it.each(['wasm', 'cpu', 'wasm'] as const)('computes on %s, also after a switch', async (name) => {
    const backend = await loadBackend({ engine: name })
    expect(backend).toMatchObject({ name, tfVersion: '', gpu: false, threads: 1 })
    expect(getBackend()).toBe(name)
    const a = tensor2d([[1, 2], [3, 4]]) // prettier-ignore
    expect([...matMul(a, a).dataSync()]).toEqual([7, 10, 15, 22])
  })

  it('computes with TensorFlow, says which and with how many threads', async ({ skip }) => {
    if (!(await nativeAvailable())) return skip('no native engine here')
    const backend = await useBackend('native')
    expect(backend).toMatchObject({ name: 'native', threads: 2 })
    expect(backend.tfVersion).toMatch(/^2\./)
    expect(backend.reason).toContain(`TensorFlow ${backend.tfVersion}`)
    const a = tensor2d([[1, 2], [3, 4]]) // prettier-ignore
    expect([...matMul(a, a).dataSync()]).toEqual([7, 10, 15, 22])
  })

  it('computes on a GPU where one is asked for, or not at all', async ({ skip }) => {
    const home = await tempFolder()
    await expect(loadBackend({ engine: 'gpu', home })).rejects.toMatchObject({
      problems: [{ code: 'engine-unavailable', message: expect.stringContaining('has not been set up') }],
    })
    const info = await provisionNative()
    if (info.kind === 'none') return skip('no native engine here')
    if (info.gpu) return skip('a GPU computes here')
    await expect(loadBackend({ engine: 'gpu' })).rejects.toMatchObject({
      problems: [
        {
          code: 'engine-unavailable',
          message: `a GPU was asked for, and TensorFlow ${info.version} of the ${info.kind} route computes on the processor.`,
        },
      ],
    })
  })

  it('shares one TensorFlow.js core with the backend packages', () => {
    for (const name of ['@tensorflow/tfjs-node-gpu/package.json', '@tensorflow/tfjs-backend-wasm']) {
      const core = createRequire(require.resolve(name))('@tensorflow/tfjs-core') as { engine: unknown }
      expect(core.engine).toBe(engine)
    }
  })

  it('works from a bundle with external packages', async () => {
    const folder = await tempFolder()
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
    const contents = `
      import { grad, square, scalar } from '@tensorflow/tfjs-core'
      import { loadBackend } from './src-main/io/native/load-backend.ts'
      const { name } = await loadBackend({ engine: 'wasm' })
      console.log(name, grad((x) => square(x))(scalar(3)).dataSync()[0])`
    await build({
      stdin: { contents, resolveDir: root, loader: 'ts' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      outfile: join(folder, 'bundle.mjs'),
    })
    const result = await runChild(process.execPath, [join(folder, 'bundle.mjs')])
    expect(result.stdout.trim(), result.stderr).toBe('wasm 6')
  })
})
