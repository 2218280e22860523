import { z } from 'zod'
import { finding, importChoice } from '../../../src-shared/contract/views.ts'
import type { Finding } from '../../engine/data/doctor/finding.ts'
import { invalidFile } from '../formats/base/problem.ts'
import type { CanonicalFile } from './read.ts'

const notes = z.object({ choices: z.array(importChoice).default([]), findings: z.array(finding).default([]) })

export type ImportChoice = Readonly<z.output<typeof importChoice>>

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
