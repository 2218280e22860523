import { mkdir, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { join, posix, win32 } from 'node:path'

/** Where the command `cotrain` is put so that a terminal finds it. */
export interface CommandPlace {
  readonly path: string
  /** What a person may have to do besides, '' for nothing. */
  readonly note: string
}

interface Machine {
  readonly platform: NodeJS.Platform
  /** Home of the person. */
  readonly home: string
  readonly env: Readonly<NodeJS.ProcessEnv>
}

/**
 * The place for the command, in a folder that is on the PATH of this system; null where the app is mounted anew at every
 * start (AppImage), as a link into it would lead nowhere the next day.
 */
export function commandPlace({ platform, home, env }: Machine): CommandPlace | null {
  if (env['APPIMAGE'] !== undefined) return null
  if (platform === 'win32') {
    const local = env['LOCALAPPDATA'] ?? win32.join(home, 'AppData', 'Local')
    return { path: win32.join(local, 'Microsoft', 'WindowsApps', 'cotrain.cmd'), note: '' }
  }
  if (platform === 'darwin') return { path: '/usr/local/bin/cotrain', note: '' }
  const folder = posix.join(home, '.local', 'bin')
  const isFound = (env['PATH'] ?? '').split(':').includes(folder)
  const note = isFound ? '' : `Terminals find it once ${folder} is on the PATH: log in again, or add it.`
  return { path: posix.join(folder, 'cotrain'), note }
}

/**
 * Puts the command there: a link to the script that came with the app; on Windows, where links need rights, a script that
 * calls it. What lies there and is not ours is left alone.
 * @throws Error naming the file that is in the way, or with the command that does it with more rights
 */
export async function installCommand(
  { path }: CommandPlace,
  resources: string,
  platform: NodeJS.Platform,
): Promise<void> {
  const isWindows = platform === 'win32'
  const script = join(resources, isWindows ? 'cotrain.cmd' : 'cotrain')
  try {
    await mkdir(join(path, '..'), { recursive: true })
    if (isWindows) return await writeFile(path, `@"${script}" %*\r\n`)
    const there = await readlink(path).catch((error: NodeJS.ErrnoException) => error.code)
    if (there === 'EINVAL')
      throw new Error(`${path} is there and was not made by CoTrain: move it away first.`)
    await rm(path, { force: true })
    await symlink(script, path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EACCES' && code !== 'EPERM') throw error
    throw new Error(`It needs more rights. In a terminal: sudo ln -sf "${script}" ${path}`, { cause: error })
  }
}
