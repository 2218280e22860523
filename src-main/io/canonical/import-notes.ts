import { z } from 'zod'
import { finding } from '../../../src-shared/contract/views.ts'
import type { Finding } from '../../engine/data/doctor/finding.ts'
import { invalidFile } from '../formats/problem.ts'
import type { CanonicalFile } from './read.ts'

const choice = z.object({
  what: z.string(),
  value: z.string(),
  by: z.enum(['option', 'file', 'fit', 'usual']),
})
const notes = z.object({ choices: z.array(choice).default([]), findings: z.array(finding).default([]) })

/**
 * A reading of the source that could have been another one. By: the user said so, the file says so, nothing else fits, or it is
 * what such files usually mean (then there is a finding).
 */
export type ImportChoice = Readonly<z.output<typeof choice>>

export interface ImportNotes {
  readonly choices: readonly ImportChoice[]
  readonly findings: readonly Finding[]
}

/** What the import decided and found, as the data file keeps it. @throws CotrainError where the file keeps something else. */
export function importNotes({ provenance, path }: Pick<CanonicalFile, 'provenance' | 'path'>): ImportNotes {
  const result = notes.safeParse(provenance)
  if (result.success) return result.data as ImportNotes // optional fields are absent, never undefined: it came from JSON
  throw invalidFile(
    path,
    'attribute provenance',
    'has no readable notes of the import.',
    'Import the data again.',
  )
}
