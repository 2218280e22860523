import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { type LeftOut, leftOut } from '../../../src-shared/contract/account.ts'
import {
  type CommonOptions,
  type ImporterKind,
  parseImportOptions,
} from '../../../src-shared/schema/importer/importers.ts'
import type { Finding } from '../../engine/data/doctor/finding.ts'
import { openTree } from '../formats/zip/file-tree.ts'
import { unexplainedFiles } from '../images/unexplained.ts'
import { withMissing } from '../canonical/missing-values.ts'
import type { CanonicalSession, CanonicalSet } from '../canonical/set.ts'
import { AREA_NOT_STATED, type AreaSession, splitByArea } from './base/areas.ts'
import type { ImportChoice, ImportedSession, ImportedSet, Importer, Layout } from './base/importer.ts'
import { withoutHoles } from './base/pixel-rules.ts'
import { LEAVE_OUT } from './base/tiers.ts'
import { guessResponseKind } from './base/trial-fields.ts'

/** A layout with everything that all layouts share: options are checked first, common rules are applied last. */
export function importerOf<K extends ImporterKind>(layout: Layout<K>): Importer {
  return {
    kind: layout.kind,
    detect: (path) => layout.detect(path),
    async read(path, given, workFolder, onDecoded) {
      const parsed = parseImportOptions(layout.kind, given)
      if ('problems' in parsed) throw new CotrainError(parsed.problems)
      const set = await layout.read(path, parsed.options, workFolder, onDecoded)
      return finish(layout.kind, set, parsed.options, given, path)
    },
  }
}

/** Missing values, pixels without a number, trials and units to leave out, areas and kinds of responses, in this order. */
async function finish(
  kind: ImporterKind,
  set: ImportedSet,
  options: CommonOptions,
  given: unknown,
  file: string,
): Promise<CanonicalSet> {
  const { images, left: leftImages, done } = await withoutHoles(set.images, options.nanPixels, file)
  const known = new Set(images.id)
  const cleaned = set.sessions.map((session) => clean(session, known, options, leftImages.length > 0))
  const parts = cleaned.map(({ session }) => splitByArea(session, options, file))
  const sessions = parts.flatMap((part) => part.sessions)
  const choices: ImportChoice[] = [
    ...(set.choices ?? []),
    ...parts.flatMap((part) => part.choices),
    ...cleaned.flatMap((one) => one.choices),
    ...(done === null ? [] : [{ what: 'Pixels that are no numbers', value: done, by: 'option' as const }]),
  ]
  const left = [
    ...(set.left ?? []),
    ...(set.seen === undefined ? [] : unusedFiles(file, set.seen)),
    ...leftImages,
    ...cleaned.flatMap((one) => one.left),
    ...parts.flatMap((part) => part.left),
  ]
  const findings = [...(set.findings ?? []), ...unstatedAreas(sessions)]
  const origin = { importer: kind, ...set.origin, options: given ?? {} }
  return {
    name: options.name || set.name,
    provenance: {
      ...origin,
      ...(choices.length > 0 && { choices: unique(choices) }),
      ...(findings.length > 0 && { findings }),
    },
    images,
    sessions: sessions.map(withKind),
    left,
  }
}

/** Files of the folder that no reader of the layout has looked at, by what they seem to be. */
function unusedFiles(path: string, seen: readonly string[]): LeftOut[] {
  const tree = openTree(path)
  try {
    return unexplainedFiles(tree, new Set(seen), {
      reason: 'no trial shows them.',
      fix: 'Nothing, if they belong to another recording.',
    })
  } finally {
    tree.close()
  }
}

interface Cleaned {
  readonly session: ImportedSession
  readonly choices: readonly ImportChoice[]
  readonly left: readonly LeftOut[]
}

/** The session without trials of tier "leave out" or of images that were dropped, with missing values as NaN. */
function clean(
  session: ImportedSession,
  known: ReadonlySet<number>,
  { missing }: Pick<CommonOptions, 'missing'>,
  dropped: boolean,
): Cleaned {
  const { imageId, tier } = session.trials
  const trials = Array.from(imageId.keys())
  const unwanted = trials.filter((trial) => tier[trial] === LEAVE_OUT)
  const unseen = trials.filter((trial) => dropped && tier[trial] !== LEAVE_OUT && !known.has(imageId[trial]!)) // trial < trials
  const gone = new Set([...unwanted, ...unseen])
  const kept =
    gone.size === 0
      ? session
      : keepTrials(
          session,
          trials.filter((trial) => !gone.has(trial)),
        )
  const { responses, count } = withMissing(kept.responses, missing)
  return {
    session: { ...kept, responses },
    left: [
      ...leftOut('trial', unwanted, { reason: 'its tier is to be left out (option tiers).' }),
      ...leftOut('trial', unseen, { reason: 'its image is left out.' }),
    ],
    choices:
      missing.length === 0
        ? []
        : [
            {
              what: 'Treated as missing',
              value: `${missing.join(', ')}: ${count} responses of session ${session.key}`,
              by: 'option',
            },
          ],
  }
}

/** The session with some of its trials, in order. */
function keepTrials(session: ImportedSession, kept: readonly number[]): ImportedSession {
  const { trials, responses, units, bins } = session
  const { repeat, timeS, behavior, pupilCenter } = trials
  const rows = (values: Float32Array, width: number): Float32Array => {
    const out = new Float32Array(kept.length * width)
    kept.forEach((trial, i) => out.set(values.subarray(trial * width, (trial + 1) * width), i * width))
    return out
  }
  return {
    ...session,
    trials: {
      imageId: Int32Array.from(kept, (trial) => trials.imageId[trial]!),
      tier: Uint8Array.from(kept, (trial) => trials.tier[trial]!),
      ...(repeat && { repeat: Int32Array.from(kept, (trial) => repeat[trial]!) }),
      ...(timeS && { timeS: Float64Array.from(kept, (trial) => timeS[trial]!) }),
      ...(behavior && {
        behavior: { names: behavior.names, values: rows(behavior.values, behavior.names.length) },
      }),
      ...(pupilCenter && { pupilCenter: rows(pupilCenter, 2) }),
    },
    responses: rows(responses, units.id.length * bins),
  }
}

const withKind = (session: AreaSession): CanonicalSession => ({
  ...session,
  responseKind: session.responseKind ?? guessResponseKind(session.responses),
})

function unstatedAreas(sessions: readonly AreaSession[]): Finding[] {
  const keys = sessions.flatMap(({ key, area }) => (area === '' ? [key] : []))
  if (keys.length === 0) return []
  return [
    {
      code: 'area-not-stated',
      severity: 'warning',
      message: AREA_NOT_STATED(keys),
      reason:
        'A session trains the readout of its area; an experiment uses these for the area that it names them for.',
      fix: 'Say the area (in a terminal: add the set again with --area v1 or v4), or ignore this where every experiment names it for the right one.',
      where: { field: 'area' },
    },
  ]
}

const unique = (choices: readonly ImportChoice[]): ImportChoice[] => [
  ...new Map(choices.map((choice) => [JSON.stringify(choice), choice])).values(),
]
