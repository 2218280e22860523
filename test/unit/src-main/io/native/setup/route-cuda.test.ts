import { existsSync } from 'node:fs'
import { mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { zipSync } from 'fflate'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { RouteContext } from '../../../../../../src-main/io/native/library/library.ts'
import { platformName } from '../../../../../../src-main/io/native/library/native-info.ts'
import { routeCuda } from '../../../../../../src-main/io/native/setup/route-cuda.ts'
import { TENSORFLOW_CUDA } from '../../../../../../src-main/io/native/setup/tensorflow-release.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'
import type { Package } from '../../../../../support/wheel-index.ts'
import { servePackages } from '../../../../../support/wheel-index.ts'

const scratch = temporaryFolder()
const tempFolder = (): Promise<string> => mkdtemp(join(scratch, 'case-'))
/** Small, so that any disk has room. */
const RELEASE = { ...TENSORFLOW_CUDA, unpackedBytes: 1e6, downloadBytes: 1e6 }

const text = (s: string): Uint8Array => new TextEncoder().encode(s)
const wheelOf = (files: Record<string, string>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, content]) => [name, text(content)])), {
    level: 0,
  })

const METADATA = `Name: tensorflow
Requires-Dist: numpy>=1.26.0
Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"
Requires-Dist: nvidia-cudnn-cu12<10.0,>=9.3.0.75; extra == "and-cuda"
Requires-Dist: nvidia-nccl-cu12<3.0,>=2.27.7; extra == "and-cuda"
`
const TENSORFLOW = 'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl'
const tensorflow = {
  'tensorflow/libtensorflow_cc.so.2': 'core',
  'tensorflow/libtensorflow_framework.so.2': 'framework',
  'tensorflow/include/tensorflow/c/c_api.h': 'header',
  'tensorflow-2.21.0.dist-info/METADATA': METADATA,
}
const part = (name: string, version: string, files: Record<string, string>): Package => ({
  name: `nvidia_${name}_cu12-${version}-py3-none-manylinux_2_27_x86_64.whl`,
  content: wheelOf(files),
})
const CUBLAS = part('cublas', '12.10.0.1', {
  'nvidia/cublas/lib/libcublas.so.12': 'cublas '.repeat(5_000),
  'nvidia/cublas/include/cublas.h': 'header',
})
const CUDNN = part('cudnn', '9.3.0.75', { 'nvidia/cudnn/lib/libcudnn.so.9': 'cudnn' })
const NCCL = part('nccl', '2.28.3', { 'nvidia/nccl/lib/libnccl.so.2': 'nccl' })
const PACKAGES: readonly Package[] = [
  { name: TENSORFLOW, content: wheelOf(tensorflow) },
  part('cublas', '12.9.1.4', { 'nvidia/cublas/lib/libcublas.so.12': 'older' }),
  CUBLAS,
  part('cublas', '13.0.0.1', { 'nvidia/cublas/lib/libcublas.so.13': 'of the next CUDA' }),
  { ...CUBLAS, name: CUBLAS.name.replace('x86_64', 'aarch64') },
  CUDNN,
  NCCL,
]

async function serve(packages = PACKAGES, how: Parameters<typeof servePackages>[1] = {}) {
  const served = await servePackages(packages, how)
  vi.stubEnv('COTRAIN_PACKAGE_INDEX', served.index)
  return served
}

const contextIn = (folder: string, more: Partial<RouteContext> = {}): RouteContext => ({
  folder,
  python: [],
  report: () => undefined,
  ...more,
})

const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()

afterEach(() => vi.unstubAllEnvs())

describe.runIf(platformName() === 'linux-x64')('TensorFlow for NVIDIA cards (needs Linux on x64)', () => {
  it('comes with the packages that its metadata names: newest that serve, of this platform, libraries alone', async () => {
    await serve()
    const folder = await tempFolder()
    const library = await routeCuda(contextIn(folder), RELEASE)
    const target = join(folder, 'libtensorflow-2.21.0-cuda')
    expect(library.libDir).toBe(target)
    expect(library.libraryPath.map((path) => relative(target, path))).toEqual([
      'cuda/nvidia-cublas-cu12/nvidia/cublas/lib',
      'cuda/nvidia-cudnn-cu12/nvidia/cudnn/lib',
      'cuda/nvidia-nccl-cu12/nvidia/nccl/lib',
    ])
    const [cublas = ''] = library.libraryPath
    expect(await readFile(join(cublas, 'libcublas.so.12'), 'utf8')).toContain('cublas')
    expect((await filesIn(target)).filter((name) => /cublas\.h|\.part/.test(name))).toEqual([])
    expect(library.downloads.map(({ name }) => name)).toEqual([
      TENSORFLOW,
      CUBLAS.name,
      CUDNN.name,
      NCCL.name,
    ])
    expect(library.downloads[1]).toMatchObject({ bytes: CUBLAS.content.length })
    // Nothing of the download is left, and what is there is not fetched again.
    expect(await readdir(folder)).toEqual(['libtensorflow-2.21.0-cuda'])
    vi.stubEnv('COTRAIN_PACKAGE_INDEX', 'http://127.0.0.1:9/simple')
    expect(await routeCuda(contextIn(folder), RELEASE)).toEqual(library)
  })

  it('goes on where it was stopped: whole packages stay, the one in between is continued', async () => {
    const slow = await serve(PACKAGES, { piece: 5_000 })
    const folder = await tempFolder()
    const stop = new AbortController()
    const report: RouteContext['report'] = ({ doneBytes = 0, message }) => {
      if (message.includes('cublas') && doneBytes >= 15_000) stop.abort()
    }
    await expect(routeCuda(contextIn(folder, { signal: stop.signal, report }), RELEASE)).rejects.toThrow()
    slow.close()
    const { asked } = await serve()
    const library = await routeCuda(contextIn(folder), RELEASE)
    expect(library.libraryPath).toHaveLength(3)
    expect(asked).not.toContain(`/files/${TENSORFLOW}`)
    expect(asked.find((line) => line.startsWith(`/files/${CUBLAS.name}`))).toMatch(/bytes=[1-9]\d*-$/)
  })

  it('refuses a package of another checksum than the index states, and takes the right one afterwards', async () => {
    const other = await tempFolder()
    await serve(PACKAGES, { sha256: '0'.repeat(64) })
    await expect(routeCuda(contextIn(other), RELEASE)).rejects.toThrow(
      /SHA-256 is [0-9a-f]{64}, expected 0{64}/,
    )
    await serve()
    expect((await routeCuda(contextIn(other), RELEASE)).libraryPath).toHaveLength(3)
  })

  it('names the package that the index does not have, with what it has', async () => {
    await serve(PACKAGES.filter((file) => file !== CUBLAS && !file.name.includes('12.9')))
    await expect(routeCuda(contextIn(await tempFolder()), RELEASE)).rejects.toThrow(
      /lists no nvidia-cublas-cu12<13\.0,>=12\.5\.3\.2 for linux-x64 \(versions: 13\.0\.0\.1, 12\.10\.0\.1\)/,
    )
    await serve(PACKAGES.filter((file) => file !== NCCL))
    await expect(routeCuda(contextIn(await tempFolder()), RELEASE)).rejects.toThrow(
      /nccl-cu12\/ answered 404/,
    )
  })

  it('asks nobody where there is no room, and says how much is needed', async () => {
    const { asked } = await serve()
    const folder = await tempFolder()
    const large = { ...RELEASE, unpackedBytes: 1e18 }
    await expect(routeCuda(contextIn(folder), large)).rejects.toThrow(/needs about 1000000000\.0 GB .* free/)
    expect(asked).toEqual([])
    expect(await readdir(folder)).toEqual([])
  })

  it('says that there is no network, by the address that was asked', async () => {
    vi.stubEnv('COTRAIN_PACKAGE_INDEX', 'http://127.0.0.1:9/simple')
    await expect(routeCuda(contextIn(await tempFolder()), RELEASE)).rejects.toThrow(
      /127\.0\.0\.1:9\/simple\/tensorflow\/: .*no Python with pip/,
    )
  })

  it('throws a damaged package away, so that the next attempt fetches it anew', async () => {
    const damaged = { ...CUDNN, content: CUDNN.content.slice() }
    damaged.content[60] = (damaged.content[60] ?? 0) ^ 0xff
    await serve(PACKAGES.map((file) => (file === CUDNN ? damaged : file)))
    const folder = await tempFolder()
    await expect(routeCuda(contextIn(folder), RELEASE)).rejects.toThrow(/cudnn.* cannot be unpacked: /)
    await serve()
    const library = await routeCuda(contextIn(folder), RELEASE)
    expect(await readFile(join(library.libraryPath[1] ?? '', 'libcudnn.so.9'), 'utf8')).toBe('cudnn')
  })

  it('takes a folder that was given, for machines without a network, and leaves it as it is', async () => {
    vi.stubEnv('COTRAIN_PACKAGE_INDEX', 'http://127.0.0.1:9/simple')
    const from = await tempFolder()
    for (const { name, content } of PACKAGES) await writeFile(join(from, name), content)
    const before = await readdir(from)
    const library = await routeCuda(contextIn(await tempFolder(), { from }), RELEASE)
    expect(library.downloads.map(({ name }) => name)).toEqual([
      TENSORFLOW,
      CUBLAS.name,
      CUDNN.name,
      NCCL.name,
    ])
    expect(await readdir(from)).toEqual(before)
    expect(existsSync(join(library.libDir, 'cuda/nvidia-nccl-cu12/nvidia/nccl/lib/libnccl.so.2'))).toBe(true)
  })

  it('is refused where the package names nothing of CUDA', async () => {
    const plain = wheelOf({ ...tensorflow, 'tensorflow-2.21.0.dist-info/METADATA': 'Name: tensorflow\n' })
    await serve([{ name: TENSORFLOW, content: plain }])
    await expect(routeCuda(contextIn(await tempFolder()), RELEASE)).rejects.toThrow(
      'names no packages of CUDA',
    )
  })
})
