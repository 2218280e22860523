import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { ScoredPart } from '../../../../src-shared/contract/evaluation.ts'
import type { NeuralOptions } from '../../../../src-shared/schema/dataset/neural-fields.ts'
import type { WaitClock } from '../../../engine/data/loaders/create-loader.ts'
import { createLoader, groupRepeats, trialExamples } from '../../../engine/data/loaders/create-loader.ts'
import type { Normalisation } from '../../../engine/data/loaders/normalise.ts'
import type { InputShape } from '../../../engine/data/loaders/input-source.ts'
import { firstInfinite } from '../../../engine/data/doctor/suspect-values.ts'
import { firstTwins } from '../../../engine/data/doctor/pixel-hash.ts'
import { shuffleWithinTiers } from '../../../engine/data/splits.ts'
import { scaledColumns } from '../../../engine/data/trial-columns.ts'
import type { SessionShape } from '../../../engine/model/base/shape.ts'
import type { LabelledImages, Loader, NeuralSession, NeuralSet } from '../../../engine/types.ts'
import { readSession } from '../../../io/canonical/neural-session.ts'
import type { CanonicalFile } from '../../../io/canonical/read.ts'
import type { Units } from '../../../io/canonical/set.ts'
import type { Corrupter } from '../../batches/corruption-threads.ts'
import type { DataDeps } from '../../content/data-deps.ts'
import type { LabelledPart } from './labelled-part.ts'
import { labelledPart, requiredLabels } from './labelled-part.ts'
import type { InputMaker } from '../../batches/input-maker.ts'
import { range } from '../images/image-positions.ts'
import type { NeuralInputs } from './neural-inputs.ts'
import { neuralInputs } from './neural-inputs.ts'
import type { SessionTrials } from './session-trials.ts'
import { scoredTrials, sessionTrials } from './session-trials.ts'

/** One area of a run's data: a loader for each session and tier that has trials. */
export interface NeuralPart {
  readonly shape: InputShape
  readonly normalisation: Normalisation
  readonly train: ReadonlyMap<string, Loader>
  readonly validation: ReadonlyMap<string, Loader>
  readonly test: ReadonlyMap<string, Loader>
  readonly sessions: ReadonlyMap<string, NeuralSession>
  readonly shapes: readonly SessionShape[]
  /** Classification of the images shown, where it is among the targets. */
  readonly labelled: LabelledPart | null
}

export interface NeuralPartRequest {
  readonly options: NeuralOptions
  readonly area: NeuralSet
  readonly file: CanonicalFile
  readonly seed: number
  readonly clock: WaitClock
  readonly inputs: InputMaker
  readonly corruptions: Corrupter
  /** What the data file holds, for what is kept on disk. */
  readonly fingerprint: string
  /** Nothing is for training: these trials are scored. */
  readonly scored: ScoredPart | null
  /** What random streams of sessions are named after: a name that comes from a place must change no number. */
  readonly streams: 'by name' | 'by order'
}

type Trials = ReadonlyMap<string, SessionTrials>

/** Loaders of the sessions of one data file. */
export async function neuralPart(request: NeuralPartRequest, deps: DataDeps): Promise<NeuralPart> {
  const { options: o, file, area, seed, scored } = request
  const recorded = chosenSessions(file, area, o).map((key) => openSession(request, key))
  const twins = o.test_frac > 0 && scored === null ? await firstTwins(file.images.source) : null
  const trials: Trials = new Map(
    recorded.map((s) => [
      s.key,
      scored === null ? sessionTrials(s, o, seed, twins) : scoredTrials(s, scored),
    ]),
  )
  const sessions = recorded.map((s) => withScaledColumns(s, trials, scored === null ? o.stats_source : 'all'))
  const measured =
    o.stats_source === 'train' && scored === null
      ? shownImages(sessions, trials).train
      : range(file.images.source.length)
  const inputs = await neuralInputs(file.images, o, measured, request.inputs)
  const matches = new Map<string, number>()
  const labels = o.target_types.includes('img_classification') ? requiredLabels(file, sessions, trials) : null
  const loaders = (tier: keyof SessionTrials): Map<string, Loader> =>
    new Map(
      sessions.flatMap((s) => {
        const chosen = trials.get(s.key)![tier]
        return chosen.length === 0
          ? []
          : [[s.key, tierLoader({ session: s, chosen, tier, inputs, labels }, request)] as const]
      }),
    )
  return {
    shape: inputs.evaluation.shape,
    normalisation: inputs.normalisation,
    train: loaders('train'),
    validation: loaders('validation'),
    test: loaders('test'),
    sessions: new Map(sessions.map((s) => [s.key, s])),
    shapes: sessions.map((s) => ({
      ...sessionShape(s, trials.get(s.key)!.train, o.batch_size),
      ...unitPlaces(file.session(s.key).units, matches),
    })),
    labelled:
      labels === null
        ? null
        : labelledPart({ ...request, labels, neural: inputs, shown: shownImages(sessions, trials) }, deps),
  }
}

/** Sessions by name, or those recorded in the area (and those of which nobody said where). */
function chosenSessions(file: CanonicalFile, area: NeuralSet, o: NeuralOptions): readonly string[] {
  const unknown = o.sessions.find((key) => !file.sessionKeys.includes(key))
  if (unknown !== undefined) {
    throw new CotrainError({
      code: 'config-invalid',
      path: 'sessions',
      message: `${file.path} has no session "${unknown}".`,
      hint: `Its sessions are ${file.sessionKeys.join(', ')}.`,
    })
  }
  const areas = new Map(file.sessionKeys.map((key) => [key, file.session(key).area.toLowerCase()]))
  const recorded = [...file.sessionKeys].sort().filter((key) => ['', area].includes(areas.get(key) ?? ''))
  if (o.sessions.length === 0 && recorded.length === 0) {
    throw new CotrainError({
      code: 'config-invalid',
      path: 'sessions',
      message: `${file.path} has no session of ${area.toUpperCase()}.`,
      hint: `It has ${[...areas].map(([key, own]) => `${key} (${own.toUpperCase()})`).join(', ')}: use the readout of that area, or name the sessions.`,
    })
  }
  const wanted = o.sessions.length > 0 ? o.sessions : recorded
  const kept = wanted.filter((key) => !o.exclude.includes(key))
  if (kept.length === 0) {
    throw new CotrainError({
      code: 'config-invalid',
      path: 'exclude',
      message: 'no session is left.',
      hint: 'Leave out fewer sessions.',
    })
  }
  return kept
}

function openSession({ file, area, options: o, streams }: NeuralPartRequest, key: string): NeuralSession {
  const bins = file.session(key).bins === 1 ? null : chosenBins(o)
  const read = readSession(file, key, { area, average: o.avg, ...(bins && { bins }) })
  const order = [...file.sessionKeys].sort().indexOf(key)
  const session = streams === 'by name' ? read : { ...read, stream: `session ${order}` }
  requireFinite(session, file.path)
  return o.variant === 'shuffled' ? exchanged(session, o.variant_seed) : session
}

/** An infinite response would make the loss, and then every weight, NaN. */
function requireFinite(session: NeuralSession, path: string): void {
  const found = firstInfinite(session)
  if (found === null) return
  throw new CotrainError({
    code: 'file-invalid',
    path: `${path}, /sessions/${session.key}/responses`,
    message: `the response of trial ${found.trial}, unit ${found.unit} is ${found.value}: infinite is neither a number nor missing.`,
    hint: 'Treat it as missing: the button of the finding on the data page, or import again with missing: ["inf", "-inf"].',
  })
}

const chosenBins = ({ time_bins_sum: bins }: NeuralOptions): readonly number[] | null =>
  typeof bins === 'number' ? Array.from({ length: bins }, (_, i) => i) : bins

/** The control: responses belong to other images, and no prediction can be good. */
function exchanged(session: NeuralSession, seed: number): NeuralSession {
  const units = session.units.length
  const responses = new Float32Array(session.responses.length)
  shuffleWithinTiers(session.tier, seed, session.stream ?? session.key).forEach((from, to) =>
    responses.set(session.responses.subarray(from * units, (from + 1) * units), to * units),
  )
  return { ...session, responses }
}

/** Behaviour and eye positions are measured over the same trials as the images. */
function withScaledColumns(
  session: NeuralSession,
  trials: Trials,
  source: NeuralOptions['stats_source'],
): NeuralSession {
  const { behavior, pupil } = session
  const measured = source === 'train' ? trials.get(session.key)!.train : range(session.imageIndex.length)
  return {
    ...session,
    ...(behavior && { behavior: scaledColumns(behavior, measured, false) }),
    ...(pupil && { pupil: scaledColumns(pupil, measured, true) }),
  }
}

/** Images shown in each tier of any session. */
function shownImages(
  sessions: readonly NeuralSession[],
  trials: Trials,
): Record<keyof SessionTrials, Int32Array> {
  const of = (tier: keyof SessionTrials): Int32Array => {
    const seen = new Set<number>()
    for (const s of sessions) for (const t of trials.get(s.key)?.[tier] ?? []) seen.add(s.imageIndex[t]!)
    return Int32Array.from(seen).sort()
  }
  return { train: of('train'), validation: of('validation'), test: of('test') }
}

interface TierLoader {
  readonly session: NeuralSession
  readonly chosen: Int32Array
  readonly tier: keyof SessionTrials
  readonly inputs: NeuralInputs
  readonly labels: LabelledImages | null
}

function tierLoader(
  { session, chosen, tier, inputs, labels }: TierLoader,
  { options: o, seed, clock }: NeuralPartRequest,
): Loader {
  const grouped =
    tier === 'test' ? groupRepeats(chosen, session.imageIndex, o.batch_size) : { trials: chosen }
  const { imageIndex, responses, behavior, pupil } = session
  const table = {
    imageIndex,
    responses,
    units: session.units.length,
    ...(behavior && { behavior }),
    ...(pupil && { pupil }),
  }
  // Only training learns both from one pass; validation and test score classification by loaders of its own.
  const examples = trialExamples(
    grouped.trials,
    tier === 'train' && labels !== null ? { ...table, labels: labels.labels } : table,
  )
  return createLoader(examples, tier === 'train' ? inputs.train : inputs.evaluation, {
    key: session.key,
    ...(session.stream !== undefined && { stream: session.stream }),
    batchSize: o.batch_size,
    shuffle: tier === 'train',
    noise: { kind: tier === 'train' ? 'each-pass' : 'fixed', seed },
    clock,
    ...('starts' in grouped && { starts: grouped.starts }),
  })
}

function sessionShape(session: NeuralSession, train: Int32Array, batchSize: number): SessionShape {
  const { key, area, stream } = session
  return {
    key,
    area,
    ...(stream !== undefined && { stream }),
    units: session.units.length,
    behavior: session.behavior?.names.length ?? 0,
    pupil: session.pupil?.names.length ?? 0,
    meanResponse: meanOver(session, train),
    firstBatchMean: meanOver(session, train.subarray(0, batchSize)),
  }
}

/** Cortical coordinates (x, y) and identities across sessions, for readouts that share by them. */
function unitPlaces(units: Units, matches: Map<string, number>): Partial<SessionShape> {
  const { xyzUm, matchId } = units
  const number = (id: string): number => {
    if (!matches.has(id)) matches.set(id, matches.size)
    return matches.get(id)! // set in the line above
  }
  return {
    ...(xyzUm && { sourceGrid: { values: xyzUm.filter((_, i) => i % 3 < 2), dimensions: 2 } }),
    ...(matchId && { matchIds: matchId.map(number) }),
  }
}

/** Mean response of each unit over the given trials; missing responses do not count. */
function meanOver(session: NeuralSession, trials: Int32Array): Float32Array {
  const units = session.units.length
  const sums = new Float64Array(units)
  const counts = new Float64Array(units)
  for (const t of trials) {
    for (let u = 0; u < units; u++) {
      const value = session.responses[t * units + u]!
      if (Number.isNaN(value)) continue
      sums[u] = sums[u]! + value
      counts[u] = counts[u]! + 1
    }
  }
  return Float32Array.from(sums, (sum, u) => (counts[u] === 0 ? 0 : sum / counts[u]!))
}
