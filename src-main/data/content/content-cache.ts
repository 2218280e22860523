import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { canonicalJson } from '../../../src-shared/schema/canonical.ts'
import { writeFileAtomic } from '../../disk/atomic-write.ts'
import type { DataDeps } from './data-deps.ts'
import type { Manifest } from './manifest.ts'
import { sha256 } from '../../disk/sha256.ts'
import { homeLayout } from '../../disk/home-layout.ts'

const entries = z.array(z.object({ name: z.string(), bytes: z.number(), hash: z.string() }))

/** Raised when the same files are described by other hashes. */
const VERSION = 2

/**
 * What was found out about files whose names, sizes and times are `stamps`; found out again where they changed or `trust`
 * says so. Times serve this cache alone and never enter what is found.
 */
export async function cachedContent(
  stamps: unknown,
  find: () => Promise<Manifest>,
  { home }: Pick<DataDeps, 'home'>,
  trust: 'known' | 'again' = 'known',
): Promise<Manifest> {
  const folder = homeLayout(home).contents
  const path = join(folder, `${sha256(canonicalJson({ version: VERSION, stamps }))}.json`)
  const known = trust === 'known' ? await read(path) : null
  if (known !== null) return known
  const found = await find()
  await mkdir(folder, { recursive: true })
  await writeFileAtomic(path, JSON.stringify(found))
  return found
}

async function read(path: string): Promise<Manifest | null> {
  try {
    return entries.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return null // a cache: absent or damaged, it is made again
  }
}
