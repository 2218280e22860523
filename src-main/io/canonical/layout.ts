import type { NumericValues } from '../formats/hdf5/hdf5-values.ts'
import type { CanonicalImages, CanonicalSession, CanonicalSet } from './set.ts'

/** One array of the file; the writer stores it and the content hash reads it, so the two cannot disagree. */
export type Part =
  | { readonly path: string; readonly values: NumericValues; readonly shape: readonly number[] }
  | { readonly path: string; readonly strings: readonly string[] }

export type Attributes = Readonly<Record<string, string | number>>

const number = (path: string, values: NumericValues | undefined, ...shape: number[]): Part[] =>
  values === undefined ? [] : [{ path, values, shape }]
const text = (path: string, strings: readonly string[] | undefined): Part[] =>
  strings === undefined ? [] : [{ path, strings }]
const defined = (values: Record<string, string | number | undefined>): Attributes =>
  Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string | number] => entry[1] !== undefined),
  )

/** File or class id each image came from: where it was, not what it is. */
export const IMAGE_NAMES = '/images/source'

/** Everything of /images except the pixels. */
export function imageParts(images: CanonicalImages): Part[] {
  return [
    ...number('/images/id', images.id, images.id.length),
    ...number('/images/label', images.label, images.id.length),
    ...text('/images/label_names', images.labelNames),
    ...text(IMAGE_NAMES, images.origin),
  ]
}

export function imageAttributes(images: CanonicalImages): Attributes {
  return defined({
    value_min: images.source.pixels.black,
    value_max: images.source.pixels.white,
    pixels_per_degree: images.pixelsPerDegree,
    background: images.background,
  })
}

/** What the source held beside the content, one JSON object each. */
export const LEFT_OUT = '/left_out'

/** What the images were in the lab's file: no content, so that it stays out of the hash. */
export const pixelProvenance = ({ source: { pixels } }: CanonicalImages): Attributes => ({
  stored_type: pixels.stored,
  white_from: pixels.whiteFrom,
})

export const sessionPath = (key: string): string => `/sessions/${key}`

export function sessionAttributes(session: CanonicalSession): Attributes {
  return defined({
    subject: session.subject,
    area: session.area,
    species: session.species,
    response_kind: session.responseKind,
    bin_ms: session.binMs,
    t0_ms: session.t0Ms,
  })
}

/** Trials, units and responses of one session. */
export function sessionParts(session: CanonicalSession): Part[] {
  const at = sessionPath(session.key)
  const { trials, units } = session
  const [t, n] = [trials.imageId.length, units.id.length]
  const shape = session.bins === 1 ? [t, n] : [t, n, session.bins]
  return [
    ...number(`${at}/trials/image_id`, trials.imageId, t),
    ...number(`${at}/trials/tier`, trials.tier, t),
    ...number(`${at}/trials/repeat`, trials.repeat, t),
    ...number(`${at}/trials/time_s`, trials.timeS, t),
    ...number(`${at}/trials/behavior`, trials.behavior?.values, t, trials.behavior?.names.length ?? 0),
    ...text(`${at}/trials/behavior_names`, trials.behavior?.names),
    ...number(`${at}/trials/pupil_center`, trials.pupilCenter, t, 2),
    ...number(`${at}/responses`, session.responses, ...shape),
    ...text(`${at}/units/id`, units.id),
    ...number(`${at}/units/type`, units.type, n),
    ...text(`${at}/units/layer`, units.layer),
    ...number(`${at}/units/depth_um`, units.depthUm, n),
    ...number(`${at}/units/xyz_um`, units.xyzUm, n, 3),
    ...text(`${at}/units/quality`, units.quality),
    ...text(`${at}/units/match_id`, units.matchId),
  ]
}

/** Arrays the application derives; they are no content and stay out of the hash. */
export function statisticsParts({ key, statistics, units }: CanonicalSession): Part[] {
  const at = `${sessionPath(key)}/statistics`
  return [
    ...number(`${at}/mean`, statistics?.mean, units.id.length),
    ...number(`${at}/std`, statistics?.std, units.id.length),
    ...number(`${at}/explainable_variance`, statistics?.explainableVariance, units.id.length),
  ]
}

export function truthParts(set: CanonicalSet): Part[] {
  return [...(set.groundTruth ?? [])].flatMap(([name, value]) =>
    typeof value === 'object' ? number(`/ground_truth/${name}`, value.data, ...value.shape) : [],
  )
}

export function truthAttributes(set: CanonicalSet): Attributes {
  return Object.fromEntries(
    [...(set.groundTruth ?? [])].filter(
      (entry): entry is [string, string | number] => typeof entry[1] !== 'object',
    ),
  )
}
