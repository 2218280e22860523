import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { ScoredPart } from '../../../../src-shared/contract/evaluation.ts'
import type { NeuralOptions } from '../../../../src-shared/schema/dataset/neural-fields.ts'
import { chooseTestImages, chooseTrials, splitNeuralImages } from '../../../engine/data/splits.ts'
import type { NeuralSession } from '../../../engine/types.ts'
import { TIERS } from '../../../io/canonical/set.ts'

/** Trials of a session by what they are used for. */
export interface SessionTrials {
  readonly train: Int32Array
  readonly validation: Int32Array
  readonly test: Int32Array
}

type SplitOptions = Pick<
  NeuralOptions,
  | 'dataset'
  | 'train_frac'
  | 'legacy_split'
  | 'test_frac'
  | 'test_split'
  | 'test_seed'
  | 'image_frac'
  | 'image_selection_seed'
  | 'randomize_image_selection'
>

/** Test images of this published set come last and are not split. */
const SPLIT_SHARE: Readonly<Record<string, number>> = { PlosCB19_V1: 0.8 }

/**
 * Trials of the training pool follow their image into training or validation; the other tiers are fixed by the file.
 * `twins` [images] is the first image with the same pixels: where one of them tests, all of them do.
 */
export function sessionTrials(
  session: NeuralSession,
  o: SplitOptions,
  seed: number,
  twins: Int32Array | null = null,
): SessionTrials {
  const ofTier = (...tiers: number[]): Int32Array =>
    Int32Array.from(session.tier.keys()).filter((t) => tiers.includes(session.tier[t]!))
  const given = ofTier(TIERS.test)
  const fixed = given.length > 0 ? given : ofTier(TIERS.finalTest)
  const pool = ofTier(TIERS.pool, TIERS.train)
  const held =
    fixed.length > 0 || o.test_frac === 0 ? new Set<number>() : withTwins(testImages(session, pool, o), twins)
  const isHeld = (t: number): boolean => held.has(session.imageIndex[t]!) // t is a trial
  const kept = fractionOf(
    pool.filter((t) => !isHeld(t)),
    session.stream ?? session.key,
    o,
    seed,
  )
  const images = session.images.length
  const share = SPLIT_SHARE[o.dataset]
  const part = splitNeuralImages(images, {
    trainFrac: o.train_frac,
    seed,
    legacy: o.legacy_split,
    ...(o.legacy_split && share !== undefined && { limit: share * images }),
  })
  const side = (t: number): number => (session.tier[t] === TIERS.train ? 1 : part[session.imageIndex[t]!]!)
  const out = {
    train: kept.filter((t) => side(t) === 1),
    validation: merged(
      kept.filter((t) => side(t) === 0),
      ofTier(TIERS.validation).filter((t) => !isHeld(t)),
    ),
    test: held.size > 0 ? pool.filter(isHeld) : fixed,
  }
  if (out.train.length === 0) throw noTraining(session.key)
  return out
}

/** Trials that are scored by networks that were trained on others. @throws CotrainError `data-missing` without test trials */
export function scoredTrials(session: NeuralSession, part: ScoredPart): SessionTrials {
  const all = Int32Array.from(session.tier.keys())
  const ofTier = (tier: number): Int32Array => all.filter((t) => session.tier[t] === tier)
  const given = ofTier(TIERS.test)
  const test = part === 'all' ? all : given.length > 0 ? given : ofTier(TIERS.finalTest)
  if (test.length > 0) return { train: new Int32Array(), validation: new Int32Array(), test }
  throw new CotrainError({
    code: 'data-missing',
    path: `session ${session.key}`,
    message: 'the recording has no test trials.',
    hint: 'Score everything (--part all), if none of it was trained on.',
  })
}

/** The chosen images with all that have the same pixels. */
function withTwins(chosen: ReadonlySet<number>, twins: Int32Array | null): ReadonlySet<number> {
  if (twins === null) return chosen
  const groups = new Set([...chosen].map((image) => twins[image]!)) // an entry for each image
  return new Set([...twins.keys()].filter((image) => groups.has(twins[image]!)))
}

/** Positions of the images whose trials test: drawn over the file, or over what the session shows. */
function testImages(session: NeuralSession, pool: Int32Array, o: SplitOptions): ReadonlySet<number> {
  if (o.test_split === 'common')
    return new Set(chooseTestImages(session.images.length, o.test_frac, o.test_seed))
  const shown = [...new Set(pool.map((t) => session.imageIndex[t]!))].sort((a, b) => a - b)
  return new Set(Array.from(chooseTestImages(shown.length, o.test_frac, o.test_seed), (i) => shown[i]!))
}

function fractionOf(trials: Int32Array, session: string, o: SplitOptions, seed: number): Int32Array {
  if (o.image_frac >= 1) return trials
  const chosen = chooseTrials(trials.length, {
    fraction: o.image_frac,
    seed: o.image_selection_seed ?? seed,
    session,
    randomize: o.randomize_image_selection,
  })
  return chosen.map((i) => trials[i]!)
}

const merged = (a: Int32Array, b: Int32Array): Int32Array => Int32Array.from([...a, ...b]).sort()

const noTraining = (session: string): CotrainError =>
  new CotrainError({
    code: 'data-missing',
    path: `session ${session}`,
    message: 'no trial is left for training.',
    hint: 'Raise train_frac or image_frac, or leave the session out.',
  })
