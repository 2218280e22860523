import type { Analysis } from '../../../src-shared/contract/analysis.ts'
import { canonicalJson } from '../../../src-shared/schema/canonical.ts'
import type { AnalysisKind, AnalysisOptions } from '../../../src-shared/schema/analysis/analyses.ts'
import { createRng } from '../../../src-shared/util/rng.ts'
import type { ImageScale } from '../../engine/analysis/gratings.ts'
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
import { METHODS } from './methods.ts'
import type { OpenedResponder } from './open-responder.ts'
import { openResponder, scaleOf } from './open-responder.ts'
import type { RecordedImages } from './recorded-images.ts'
import { recordedImages } from './recorded-images.ts'

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
 * Analyses units of a trained network and keeps the result beside its run. A result that is there is given as it is.
 * @throws CotrainError `run-state`, `data-changed`, `config-invalid` for units that are not there
 */
export async function analyseHere(wish: AnalysisWish, all: EvaluationDeps): Promise<Analysis> {
  const { store, deps, engine } = all
  const run = await openTrainedRun(store, wish.id, deps)
  const chosen = chosenUnits(run, store, wish)
  const { what, options, others } = wish
  const names = chosen.units.map(({ session, index }) => [session, index])
  const key = shortSha256(
    canonicalJson({ run: wish.id, what, options, others, area: chosen.area, units: names }),
  )
  const known = keptAnalysis(store, wish.id, key)
  if (known !== null) return known
  const start = deps.now()
  const { findings, images, data, scale, notes } = await computed(wish, run, chosen, all)
  const made: Analysis = {
    ...{ key, version: ANALYSIS_VERSION, what, at: store.now(), engine },
    seconds: (deps.now() - start) / 1000,
    options: { ...options },
    others: [...others],
    images: { count: images.count, data },
    size: { ...run.shapes.inputs[chosen.area]! }, // the responder was opened with it
    units: [...chosen.units],
    numbers: findings.numbers,
    maps: findings.maps,
    curves: findings.curves,
    notes: [...findings.notes, ...notes],
  }
  await keepAnalysis(store, wish.id, made, new Map([...findings.arrays, [SCALE, scaleArray(scale)]]))
  return made
}

interface Computed {
  readonly findings: Findings
  readonly images: RecordedImages
  /** Fingerprint of the data. */
  readonly data: string
  readonly scale: ImageScale
  readonly notes: readonly string[]
}

async function computed(
  { what, options, others }: AnalysisWish,
  run: TrainedRun,
  { area, units }: ChosenUnits,
  all: EvaluationDeps,
): Promise<Computed> {
  const { store, deps } = all
  const own = { ...deps, folder: run.record.folder }
  await requireSameData(run.record, own)
  const further: TrainedRun[] = []
  for (const id of others) further.push(await openTrainedRun(store, id, deps))
  const { dataset, data_seed: dataSeed } = run.record.config
  const built = await buildData(dataset, dataSeed, own, { rule: ruleOf(run.record.identity) })
  const format = scoredIn([run, ...further])
  let opened: OpenedResponder | null = null
  try {
    const sessions = [...new Set(units.map(({ session }) => session))]
    const images = await recordedImages(built.data, area, sessions, options.images)
    opened = openResponder(run, area, units, images.state)
    setConvPrecision(format.precision)
    const scale = scaleOf(run, area, images)
    const progress: Progress = (fraction) => deps.progress?.(what, fraction)
    const work = {
      run,
      area,
      units,
      opened,
      images,
      scale,
      data: built.data,
      others: further,
      deps: all,
      progress,
    }
    const findings = await METHODS[what](work, options as never, createRng(options.seed)) // the options of this analysis
    return {
      findings,
      images,
      data: built.fingerprint,
      scale,
      notes: [...stateNotes(images), ...format.notes],
    }
  } finally {
    setConvPrecision('float32')
    opened?.close()
    built.dispose()
  }
}

const stateNotes = ({ state }: RecordedImages): string[] =>
  state.behavior.length + state.pupil.length === 0
    ? []
    : ['Behaviour and eye position stand at their means over these trials.']
