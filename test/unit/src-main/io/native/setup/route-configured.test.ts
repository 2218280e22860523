import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { routeConfigured } from '../../../../../../src-main/io/native/setup/route-configured.ts'
import { writeTree } from '../../../../../support/sample-images.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'

const LIBRARIES =
  process.platform === 'darwin'
    ? ['libtensorflow_framework.2.dylib', 'libtensorflow_cc.2.dylib']
    : ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2']
const SITE = 'lib/python3.11/site-packages'
const found = (configured: string) =>
  routeConfigured({ folder: '', configured, python: [], report: () => undefined })

/** An environment of Python with TensorFlow and two of its CUDA wheels. */
function environment(): string {
  const root = temporaryFolder()
  const library = LIBRARIES.map((name) => [`${SITE}/tensorflow/${name}`, ''] as const)
  const cuda = ['cublas', 'cudnn'].map((part) => [`${SITE}/nvidia/${part}/lib/lib${part}.so`, ''] as const)
  writeTree(root, { ...Object.fromEntries([...library, ...cuda]), [`${SITE}/nvidia/empty/__init__.py`]: '' })
  return root
}

describe.skipIf(process.platform === 'win32')(
  'a library that was named (there is no such route on Windows)',
  () => {
    it('is found in a Python environment and in its package, with the CUDA wheels beside it', async () => {
      const root = environment()
      const cuda = ['cublas', 'cudnn'].map((part) => join(root, SITE, 'nvidia', part, 'lib'))
      for (const path of [root, join(root, SITE, 'tensorflow')]) {
        const { libDir, libraries, libraryPath } = await found(path)
        expect(libDir).toBe(join(root, SITE, 'tensorflow'))
        expect(libraries).toEqual(LIBRARIES.map((name) => join(root, SITE, 'tensorflow', name)))
        expect([...libraryPath].sort()).toEqual(cuda)
      }
    })

    it('is found in a plain folder, which has nothing beside it', async () => {
      const root = temporaryFolder()
      writeTree(root, Object.fromEntries(LIBRARIES.map((name) => [`lib/${name}`, ''])))
      expect(await found(root)).toMatchObject({ libDir: join(root, 'lib'), libraryPath: [] })
    })

    it('is taken as it is where it is an addon, and refused where there is nothing', async () => {
      const root = temporaryFolder()
      writeTree(root, { 'own.node': '' })
      expect(await found(join(root, 'own.node'))).toMatchObject({
        libraries: [],
        addon: join(root, 'own.node'),
      })
      await expect(found(join(root, 'none'))).rejects.toThrow('does not exist')
      await expect(found(root)).rejects.toThrow()
    })
  },
)
