/** System calls on files, as Node names them in its errors: the same codes of others (of a port, of a process) mean other things. */
const ON_FILES = new Set(
  'open close read write fsync fdatasync ftruncate stat lstat fstat scandir opendir access mkdir mkdtemp rmdir rm unlink rename copyfile link symlink utime futime chmod'.split(
    ' ',
  ),
)
const FULL = new Set(['ENOSPC', 'EDQUOT'])
/** What a disk says that is read-only, removed or failing, or that refuses this person. */
const REFUSED: Readonly<Record<string, string>> = {
  EROFS: 'Make the disk writable, or choose another folder in the settings, then try again.',
  EACCES: 'Give yourself the right to read and write it, then try again.',
  EPERM: 'Give yourself the right to read and write it, then try again.',
  EIO: 'Check that the disk is there and whole, then try again; what was there before is left as it is.',
  ENODEV: 'Connect the disk again, then try again.',
  ENXIO: 'Connect the disk again, then try again.',
  ESTALE: 'Mount the network folder anew, then try again.',
  EMFILE: 'Too many files are open: close other programs, then try again.',
  ENFILE: 'Too many files are open: close other programs, then try again.',
}

interface DiskProblem {
  readonly code: 'disk-full'
  readonly path?: string
  readonly message: string
  readonly hint: string
}

interface Words {
  /** The file that it is about, where the error does not name it. */
  readonly path?: string
  readonly message?: string
  /** What to do about a full disk. */
  readonly hint?: string
}

/** What the file system refused, as cause, place and fix; null for any other error. */
export function systemProblem(error: unknown, words: Words = {}): DiskProblem | null {
  if (typeof error !== 'object' || error === null) return null
  const { code, path: named, syscall } = error as { code?: unknown; path?: unknown; syscall?: unknown }
  if (typeof code !== 'string' || (typeof syscall === 'string' && !ON_FILES.has(syscall))) return null
  const path = words.path ?? (typeof named === 'string' ? named : undefined)
  const where = path === undefined ? {} : { path }
  if (FULL.has(code)) {
    const { message = 'the disk is full.', hint = 'Free some space and try again.' } = words
    return { code: 'disk-full', ...where, message, hint }
  }
  const hint = REFUSED[code]
  if (hint === undefined) return null
  return { code: 'disk-full', ...where, message: `the disk cannot be read or written (${code}).`, hint }
}
