import { cp, mkdir, readdir } from 'node:fs/promises'
import { basename, isAbsolute, resolve } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { LIVE } from '../../../src-shared/contract/run.ts'
import type { HomeLayout } from '../../disk/home-layout.ts'
import type { RunStore } from '../../store/run-store.ts'

/** Not taken along: derived files, locks of this process, and the engine, whose library names its own folder. */
const leftBehind = ({ index, claims, engine, supervisorLock }: HomeLayout): readonly string[] => [
  index,
  claims,
  engine,
  supervisorLock,
]

/**
 * Prepares another folder as the home: an empty one for a new start, or one with a copy of everything. The old folder is left as
 * it is, so that nothing can be lost. @throws CotrainError when runs work, or the folder is not empty or inside the home.
 */
export async function prepareHome(store: RunStore, path: string, how: 'copy' | 'new'): Promise<string> {
  const { home } = store.layout
  const left = leftBehind(store.layout)
  const next = resolve(path)
  const refuse = (message: string, hint: string): CotrainError =>
    new CotrainError({ code: 'not-allowed', path, message, hint })
  if (!isAbsolute(path)) throw refuse('expected a full path.', 'Begin with the drive or with /.')
  if (`${next}/`.startsWith(`${home}/`))
    throw refuse('this is the storage folder itself or lies in it.', 'Choose a folder elsewhere.')
  const [working] = store.list({ status: [...LIVE] }).runs
  if (working !== undefined)
    throw refuse(`"${working.name}" is ${working.status}.`, 'Wait for it or stop it first.')
  await mkdir(next, { recursive: true })
  const found = await readdir(next)
  const isHome = found.includes(basename(store.layout.runs))
  if (found.length > 0 && !(how === 'new' && isHome))
    throw refuse('the folder is not empty.', 'Choose an empty or a new folder.')
  const isTaken = (from: string): boolean => !left.includes(from) && !from.endsWith('.lock')
  if (how === 'copy') await cp(home, next, { recursive: true, filter: isTaken })
  return next
}
