import type { Problem } from '../../../src-shared/contract/errors.ts'
import type { ImportOption } from '../../../src-shared/schema/importer/importers.ts'
import {
  type CanonicalImages,
  type CanonicalSession,
  type CanonicalSet,
  RESPONSE_KINDS,
  TIERS,
} from './set.ts'

const MAX_LISTED = 20

/** Rules every data file keeps. The list is empty when the set is sound; it stops after the first twenty findings. */
export function validateCanonical(set: CanonicalSet, file: string): Problem[] {
  const ids = new Set(set.images.id)
  return [
    ...imageProblems(set.images, file),
    ...keyProblems(set.sessions, file),
    ...set.sessions.flatMap((session) => sessionProblems(session, ids, file)),
  ].slice(0, MAX_LISTED)
}

const problem = (
  file: string,
  at: string,
  message: string,
  hint: string,
  asks: readonly ImportOption[] = [],
): Problem => ({
  code: 'file-invalid',
  path: `${file}, ${at}`,
  message,
  hint,
  ...(asks.length > 0 && { asks }),
})

function lengthProblem(
  file: string,
  at: string,
  got: number | undefined,
  expected: number,
  of: string,
): Problem[] {
  if (got === undefined || got === expected) return []
  return [
    problem(
      file,
      at,
      `has ${got} values, expected ${expected}, one for each ${of}.`,
      'Make the lengths equal.',
    ),
  ]
}

function imageProblems(images: CanonicalImages, file: string): Problem[] {
  const count = images.source.length
  const twice = firstRepeated(images.id)
  const classes = images.labelNames?.length ?? Infinity
  const label = images.label?.findIndex((value) => value < -1 || value >= classes) ?? -1
  return [
    ...(count === 0 ? [problem(file, '/images/pixels', 'holds no image.', 'Add at least one image.')] : []),
    ...lengthProblem(file, '/images/id', images.id.length, count, 'image'),
    ...lengthProblem(file, '/images/label', images.label?.length, count, 'image'),
    ...lengthProblem(file, '/images/source', images.origin?.length, count, 'image'),
    ...(twice
      ? [
          problem(
            file,
            '/images/id',
            `id ${twice[0]} stands at ${twice[1]} and at ${twice[2]}.`,
            'Give each image an id of its own.',
          ),
        ]
      : []),
    ...(label >= 0
      ? [
          problem(
            file,
            '/images/label',
            `image ${label} has label ${images.label?.[label]}, there are ${classes} names.`,
            'Use -1 for no label.',
          ),
        ]
      : []),
  ]
}

function keyProblems(sessions: readonly CanonicalSession[], file: string): Problem[] {
  const twice = firstRepeated(sessions.map((session) => session.key))
  const odd = sessions.find(({ key }) => key === '' || key === '.' || key.includes('/'))
  return [
    ...(twice
      ? [
          problem(
            file,
            '/sessions',
            `the key "${twice[0]}" is used twice.`,
            'Give each session a key of its own.',
          ),
        ]
      : []),
    ...(odd
      ? [problem(file, '/sessions', `the key "${odd.key}" is empty or holds a slash.`, 'Rename the session.')]
      : []),
  ]
}

function sessionProblems(session: CanonicalSession, ids: ReadonlySet<number>, file: string): Problem[] {
  const at = `/sessions/${session.key}`
  const { trials, units } = session
  const [t, n] = [trials.imageId.length, units.id.length]
  const trial = (name: string, length: number | undefined, each = 1): Problem[] =>
    lengthProblem(file, `${at}/trials/${name}`, length, t * each, 'trial')
  const unit = (name: string, length: number | undefined, each = 1): Problem[] =>
    lengthProblem(file, `${at}/units/${name}`, length, n * each, 'unit')
  return [
    ...(t === 0 || n === 0
      ? [problem(file, at, `has ${t} trials and ${n} units.`, 'A session needs at least one of each.')]
      : []),
    ...lengthProblem(
      file,
      `${at}/responses`,
      session.responses.length,
      t * n * session.bins,
      'trial, unit and bin',
    ),
    ...trial('tier', trials.tier.length),
    ...trial('repeat', trials.repeat?.length),
    ...trial('time_s', trials.timeS?.length),
    ...trial('behavior', trials.behavior?.values.length, trials.behavior?.names.length),
    ...trial('pupil_center', trials.pupilCenter?.length, 2),
    ...unit('type', units.type?.length),
    ...unit('layer', units.layer?.length),
    ...unit('depth_um', units.depthUm?.length),
    ...unit('xyz_um', units.xyzUm?.length, 3),
    ...unit('quality', units.quality?.length),
    ...unit('match_id', units.matchId?.length),
    ...contentProblems(session, ids, file, at),
  ]
}

function contentProblems(
  session: CanonicalSession,
  ids: ReadonlySet<number>,
  file: string,
  at: string,
): Problem[] {
  const twice = firstRepeated(session.units.id)
  return [
    ...trialProblems(session.trials, ids, file, at),
    ...(twice
      ? [
          problem(
            file,
            `${at}/units/id`,
            `unit "${twice[0]}" stands at ${twice[1]} and at ${twice[2]}.`,
            'Give each unit an id of its own.',
          ),
        ]
      : []),
    ...responseProblems(session, file, at),
  ]
}

function trialProblems(
  { imageId, tier }: CanonicalSession['trials'],
  ids: ReadonlySet<number>,
  file: string,
  at: string,
): Problem[] {
  const unknown = imageId.findIndex((id) => !ids.has(id))
  const odd = tier.findIndex((value) => value > TIERS.finalTest)
  return [
    ...(unknown >= 0
      ? [
          problem(
            file,
            `${at}/trials/image_id`,
            `trial ${unknown} shows image ${imageId[unknown]}, which is not in /images/id.`,
            'Add the image or drop the trial.',
          ),
        ]
      : []),
    ...(odd >= 0
      ? [
          problem(
            file,
            `${at}/trials/tier`,
            `trial ${odd} has tier ${tier[odd]}, expected 0 to 4.`,
            '0 pool, 1 train, 2 validation, 3 test, 4 final test.',
          ),
        ]
      : []),
  ]
}

function responseProblems(
  { responses, responseKind, units, bins }: CanonicalSession,
  file: string,
  at: string,
): Problem[] {
  const negative = responseKind === 'counts' ? responses.findIndex((value) => value < 0) : -1
  const row = Math.floor(negative / (units.id.length * bins))
  return [
    ...(negative >= 0
      ? [
          problem(
            file,
            `${at}/responses`,
            `trial ${row} has the count ${responses[negative]}.`,
            'Counts are not negative: state another response kind, or that the value is missing (option missing).',
            ['responseKind', 'missing'],
          ),
        ]
      : []),
    ...(RESPONSE_KINDS.includes(responseKind)
      ? []
      : [
          problem(
            file,
            at,
            `response_kind is "${responseKind}".`,
            `Use one of ${RESPONSE_KINDS.join(', ')}.`,
          ),
        ]),
  ]
}

/** Value and its first two places. */
function firstRepeated<T>(values: ArrayLike<T>): [T, number, number] | null {
  const seen = new Map<T, number>()
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as T // i < length
    const before = seen.get(value)
    if (before !== undefined) return [value, before, i]
    seen.set(value, i)
  }
  return null
}
