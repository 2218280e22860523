import type { Result } from '../../../src-shared/contract/contract.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { duplicateUnits, isDead } from '../../engine/data/doctor/response-findings.ts'
import type { NeuralSession } from '../../engine/types.ts'
import { responseHistogram } from './response-histogram.ts'
import { responseStatistics } from '../../engine/data/doctor/response-statistics.ts'
import { sessionReliability } from '../../io/canonical/check-canonical.ts'
import { readSession } from '../../io/canonical/neural-session.ts'
import type { CanonicalFile } from '../../io/canonical/read.ts'
import { openCanonical } from '../../io/canonical/read.ts'

type Neurons = Result<'data.neurons'>
type Responses = Result<'data.responses'>

/** Opens a data file for the time of one question. */
export async function withData<T>(path: string, use: (file: CanonicalFile) => T | Promise<T>): Promise<T> {
  const file = await openCanonical(path, 'one by one')
  try {
    return await use(file)
  } finally {
    file.close()
  }
}

/** A session by its key, areas beyond V1 and V4 taken as V1; the first one when none is named. @throws CotrainError `not-found`. */
export function sessionOf(file: CanonicalFile, key = file.sessionKeys[0] ?? ''): NeuralSession {
  if (!file.sessionKeys.includes(key))
    throw new CotrainError({
      code: 'not-found',
      path: key,
      message: 'the set has no such session.',
      hint: `Sessions: ${file.sessionKeys.join(', ')}.`,
    })
  const area = file.session(key).area.toLowerCase()
  return readSession(file, key, area === 'v1' || area === 'v4' ? {} : { area: 'v1' })
}

/** One row per unit of every session: moments, reliability where images repeat, and what is wrong with it. */
export const neuronTables = (file: CanonicalFile): Neurons =>
  file.sessionKeys.map((key) => neuronTable(sessionOf(file, key)))

function neuronTable(session: NeuralSession): Neurons[number] {
  const statistics = responseStatistics(session)
  const reliability = sessionReliability(session, statistics)
  const { units } = statistics
  const copies = new Map(duplicateUnits(session).map(([of, copy]) => [copy, of]))
  const explained = reliability && Array.from(reliability.explainableVariance)
  return {
    session: session.key,
    area: session.area.toUpperCase(),
    units: units.map((u) => u.id),
    flags: units.map((u) =>
      u.missing === statistics.trials
        ? 'no response'
        : isDead(u)
          ? 'dead'
          : copies.has(u.id)
            ? `copy of ${copies.get(u.id) ?? ''}`
            : '',
    ),
    columns: {
      ...(reliability && {
        oracle: Array.from(reliability.oracle, finite),
        explainable_variance: (explained ?? []).map(finite),
        // Variance over images that is signal, per variance that is noise.
        snr: (explained ?? []).map((ev) => finite(ev / (1 - ev))),
      }),
      mean: units.map((u) => finite(u.mean)),
      variance: units.map((u) => finite(u.variance)),
      fano: units.map((u) => finite(u.fano)),
      min: units.map((u) => finite(u.min)),
      max: units.map((u) => finite(u.max)),
      trials: units.map((u) => statistics.trials - u.missing),
      missing: units.map((u) => u.missing),
    },
  }
}

/** Histogram of single-trial responses of one unit, or of all units of a session. */
export const responsesOf = (session: NeuralSession, unit: string | null): Responses =>
  responseHistogram(unit === null ? session.responses : columnOf(session, unit))

/** [trials] responses of one unit. @throws CotrainError `not-found`. */
export function columnOf({ responses, units, key }: NeuralSession, unit: string): Float32Array {
  const at = units.indexOf(unit)
  if (at < 0)
    throw new CotrainError({ code: 'not-found', path: unit, message: `session ${key} has no such unit.` })
  const trials = responses.length / units.length
  return Float32Array.from({ length: trials }, (_, trial) => responses[trial * units.length + at]!) // in range
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
