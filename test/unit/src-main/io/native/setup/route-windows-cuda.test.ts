import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { zipSync } from 'fflate'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { FoundLibrary, RouteContext } from '../../../../../../src-main/io/native/library/library.ts'
import { searchPath } from '../../../../../../src-main/io/native/library/try-engine.ts'
import { routeWindowsCuda } from '../../../../../../src-main/io/native/setup/route-windows-cuda.ts'
import { TENSORFLOW_CUDA_11 } from '../../../../../../src-main/io/native/setup/tensorflow-release.ts'
import { writeTree } from '../../../../../support/sample-images.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'
import type { Package } from '../../../../../support/wheel-index.ts'
import { servePackages } from '../../../../../support/wheel-index.ts'

/** Small, so that any disk has room. */
const release = { ...TENSORFLOW_CUDA_11, unpackedBytes: 1e6, downloadBytes: 1e6 }

/** A package of CUDA 11 for Windows: its libraries lie in `bin`. */
function part(project: string, version: string, libraries: readonly string[]): Package {
  const place = project.replace('cuda-', 'cuda_')
  const files = [
    ...libraries.map((name) => `nvidia/${place}/bin/${name}`),
    `nvidia/${place}/include/${place}.h`,
  ]
  const content = zipSync(Object.fromEntries(files.map((name) => [name, new TextEncoder().encode(version)])))
  return { name: `nvidia_${place}_cu11-${version}-py3-none-win_amd64.whl`, content }
}
const CUDNN = part('cudnn', '8.9.5.29', ['cudnn64_8.dll', 'cudnn_ops_infer64_8.dll'])
const PACKAGES: readonly Package[] = [
  part('cuda-runtime', '11.8.89', ['cudart64_110.dll']),
  part('cublas', '11.11.3.6', ['cublas64_11.dll', 'cublasLt64_11.dll']),
  part('cufft', '10.9.0.58', ['cufft64_10.dll']),
  part('curand', '10.3.0.86', ['curand64_10.dll']),
  part('cusolver', '11.4.1.48', ['cusolver64_11.dll']),
  part('cusparse', '11.7.5.86', ['cusparse64_11.dll']),
  CUDNN,
  part('cudnn', '9.1.0.70', ['cudnn64_9.dll']),
  { ...CUDNN, name: CUDNN.name.replace('8.9.5.29', '8.9.6.50').replace('win_amd64', 'manylinux2014_x86_64') },
]

/** What the driver and a person have put into the system's folder. */
function system(...names: string[]): string[] {
  const folder = temporaryFolder()
  writeTree(folder, Object.fromEntries(names.map((name) => [name, 'dll'])))
  return [folder]
}

const tensorflow: FoundLibrary = {
  libDir: 'C:\\engine\\deps\\lib',
  libraries: ['C:\\engine\\deps\\lib\\tensorflow.dll'],
  addon: 'C:\\engine\\lib\\napi-v8\\tfjs_binding.node',
  libraryPath: [],
  downloads: [{ name: 'tensorflow.dll', bytes: 1, sha256: '0' }],
}
const library = (): Promise<FoundLibrary> => Promise.resolve(tensorflow)
const contextIn = (folder: string): RouteContext => ({ folder, python: [], report: () => undefined })

async function serve(packages = PACKAGES) {
  const served = await servePackages(packages)
  vi.stubEnv('COTRAIN_PACKAGE_INDEX', served.index)
  return served
}

afterEach(() => vi.unstubAllEnvs())

describe('TensorFlow for NVIDIA cards on Windows (on stand-ins of its packages)', () => {
  const usual = system('nvcuda.dll', 'zlibwapi.dll')

  it('is the download of TensorFlow.js with the packages of CUDA 11 for Windows, whose folders go on the path', async () => {
    await serve()
    const folder = temporaryFolder()
    const found = await routeWindowsCuda(contextIn(folder), { release, library, usual })
    const { libraryPath, downloads, ...rest } = found
    expect({ ...rest, libraryPath: [], downloads: downloads.slice(0, 1) }).toEqual(tensorflow)
    const place = join(folder, 'libtensorflow-2.9.1-cuda11', 'cuda')
    expect(libraryPath.map((path) => relative(place, path))).toEqual(
      ['cuda-runtime', 'cublas', 'cufft', 'curand', 'cusolver', 'cusparse', 'cudnn'].map((name) =>
        join(`nvidia-${name}-cu11`, 'nvidia', name.replace('-', '_'), 'bin'),
      ),
    )
    expect(downloads.at(-1)?.name).toBe(CUDNN.name)
    expect(await readFile(join(libraryPath.at(-1) ?? '', 'cudnn64_8.dll'), 'utf8')).toBe('8.9.5.29')
    expect(await readdir(join(libraryPath.at(-1) ?? '', '..'))).toEqual(['bin'])
    vi.stubEnv('PATH', 'C:\\Windows')
    expect(searchPath(libraryPath, 'win32')).toEqual({ PATH: [...libraryPath, 'C:\\Windows'].join(';') })
    // What is there is not fetched again.
    vi.stubEnv('COTRAIN_PACKAGE_INDEX', 'http://127.0.0.1:9/simple')
    expect(await routeWindowsCuda(contextIn(folder), { release, library, usual })).toEqual(found)
  })

  it('names what cuDNN would not find, and where to put it; then it goes on without a download', async () => {
    await serve()
    const context = contextIn(temporaryFolder())
    const alone = system('nvcuda.dll')
    const refused = await routeWindowsCuda(context, { release, library, usual: alone }).catch(String)
    const bin = /would not find zlibwapi\.dll \(.* put it into (.*bin)\)$/.exec(String(refused))?.[1] ?? ''
    await writeFile(join(bin, 'zlibwapi.dll'), 'dll')
    vi.stubEnv('COTRAIN_PACKAGE_INDEX', 'http://127.0.0.1:9/simple')
    await expect(routeWindowsCuda(context, { release, library, usual: alone })).resolves.toBeDefined()
  })

  it('asks for TensorFlow first: nothing else is fetched where that cannot be had', async () => {
    const { asked } = await serve()
    const compiler = (): Promise<never> => Promise.reject(new Error('it needs the C++ tools'))
    await expect(
      routeWindowsCuda(contextIn(temporaryFolder()), { release, library: compiler, usual }),
    ).rejects.toThrow('it needs the C++ tools')
    expect(asked).toEqual([])
  })

  it('names the package that the index does not have for Windows', async () => {
    await serve(PACKAGES.filter((file) => file !== CUDNN))
    await expect(routeWindowsCuda(contextIn(temporaryFolder()), { release, library, usual })).rejects.toThrow(
      /lists no nvidia-cudnn-cu11>=8\.1,<9 for win32-x64 \(versions: 9\.1\.0\.70, 8\.9\.6\.50\)/,
    )
  })
})
