import type { Rng } from '../../../src-shared/util/rng.ts'
import type { FieldPlace } from './field-place.ts'
import { NAKA_RUSHTON, fitCurve, vonMisesWidth } from './fit-curve.ts'
import type { GratingSeries, GratingShow, SeriesOptions } from './grating-show.ts'
import { gratingSeries, gratingShow, meanOf } from './grating-show.ts'
import type { ImageScale, WindowedGrating } from './gratings.ts'
import { logSpaced } from './gratings.ts'
import type { Progress, Responder } from './responder.ts'
import type { Estimate, TuningCurve } from './tuning-measures.ts'
import { fittedPeak, modulationRatio, selectivity, valuesOf } from './tuning-measures.ts'

export interface TuningOptions extends SeriesOptions {
  readonly sizes: number
  readonly contrasts: number
  /** Draws of phases that the intervals are made of. */
  readonly draws: number
}

/** What gratings tell of one unit. Angles in radians, frequencies in cycles over the width, sizes in pixels. */
export interface UnitTuning {
  readonly blank: number
  readonly curves: {
    readonly orientation: TuningCurve
    readonly frequency: TuningCurve
    readonly phase: TuningCurve
    readonly size: TuningCurve
    readonly contrast: TuningCurve
  }
  /** null: no grating excites it above the blank image. */
  readonly preferred: Preferred | null
}

export interface Preferred {
  /** Across the bars: 0 is along x, y points down. Value in [0, pi). */
  readonly theta: Estimate
  /** Half width at half height of the fitted peak; null where it nowhere falls to half. */
  readonly halfWidth: number | null
  readonly selectivity: number
  /** null where the response still grows at the lowest or highest frequency that was shown. */
  readonly frequency: Estimate | null
  /** Full width at half height, octaves; null likewise. */
  readonly octaves: number | null
  /** F1 / F0: above 1 simple, below complex (Skottun et al. 1991). */
  readonly modulation: number | null
  /** Diameter of the window with the largest response. */
  readonly diameter: number
  /** Part of the response above the blank that the largest window takes away. */
  readonly suppression: number
  /** Contrast of half the fitted largest response, and the exponent; null where the fit explains too little. */
  readonly halfContrast: number | null
  readonly exponent: number | null
}

const SMALLEST_RADIUS = 2
/** Contrasts run from this part of the usual one to twice it. */
const LOWEST_CONTRAST = 0.05
const HIGHEST_CONTRAST = 2
/** Full width at half height of a Gaussian, in sd. */
const FULL_WIDTH = 2 * Math.sqrt(2 * Math.LN2)
/** Share of the variance that a contrast response must explain to be told. */
const EXPLAINED = 0.5
/** A peak at an end of the range is known to be there or beyond; rounding is no distance. */
const INSIDE = 1 + 1e-6
/** Share of the work that the gratings for all units are. */
const SHARED = 0.6

/**
 * Tuning of every unit in silico: full-field gratings of all orientations, frequencies and phases, shared by the units; then, for
 * each unit at its best ones, windows of growing size over its field, and contrasts. Curves are fitted (von Mises over orientation,
 * Gaussian over octaves, Naka-Rushton over contrast); intervals hold 95 % of the fits to redrawn phases.
 * @param places where each unit's field is; null: the middle of the image
 */
export async function tuningOf(
  responder: Responder,
  places: readonly (FieldPlace | null)[],
  options: TuningOptions,
  scale: ImageScale,
  rng: Rng,
  progress: Progress = () => undefined,
): Promise<readonly UnitTuning[]> {
  const { shape, units } = responder
  const show = gratingShow(responder, scale)
  const series = gratingSeries(options, shape.width)
  const blanks = await show.blank()
  const all = await show.toAll(series.gratings, (done) => progress(SHARED * done))
  const found: UnitTuning[] = []
  for (let unit = 0; unit < units; unit++) {
    const own = series.gratings.map((_, i) => all[i * units + unit]!)
    const site = places[unit] ?? { x: (shape.width - 1) / 2, y: (shape.height - 1) / 2 }
    const reach = Math.hypot(shape.width, shape.height) / 2
    const work: UnitWork = { unit, own, blank: blanks[unit]!, series, show, site, reach, rng: rng.fork(unit) }
    found.push(await unitTuning(work, options))
    progress(SHARED + ((1 - SHARED) * (unit + 1)) / units)
  }
  return found
}

interface UnitWork {
  readonly unit: number
  /** Responses to the series. */
  readonly own: readonly number[]
  readonly blank: number
  readonly series: GratingSeries
  readonly show: GratingShow
  readonly site: { readonly x: number; readonly y: number }
  /** Largest radius of a window. */
  readonly reach: number
  readonly rng: Rng
}

async function unitTuning(work: UnitWork, options: TuningOptions): Promise<UnitTuning> {
  const { own, blank, series, rng } = work
  const { thetas, frequencies, phases } = series
  const [t, f] = peakOf(own, series)
  const byPhase = (i: number, j: number): readonly number[] => {
    const from = (i * frequencies.length + j) * phases.length
    return own.slice(from, from + phases.length)
  }
  const orientation = fittedPeak(
    'orientation',
    thetas,
    thetas.map((_, i) => byPhase(i, f)),
    options.draws,
    rng.fork('orientation'),
  )
  const frequency = fittedPeak(
    'frequency',
    frequencies,
    frequencies.map((_, j) => byPhase(t, j)),
    options.draws,
    rng.fork('frequency'),
  )
  const best = series.gratings[(t * frequencies.length + f) * phases.length]! // of the series
  const size = await sizeCurve(work, best, options)
  const diameter = size.x[size.y.indexOf(Math.max(...size.y))]! // one of its values
  const window = { ...work.site, radius: diameter / 2 }
  const contrast = await contrastCurve(work, { ...best, window }, options)
  const peak = byPhase(t, f)
  const curves = {
    orientation: orientation.curve,
    frequency: frequency.curve,
    phase: { x: phases, y: peak, fit: null },
    size,
    contrast: contrast.curve,
  }
  if (!(meanOf(peak) > blank)) return { blank, curves, preferred: null }
  const most = Math.max(...size.y)
  const peakFrequency = 2 ** frequency.peak.value
  const isInside = peakFrequency > frequencies[0]! * INSIDE && peakFrequency * INSIDE < frequencies.at(-1)!
  const turns = Math.floor(orientation.peak.value / Math.PI) * Math.PI
  const octaves = (e: Estimate): Estimate => ({ value: 2 ** e.value, low: 2 ** e.low, high: 2 ** e.high })
  return {
    blank,
    curves,
    preferred: {
      theta: shifted(orientation.peak, -turns),
      halfWidth: vonMisesWidth(orientation.fit.parameters[1]!),
      selectivity: selectivity(thetas, orientation.curve.y, blank),
      frequency: isInside ? octaves(frequency.peak) : null,
      octaves: isInside ? FULL_WIDTH * frequency.fit.parameters[1]! : null,
      modulation: modulationRatio(peak, blank),
      diameter,
      suppression: most > blank ? (most - size.y.at(-1)!) / (most - blank) : 0,
      ...contrast.fitted,
    },
  }
}

const shifted = ({ value, low, high }: Estimate, by: number): Estimate => ({
  value: value + by,
  low: low + by,
  high: high + by,
})

/** Orientation and frequency of the largest mean response over phases. */
function peakOf(
  own: readonly number[],
  { thetas, frequencies, phases }: GratingSeries,
): readonly [number, number] {
  const means = Array.from({ length: thetas.length * frequencies.length }, (_, i) =>
    meanOf(own.slice(i * phases.length, (i + 1) * phases.length)),
  )
  const at = means.indexOf(Math.max(...means))
  return [Math.floor(at / frequencies.length), at % frequencies.length]
}

async function sizeCurve(
  { unit, show, site, reach, series }: UnitWork,
  best: WindowedGrating,
  { sizes }: TuningOptions,
): Promise<TuningCurve> {
  const radii = logSpaced(SMALLEST_RADIUS, reach, sizes)
  const gratings = radii.map((radius) => ({ ...best, window: { ...site, radius } }))
  return { x: radii.map((r) => 2 * r), y: await show.toOne(unit, gratings, series.phases), fit: null }
}

async function contrastCurve(
  { unit, show, series }: UnitWork,
  best: WindowedGrating,
  { contrasts, contrast }: TuningOptions,
): Promise<{ readonly curve: TuningCurve; readonly fitted: Pick<Preferred, 'halfContrast' | 'exponent'> }> {
  const x = logSpaced(LOWEST_CONTRAST * contrast, HIGHEST_CONTRAST * contrast, contrasts)
  const y = await show.toOne(
    unit,
    x.map((c) => ({ ...best, contrast: c })),
    series.phases,
  )
  const fit = fitCurve(x, y, NAKA_RUSHTON, [
    [contrast / 4, 2],
    [contrast, 2],
  ])
  const isGood = fit.amplitude > 0 && (fit.explained ?? 0) > EXPLAINED
  const [halfContrast, exponent] = isGood ? [fit.parameters[0]!, fit.parameters[1]!] : [null, null]
  return {
    curve: { x, y, fit: isGood ? valuesOf(x, fit, NAKA_RUSHTON.at) : null },
    fitted: { halfContrast, exponent },
  }
}
