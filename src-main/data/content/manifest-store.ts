import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { Problem } from '../../../src-shared/contract/errors.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { writeFileAtomic } from '../../disk/atomic-write.ts'
import type { Manifest } from './manifest.ts'
import { fingerprintOf, requireUnchanged } from './manifest.ts'
import { homeLayout } from '../../disk/home-layout.ts'

const entries = z.array(z.object({ name: z.string(), bytes: z.number(), hash: z.string() }))

const fileOf = (home: string, fingerprint: string): string =>
  join(homeLayout(home).manifests, `${fingerprint}.json`)

/** Keeps a manifest under its fingerprint, so that a later difference can be told file by file. */
export async function keepManifest(manifest: Manifest, home: string): Promise<void> {
  const path = fileOf(home, fingerprintOf(manifest))
  if (existsSync(path)) return
  await mkdir(dirname(path), { recursive: true })
  await writeFileAtomic(path, JSON.stringify(manifest))
}

async function readManifest(fingerprint: string, home: string): Promise<Manifest | null> {
  try {
    return entries.parse(JSON.parse(await readFile(fileOf(home, fingerprint), 'utf8')))
  } catch {
    return null // a cache: the difference is then told as a whole
  }
}

/** What differs between two states of a run's data, file by file where both were seen on this machine. */
export async function changesBetween(
  recorded: string,
  found: string,
  home: string,
): Promise<readonly Problem[]> {
  const [before, after] = [await readManifest(recorded, home), await readManifest(found, home)]
  const whole: Problem = {
    code: 'data-changed',
    path: 'dataset',
    message: 'the data are not those that the run was queued with.',
    hint: 'Queue the config again to train on the present data, or put the earlier files back and retry.',
  }
  if (before === null || after === null) return [whole]
  try {
    requireUnchanged(before, after, 'data')
    return [whole]
  } catch (error) {
    return error instanceof CotrainError ? [whole, ...error.problems] : [whole]
  }
}
