import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { lastLine, runChild } from '../../../process/child.ts'
import type { FoundLibrary, RouteContext } from '../library/library.ts'
import { libraryIn } from '../library/library.ts'
import { sha256OfFile } from '../../../disk/sha256.ts'

/** TensorFlow release whose kernels and speed the project was measured with. */
const VERSION = '2.21.0'
const PACKAGE = process.platform === 'darwin' ? 'tensorflow' : 'tensorflow-cpu'
/** The C library is the same in the wheel of every Python; this one exists for all platforms of the release. */
const FALLBACK_PYTHON = '3.12'
const POLL_MS = 500
const RECORD = 'download.json'

/** Unpacks the library and its headers, checking each member's CRC; prints progress and then one result line. */
const UNPACK = `
import json, os, re, sys, zipfile
wheel, out = sys.argv[1:3]
keep = re.compile(r'tensorflow/(libtensorflow_(cc|framework)(\\.so\\.2|\\.2\\.dylib)$|include/(tensorflow/c|tensorflow/core/platform|tsl|xla)/)')
with zipfile.ZipFile(wheel) as z:
    members = [m for m in z.infolist() if keep.match(m.filename) and not m.is_dir() and '..' not in m.filename]
    total, done = sum(m.file_size for m in members), 0
    for m in members:
        path = os.path.join(out, m.filename.split('/', 1)[1])
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with z.open(m) as source, open(path, 'wb') as target:
            while block := source.read(1 << 23):
                target.write(block)
                done += len(block)
                if len(block) == 1 << 23: print(json.dumps([done, total]), flush=True)
print(json.dumps([done, total]))
`

/** Downloads the pip wheel of TensorFlow with pip itself and keeps the C library and headers of it. */
export async function routeWheel(context: RouteContext): Promise<FoundLibrary> {
  if (process.platform === 'win32') throw new Error('the wheel for Windows has no linkable C library')
  const target = join(context.folder, `libtensorflow-${VERSION}`)
  if (existsSync(target)) return { ...libraryIn(target), downloads: await readDownloads(target) }
  const download = join(context.folder, `wheel-${VERSION}.part`)
  await mkdir(download, { recursive: true })
  const python = await pythonWithPip(context.python)
  const wheel = await finishedWheel(download).then((path) => path ?? downloadWheel(python, download, context))
  const { size } = await stat(wheel)
  const downloads = [{ name: basename(wheel), bytes: size, sha256: await sha256OfFile(wheel) }]
  await unpackWheel({ python, wheel, target, downloads }, context)
  await rm(download, { recursive: true, force: true })
  return { ...libraryIn(target), downloads }
}

/** The record of an earlier unpacking; it was written before the folder got its final name. */
async function readDownloads(target: string): Promise<FoundLibrary['downloads']> {
  return JSON.parse(await readFile(join(target, RECORD), 'utf8')) as FoundLibrary['downloads']
}

/** A wheel is moved into `folder` when pip has ended well, so one that lies there is whole. */
async function finishedWheel(folder: string): Promise<string | null> {
  const name = (await readdir(folder)).find((n) => n.endsWith('.whl'))
  return name === undefined ? null : join(folder, name)
}

async function pythonWithPip(candidates: readonly string[]): Promise<string> {
  for (const python of candidates) {
    const result = await runChild(python, ['-m', 'pip', '--version'], { timeoutMs: 20_000 }).catch(() => null)
    if (result?.code === 0) return python
  }
  throw new Error(`no Python with pip among ${candidates.join(', ')}`)
}

async function downloadWheel(python: string, folder: string, context: RouteContext): Promise<string> {
  const temporary = join(folder, 'pip')
  await rm(temporary, { recursive: true, force: true })
  await mkdir(temporary, { recursive: true })
  let totalBytes: number | undefined
  const readSize = (line: string): void => {
    const match = /\((\d+(?:\.\d+)?) MB\)/.exec(line)
    if (match?.[1] !== undefined) totalBytes = Number(match[1]) * 1e6
  }
  const reportSize = async (): Promise<void> => {
    const size = totalBytes === undefined ? {} : { totalBytes }
    const doneBytes = await folderBytes(temporary)
    context.report({ phase: 'downloading', message: `Downloading ${PACKAGE} ${VERSION}`, doneBytes, ...size })
  }
  const poll = setInterval(() => void reportSize(), POLL_MS)
  const pip = (...extra: readonly string[]) =>
    runChild(
      python,
      [
        '-m',
        'pip',
        'download',
        '--no-deps',
        '--only-binary=:all:',
        '--progress-bar',
        'off',
        '--retries',
        '2',
        ...extra,
      ].concat(['--disable-pip-version-check', '-d', temporary, `${PACKAGE}==${VERSION}`]),
      { env: { TMPDIR: temporary }, onLine: readSize, ...(context.signal ? { signal: context.signal } : {}) },
    )
  try {
    let result = await pip()
    if (result.code !== 0 && /no matching distribution/i.test(result.stderr))
      result = await pip('--python-version', FALLBACK_PYTHON)
    if (result.code !== 0) throw new Error(`pip: ${lastLine(result.stderr)}`)
  } finally {
    clearInterval(poll)
  }
  const wheel = await finishedWheel(temporary)
  if (wheel === null) throw new Error('pip ended well but left no wheel')
  const kept = join(folder, basename(wheel))
  await rename(wheel, kept)
  return kept
}

interface Unpacking {
  readonly python: string
  readonly wheel: string
  readonly target: string
  readonly downloads: FoundLibrary['downloads']
}

async function unpackWheel(unpacking: Unpacking, context: RouteContext): Promise<void> {
  const { python, wheel, target, downloads } = unpacking
  const part = `${target}.part`
  await rm(part, { recursive: true, force: true })
  await mkdir(part, { recursive: true })
  const onLine = (line: string): void => {
    if (!line.startsWith('[')) return
    const [doneBytes = 0, totalBytes = 0] = JSON.parse(line) as number[]
    context.report({ phase: 'unpacking', message: 'Unpacking the TensorFlow library', doneBytes, totalBytes })
  }
  const result = await runChild(python, ['-c', UNPACK, wheel, part], {
    onLine,
    ...(context.signal ? { signal: context.signal } : {}),
  })
  if (result.code !== 0) {
    await rm(wheel, { force: true })
    throw new Error(`the wheel cannot be unpacked: ${lastLine(result.stderr)}`)
  }
  await writeFile(join(part, RECORD), JSON.stringify(downloads))
  await rename(part, target)
}

async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const sizes = entries
    .filter((e) => e.isFile())
    .map((e) =>
      stat(join(e.parentPath, e.name)).then(
        (s) => s.size,
        () => 0,
      ),
    )
  return (await Promise.all(sizes)).reduce((sum, n) => sum + n, 0)
}
