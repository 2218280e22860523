import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { lastLine, runChild } from '../../../process/child.ts'
import type { RouteContext } from '../library/library.ts'

/** This one exists for all platforms of the release. */
const FALLBACK_PYTHON = '3.12'
const POLL_MS = 500

/**
 * Lets pip download the wheel of a requirement (`tensorflow-cpu==2.21.0`) into `folder`: it knows the proxies and indexes that a
 * lab has told it.
 */
export async function pipDownload(what: string, folder: string, context: RouteContext): Promise<string> {
  const python = await pythonWithPip(context.python)
  return fetchWheel(python, what, folder, context)
}

/** A wheel that lies in a folder, or null. */
export async function wheelIn(folder: string): Promise<string | null> {
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

async function fetchWheel(
  python: string,
  what: string,
  folder: string,
  context: RouteContext,
): Promise<string> {
  const temporary = join(folder, `pip-${what.replaceAll(/\W+/g, '-')}`)
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
    context.report({
      phase: 'downloading',
      message: `Downloading ${what} with pip`,
      doneBytes,
      ...size,
    })
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
      ].concat(['--disable-pip-version-check', '-d', temporary, what]),
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
  const wheel = await wheelIn(temporary)
  if (wheel === null) throw new Error('pip ended well but left no wheel')
  const kept = join(folder, basename(wheel))
  await rename(wheel, kept)
  return kept
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
