import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'

/** What a program finds in a bare root: a place of this machine under another name. */
export interface Bind {
  readonly from: string
  readonly to: string
  readonly readOnly?: boolean
}

/** Libraries that Electron and Node need of a system; everything else must come with the app. */
const LIBRARIES = [
  ...['libc.so.6', 'libm.so.6', 'libdl.so.2', 'libpthread.so.0', 'librt.so.1', 'libresolv.so.2'],
  ...['libstdc++.so.6', 'libgcc_s.so.1', 'libnss_files.so.2', 'libnss_dns.so.2'],
]
const LIBRARY_FOLDERS = ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/lib/aarch64-linux-gnu']
const LOADERS = ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-linux-aarch64.so.1']

const ISOLATED = ['--user', '--map-root-user', '--mount', '--net']

/** Why no bare root can be made here; null where it can. */
export function whyNoBareRoot(): string | null {
  if (process.platform !== 'linux') return 'a bare root needs Linux'
  const tried = spawnSync('unshare', [...ISOLATED, 'sh', '-c', 'mount -t tmpfs t /mnt'])
  return tried.status === 0 ? null : 'this machine lets nobody make a bare root (unshare, mount)'
}

/**
 * Starts a program in a root of its own, without a shell and without a PATH: there is a C library, /proc, a few devices,
 * /tmp, and what is bound. No network at all.
 */
export function startInBareRoot(
  root: string,
  binds: readonly Bind[],
  env: Readonly<Record<string, string>>,
  command: readonly string[],
): ChildProcessWithoutNullStreams {
  mkdirSync(root, { recursive: true })
  const libraries = LIBRARIES.flatMap((name) => LIBRARY_FOLDERS.map((folder) => join(folder, name))).filter(
    (path) => existsSync(path),
  )
  const all: readonly Bind[] = [
    ...[...libraries, ...LOADERS.filter((path) => existsSync(path))].map((path) => ({
      from: path,
      to: path,
      readOnly: true,
    })),
    ...['/dev/null', '/dev/zero', '/dev/urandom', '/dev/random'].map((path) => ({ from: path, to: path })),
    ...binds,
  ]
  const script = [
    'set -e',
    'root="$1"; shift',
    'mount -t tmpfs bare "$root"',
    'mkdir -p "$root/proc" "$root/tmp"',
    'mount --rbind /proc "$root/proc"',
    ...all.map(bindLine),
    'exec env -i "$@"',
  ].join('\n')
  const inside = { ...env, PATH: '/nowhere', HOME: '/home', TMPDIR: '/tmp' }
  const words = Object.entries(inside).map(([name, value]) => `${name}=${value}`)
  const chroot = spawnSync('sh', ['-c', 'command -v chroot'], { encoding: 'utf8' }).stdout.trim()
  return spawn('unshare', [...ISOLATED, 'sh', '-c', script, 'sh', root, ...words, chroot, root, ...command], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

/** A file is bound to a file, a folder to a folder; what is read-only is so for root too. */
function bindLine({ from, to, readOnly = false }: Bind): string {
  const [source, target] = [quoted(from), `"$root"${quoted(to)}`]
  const place = statSync(from).isDirectory()
    ? `mkdir -p ${target}`
    : `mkdir -p "$root"${quoted(dirname(to))} && touch ${target}`
  const bound = `${place} && mount --bind ${source} ${target}`
  return readOnly ? `${bound} && mount -o remount,bind,ro ${target}` : bound
}

const quoted = (path: string): string => `'${path.replaceAll("'", "'\\''")}'`

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** What a program said and how it ended. */
export async function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  child.stdin.end()
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ])
  return { code, out, err }
}
