import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { openCanonical } from '../../io/canonical/read.ts'
import type { DataDeps } from '../content/data-deps.ts'
import { CONTENT_RULE } from '../content/manifest.ts'
import { describeResponses } from '../describe/describe-responses.ts'
import type { DataRecord } from '../places/library-records.ts'

/** The record of a data file that lies in the library already. */
export async function recordOf(
  place: {
    readonly file: string
    readonly hash: string
    readonly origin: string
    readonly name: string
    /** later: what the checks find is not waited for. */
    readonly checks?: 'now' | 'later' | undefined
  },
  deps: DataDeps,
): Promise<DataRecord> {
  const isLater = place.checks === 'later'
  const file = await openCanonical(place.file)
  try {
    const content = await describeResponses(file, isLater ? 'outline' : 'full', deps.progress)
    const { size } = await stat(place.file)
    const { hash } = place
    return {
      version: 1,
      id: hash,
      name: place.name,
      aliases: [],
      kind: 'neural',
      origin: place.origin,
      path: place.file,
      formerly: [],
      addedAt: deps.date().getTime(),
      bytes: size,
      rule: CONTENT_RULE,
      checked: !isLater,
      size: null,
      stated: {},
      ignored: {},
      options: {},
      ...content,
      facts: [...content.facts],
      findings: [...content.findings],
      manifest: [{ name: basename(place.file), bytes: size, hash }],
    }
  } finally {
    file.close()
  }
}
