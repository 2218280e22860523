import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { SetFix } from '../../../src-shared/contract/views.ts'
import { counted } from '../../../src-shared/util/counted.ts'
import { nameSome } from '../../engine/data/doctor/finding.ts'
import { firstTwins } from '../../engine/data/doctor/pixel-hash.ts'
import { duplicateUnits, isDead } from '../../engine/data/doctor/response-findings.ts'
import { responseStatistics } from '../../engine/data/doctor/response-statistics.ts'
import { withMissing } from '../../io/canonical/missing-values.ts'
import type { CanonicalFile } from '../../io/canonical/read.ts'
import { type CanonicalImages, type CanonicalSession, TIERS } from '../../io/canonical/set.ts'
import { keepUnits } from '../../io/importers/base/areas.ts'
import { repeatNumbers } from '../../io/importers/base/trial-fields.ts'
import { sessionOf } from '../describe/neuron-data.ts'

/** Fixes that write the recording anew. */
export type Rewriting = Exclude<SetFix, { kind: 'test-share' }>

/** What a recording becomes, and what was done, in the words that are kept with it. */
interface Mended {
  readonly images?: CanonicalImages
  readonly sessions: CanonicalSession[]
  readonly what: string
  readonly value: string
}

/** The recording with one thing mended. @throws CotrainError `not-found` where there is nothing of the kind in the set `name` */
export async function mendedContent(file: CanonicalFile, fix: Rewriting, name: string): Promise<Mended> {
  const sessions = file.sessionKeys.map((key) => file.session(key))
  switch (fix.kind) {
    case 'missing':
      return treatedAsMissing(sessions, fix.values, name)
    case 'units':
      return withoutUnits(file, fix.which, name)
    case 'equal-images':
      return withOneOfEach(file.images, sessions, name)
    case 'test-images':
      return withWholeImages(sessions, name)
    case 'area':
      return withArea(sessions, fix, name)
  }
}

const nothing = (path: string, message: string, hint: string): CotrainError =>
  new CotrainError({ code: 'not-found', path, message, hint })

function treatedAsMissing(
  sessions: readonly CanonicalSession[],
  values: Extract<Rewriting, { kind: 'missing' }>['values'],
  name: string,
): Mended {
  const changed = sessions.map((session) => ({ session, ...withMissing(session.responses, values) }))
  const count = changed.reduce((sum, one) => sum + one.count, 0)
  if (count === 0)
    throw nothing(name, `no response is ${values.join(' or ')}.`, 'Name values that the responses have.')
  return {
    sessions: changed.map(({ session, responses }) => ({ ...session, responses })),
    what: 'Treated as missing',
    value: `${values.join(', ')}: ${count} responses`,
  }
}

const UNITS = { dead: 'never change', empty: 'have no response', copies: 'repeat another unit' } as const

function withoutUnits(file: CanonicalFile, which: keyof typeof UNITS, name: string): Mended {
  const left: string[] = []
  const sessions = file.sessionKeys.map((key) => {
    const { statistics: _, ...session } = file.session(key)
    const unwanted = unitsThat(file, key, which)
    left.push(...unwanted)
    const kept = session.units.id.flatMap((id, unit) => (unwanted.has(id) ? [] : [unit]))
    return keepUnits(session, kept)
  })
  if (left.length === 0) throw nothing(name, `has no units that ${UNITS[which]}.`, 'Check the set again.')
  return {
    sessions,
    what: 'Units left out',
    value: `${counted(left.length, 'unit', 'units')} that ${UNITS[which]}: ${nameSome(left)}`,
  }
}

function unitsThat(file: CanonicalFile, key: string, which: keyof typeof UNITS): ReadonlySet<string> {
  const session = sessionOf(file, key)
  if (which === 'copies') return new Set(duplicateUnits(session).map(([, copy]) => copy))
  const { units, trials } = responseStatistics(session)
  return new Set(
    units.filter((unit) => (which === 'dead' ? isDead(unit) : unit.missing === trials)).map(({ id }) => id),
  )
}

/** The first of equal images stays, and trials of the others show it. */
async function withOneOfEach(
  images: CanonicalImages,
  sessions: readonly CanonicalSession[],
  name: string,
): Promise<Mended> {
  const { source, id, label, origin, ...rest } = images
  const twins = await firstTwins(source)
  const kept = [...twins.keys()].filter((at) => twins[at] === at)
  if (kept.length === source.length) throw nothing(name, 'has no equal images.', 'Check the set again.')
  const first = new Map(Array.from(id, (value, at) => [value, id[twins[at] ?? at] ?? value]))
  return {
    images: {
      ...rest,
      source: {
        ...source,
        length: kept.length,
        read: (indices, out) =>
          source.read(
            Array.from(indices, (at) => kept[at] ?? 0),
            out,
          ),
      },
      id: Int32Array.from(kept, (at) => id[at] ?? 0),
      ...(label && { label: Int32Array.from(kept, (at) => label[at] ?? -1) }),
      ...(origin && { origin: kept.map((at) => origin[at] ?? '') }),
    },
    sessions: sessions.map((session) => {
      const imageId = session.trials.imageId.map((value) => first.get(value) ?? value)
      const repeat = session.trials.repeat && repeatNumbers(imageId)
      return { ...session, trials: { ...session.trials, imageId, ...(repeat && { repeat }) } }
    }),
    what: 'Equal images made one',
    value: `${counted(source.length - kept.length, 'copy', 'copies')} of ${source.length} images`,
  }
}

/** An image is shown for testing in every session in which it tests at all. */
function withWholeImages(sessions: readonly CanonicalSession[], name: string): Mended {
  let moved = 0
  const changed = sessions.map((session) => {
    const { imageId, tier } = session.trials
    const tests = new Map<number, number>()
    imageId.forEach((image, trial) => {
      const own = tier[trial] ?? TIERS.pool
      if (own >= TIERS.test) tests.set(image, own)
    })
    const whole = tier.map((own, trial) => {
      const test = own >= TIERS.test ? undefined : tests.get(imageId[trial] ?? -1)
      if (test !== undefined) moved++
      return test ?? own
    })
    return { ...session, trials: { ...session.trials, tier: whole } }
  })
  if (moved === 0) throw nothing(name, 'no test image is shown in training trials.', 'Check the set again.')
  return { sessions: changed, what: 'Test images kept from training', value: `${moved} trials` }
}

function withArea(
  sessions: readonly CanonicalSession[],
  { session, area }: Extract<Rewriting, { kind: 'area' }>,
  name: string,
): Mended {
  const found = sessions.filter((one) => (session === undefined ? one.area === '' : one.key === session))
  if (found.length === 0)
    throw nothing(
      name,
      session === undefined ? 'every session says its area.' : `has no session "${session}".`,
      `Sessions: ${sessions.map(({ key }) => key).join(', ')}.`,
    )
  return {
    sessions: sessions.map((one) => (found.includes(one) ? { ...one, area: area.toUpperCase() } : one)),
    what: 'Area',
    value: `${area.toUpperCase()} for ${found.map(({ key }) => key).join(', ')}`,
  }
}
