import { refusedFile } from './problem.ts'

/** Names of archive members become paths: anything that could leave the folder is refused. */
export function checkMemberName(file: string, name: string): void {
  const parts = name.split('/')
  const unsafe =
    name === '' ||
    name.startsWith('/') ||
    name.includes('\\') ||
    name.includes('\0') ||
    /^[a-zA-Z]:/.test(name) ||
    parts.includes('..')
  if (unsafe)
    throw refusedFile(
      file,
      JSON.stringify(name),
      'its name points outside the archive.',
      'Do not use this archive.',
    )
}
