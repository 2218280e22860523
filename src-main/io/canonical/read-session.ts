import type { Hdf5File } from '../formats/hdf5/hdf5.ts'
import { invalidFile } from '../formats/base/problem.ts'
import type { FieldReader } from './fields.ts'
import { sessionPath } from './layout.ts'
import { type CanonicalSession, RESPONSE_KINDS, type ResponseKind, type Trials, type Units } from './set.ts'

/** One session with all its arrays. */
export function readSessionFields(file: Hdf5File, fields: FieldReader, key: string): CanonicalSession {
  const at = sessionPath(key)
  if (key.includes('/') || file.kind(at) !== 'group')
    throw invalidFile(
      file.name,
      at,
      'there is no such session.',
      `It has: ${file.names('/sessions').join(', ')}.`,
    )
  const shape = file.dataset(`${at}/responses`).shape
  if (shape.length !== 2 && shape.length !== 3)
    throw invalidFile(file.name, `${at}/responses`, `expected 2 or 3 axes, got ${shape.length}.`)
  const [trials, units, bins = 1] = shape as [number, number, number?] // 2 or 3 axes
  const [binMs, t0Ms] = [fields.optionalNumber(at, 'bin_ms'), fields.optionalNumber(at, 't0_ms')]
  const mean = fields.floats(`${at}/statistics/mean`, units, 'optional')
  const std = fields.floats(`${at}/statistics/std`, units, 'optional')
  const explainableVariance = fields.floats(`${at}/statistics/explainable_variance`, units, 'optional')
  return {
    key,
    subject: fields.text(at, 'subject'),
    area: fields.text(at, 'area'),
    species: fields.text(at, 'species'),
    responseKind: responseKind(file, fields, at),
    ...(binMs !== undefined && { binMs }),
    ...(t0Ms !== undefined && { t0Ms }),
    trials: readTrials(fields, `${at}/trials`, trials),
    units: readUnits(fields, `${at}/units`, units),
    responses: fields.floats(`${at}/responses`, null),
    bins,
    ...(mean && std && { statistics: { mean, std, ...(explainableVariance && { explainableVariance }) } }),
  }
}

function responseKind(file: Hdf5File, fields: FieldReader, at: string): ResponseKind {
  const found = RESPONSE_KINDS.find((kind) => kind === fields.text(at, 'response_kind'))
  if (found) return found
  throw invalidFile(
    file.name,
    `${at}, attribute response_kind`,
    `expected one of ${RESPONSE_KINDS.join(', ')}.`,
  )
}

function readTrials(fields: FieldReader, at: string, count: number): Trials {
  const repeat = fields.ints(`${at}/repeat`, count, 'optional')
  const time = fields.numbers(`${at}/time_s`, count, 'optional')
  const names = fields.strings(`${at}/behavior_names`, null, 'optional')
  const values = names && fields.floats(`${at}/behavior`, count * names.length, 'optional')
  const pupilCenter = fields.floats(`${at}/pupil_center`, count * 2, 'optional')
  return {
    imageId: fields.ints(`${at}/image_id`, count),
    tier: Uint8Array.from(fields.ints(`${at}/tier`, count)),
    ...(repeat && { repeat }),
    ...(time && { timeS: Float64Array.from(time) }),
    ...(names && values && { behavior: { names, values } }),
    ...(pupilCenter && { pupilCenter }),
  }
}

function readUnits(fields: FieldReader, at: string, count: number): Units {
  const type = fields.ints(`${at}/type`, count, 'optional')
  const layer = fields.strings(`${at}/layer`, count, 'optional')
  const depthUm = fields.floats(`${at}/depth_um`, count, 'optional')
  const xyzUm = fields.floats(`${at}/xyz_um`, count * 3, 'optional')
  const quality = fields.strings(`${at}/quality`, count, 'optional')
  const matchId = fields.strings(`${at}/match_id`, count, 'optional')
  return {
    id: fields.strings(`${at}/id`, count),
    ...(type && { type }),
    ...(layer && { layer }),
    ...(depthUm && { depthUm }),
    ...(xyzUm && { xyzUm }),
    ...(quality && { quality }),
    ...(matchId && { matchId }),
  }
}
