import type { Analysis } from '../../../src-shared/contract/analysis.ts'
import { canonicalJson } from '../../../src-shared/schema/canonical.ts'
import { isOfUnits } from '../../../src-shared/schema/analysis/analyses.ts'
import type { AnalysisKind, AnalysisOptions } from '../../../src-shared/schema/analysis/analyses.ts'
import { createRng } from '../../../src-shared/util/rng.ts'
import type { Progress } from '../../engine/analysis/responder.ts'
import { setConvPrecision } from '../../engine/tensor/index.ts'
import { buildData } from '../../data/assemble/build-data.ts'
import { shortSha256 } from '../../disk/sha256.ts'
import type { EvaluationDeps } from '../evaluate/evaluate-here.ts'
import { scoredIn } from '../evaluate/scored-in.ts'
import type { TrainedRun } from '../evaluate/trained-run.ts'
import { openTrainedRun, requireSameData } from '../evaluate/trained-run.ts'
import { ruleOf } from '../workers/engine-parts.ts'
import type { ChosenUnits } from './chosen-units.ts'
import { chosenUnits } from './chosen-units.ts'
import type { Findings } from './findings.ts'
import { SCALE, scaleArray } from './findings.ts'
import { ANALYSIS_VERSION, keepAnalysis, keptAnalysis } from './kept-analysis.ts'
import type { UnitAnalysis } from './methods.ts'
import { METHODS } from './methods.ts'
import { openResponder, scaleOf } from './open-responder.ts'
import type { RecordedImages } from './recorded-images.ts'
import { recordedImages } from './recorded-images.ts'
import type { SimilarityWork } from './similarity/similarity-findings.ts'
import { similarity } from './similarity/similarity-findings.ts'

/** What a worker is asked; the options are those of the analysis, checked and complete. */
export interface AnalysisWish {
  readonly id: string
  readonly what: AnalysisKind
  readonly units: readonly string[]
  readonly best: number
  readonly options: AnalysisOptions<AnalysisKind>
  readonly others: readonly string[]
}

/**
 * Analyses units or layers of a trained network and keeps the result beside its run. A result that is there is given as it is.
 * @throws CotrainError `run-state`, `data-changed`, `config-invalid` for units that are not there
 */
export async function analyseHere(wish: AnalysisWish, all: EvaluationDeps): Promise<Analysis> {
  const { store, deps, engine } = all
  const run = await openTrainedRun(store, wish.id, deps)
  const chosen = isOfUnits(wish.what) ? chosenUnits(run, store, wish) : null
  const { what, options, others } = wish
  const asked = chosen && {
    area: chosen.area,
    units: chosen.units.map(({ session, index }) => [session, index]),
  }
  const key = shortSha256(canonicalJson({ run: wish.id, what, options, others, ...asked }))
  const known = keptAnalysis(store, wish.id, key)
  if (known !== null) return known
  const start = deps.now()
  const { findings, images, size, notes } = await computed(wish, run, chosen, all)
  const made: Analysis = {
    ...{ key, version: ANALYSIS_VERSION, what, at: store.now(), engine },
    seconds: (deps.now() - start) / 1000,
    options: { ...options },
    others: [...others],
    ...{ images, size: { ...size } },
    units: [...(chosen?.units ?? [])],
    ...{ numbers: findings.numbers, maps: findings.maps, curves: findings.curves },
    ...{ layers: findings.layers ?? [], matrices: findings.matrices ?? [] },
    ...{ profiles: findings.profiles ?? [], rdms: findings.rdms ?? [] },
    notes: [...findings.notes, ...notes],
  }
  await keepAnalysis(store, wish.id, made, findings.arrays)
  return made
}

interface Computed {
  readonly findings: Findings
  readonly images: Analysis['images']
  /** Of the images as the network reads them. */
  readonly size: Analysis['size']
  readonly notes: readonly string[]
}

async function computed(
  wish: AnalysisWish,
  run: TrainedRun,
  chosen: ChosenUnits | null,
  all: EvaluationDeps,
): Promise<Computed> {
  const { store, deps } = all
  const own = { ...deps, folder: run.record.folder }
  await requireSameData(run.record, own)
  const others: TrainedRun[] = []
  for (const id of wish.others) others.push(await openTrainedRun(store, id, deps))
  const { dataset, data_seed: dataSeed } = run.record.config
  const built = await buildData(dataset, dataSeed, own, { rule: ruleOf(run.record.identity) })
  const format = scoredIn([run, ...others])
  const progress: Progress = (fraction) => deps.progress?.(wish.what, fraction)
  try {
    setConvPrecision(format.precision)
    const asked = { run, others, data: built.data, fingerprint: built.fingerprint, progress }
    const found = chosen === null ? await ofLayers(wish, asked) : await ofUnits(wish, asked, chosen, all)
    return { ...found, notes: [...found.notes, ...format.notes] }
  } finally {
    setConvPrecision('float32')
    built.dispose()
  }
}

interface Asked extends SimilarityWork {
  /** Of the data. */
  readonly fingerprint: string
}

async function ofLayers({ options }: AnalysisWish, asked: Asked): Promise<Computed> {
  const own = options as AnalysisOptions<'similarity'> // checked by the schema of what was asked
  const { findings, images, set } = await similarity(asked, own, createRng(own.seed))
  const { count, shape } = images
  return { findings, images: { count, data: asked.fingerprint, set }, size: shape, notes: [] }
}

async function ofUnits(
  { what, options }: AnalysisWish,
  { run, others, data, fingerprint, progress }: Asked,
  { area, units }: ChosenUnits,
  deps: EvaluationDeps,
): Promise<Computed> {
  const sessions = [...new Set(units.map(({ session }) => session))]
  const images = await recordedImages(data, area, sessions, options.images)
  const opened = openResponder(run, area, units, images.state)
  try {
    const scale = scaleOf(run, area, images)
    const work = { run, area, units, opened, images, scale, data, others, deps, progress }
    const found = await METHODS[what as UnitAnalysis](work, options as never, createRng(options.seed)) // the options of this analysis
    const findings = { ...found, arrays: new Map([...found.arrays, [SCALE, scaleArray(scale)]]) }
    return {
      findings,
      images: { count: images.count, data: fingerprint },
      size: opened.responder.shape,
      notes: stateNotes(images),
    }
  } finally {
    opened.close()
  }
}

const stateNotes = ({ state }: RecordedImages): string[] =>
  state.behavior.length + state.pupil.length === 0
    ? []
    : ['Behaviour and eye position stand at their means over these trials.']
