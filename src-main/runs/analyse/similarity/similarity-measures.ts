import type { Analysis } from '../../../../src-shared/contract/analysis.ts'
import type { Rng } from '../../../../src-shared/util/rng.ts'
import { heldOutCorrelations, medianOverUnits } from '../../../engine/analysis/layer-regression.ts'
import { alignment, ofPairs } from '../../../engine/eval/similarity/cka.ts'
import { compareReady, rsaInterval } from '../../../engine/eval/similarity/rsa.ts'
import { svcca } from '../../../engine/eval/similarity/svcca.ts'
import { finite } from '../findings.ts'
import type { RecordedRepresentation } from './recorded-representation.ts'
import type { ComparedLayer, Representation } from './representations.ts'

type Matrix = Analysis['matrices'][number]
type Profile = Analysis['profiles'][number]

const MEASURES: readonly (Pick<Matrix, 'name' | 'label' | 'help'> & {
  readonly of: (a: Representation, b: Representation) => number
})[] = [
  {
    name: 'cka_debiased',
    label: 'CKA, debiased',
    help: 'Linear centred kernel alignment by the unbiased estimate of HSIC: 1 for layers equal up to rotation and scale, about 0 for unrelated ones.',
    of: (a, b) => alignment(a.unbiased, b.unbiased),
  },
  {
    name: 'cka',
    label: 'CKA, linear',
    help: 'Linear centred kernel alignment as published in 2019: rises with the number of features where images are few.',
    of: (a, b) => alignment(a.centred, b.centred),
  },
  {
    name: 'rsa',
    label: 'RSA',
    help: 'Correlation of the dissimilarities of all pairs of images.',
    of: (a, b) => compareReady(a.rdm, b.rdm),
  },
  {
    name: 'svcca',
    label: 'SVCCA',
    help: 'Mean canonical correlation of the leading principal components.',
    of: (a, b) => svcca(a.components, b.components),
  },
]

/** Layers of a run against those of another, or the same. */
export const matricesOf = (
  rows: readonly ComparedLayer[],
  columns: readonly ComparedLayer[],
  across: string,
): Matrix[] =>
  MEASURES.map(({ of, ...named }) => ({
    ...named,
    across,
    rows: rows.map(({ name }) => name),
    columns: columns.map(({ name }) => name),
    values: ofPairs(rows, columns, of).map((row) => row.map(finite)),
  }))

/** Units whose best possible correlation is lower say more about noise than about a layer. */
const LEAST_CEILING = 0.3

/** What a layer makes of the recording. */
export interface LayerScores {
  /** Correlation on held-out images of each unit [units]. */
  readonly units: Float64Array
  readonly rsa: { readonly value: number; readonly ends: ReturnType<typeof rsaInterval> } | null
  readonly cka: number | null
}

export function layerScores(
  layer: ComparedLayer,
  { responses, representation }: RecordedRepresentation,
  folds: readonly Int32Array[],
  rng: Rng,
): LayerScores {
  const units = heldOutCorrelations(layer.centred, responses, folds)
  if (representation === null) return { units, rsa: null, cka: null }
  const { rdm, method } = layer.rdm
  return {
    units,
    rsa: {
      value: compareReady(layer.rdm, representation.rdm),
      ends: rsaInterval(rdm, representation.rdm.rdm, method, rng),
    },
    cka: alignment(layer.unbiased, representation.unbiased),
  }
}

type Point = { readonly value: number; readonly low: number; readonly high: number } | null

/** Profiles over the layers of one run. */
export function profilesOf(
  run: string,
  layers: readonly ComparedLayer[],
  scores: readonly LayerScores[],
  recorded: RecordedRepresentation,
  rng: Rng,
): Profile[] {
  const { unitCeilings: ceilings, representation, responses, rsaCeiling } = recorded
  const names = layers.map(({ name }) => name)
  const profile = (named: Pick<Profile, 'name' | 'label' | 'help' | 'n' | 'of' | 'ceiling'>, points: readonly Point[]): Profile => ({
    ...named,
    run,
    layers: names,
    values: points.map((p) => finite(p?.value)),
    low: points.map((p) => finite(p?.low)),
    high: points.map((p) => finite(p?.high)),
  }) // prettier-ignore
  // The same draws for every layer, so that intervals differ by the layers alone.
  const median = (values: (s: LayerScores) => Float64Array) =>
    scores.map((s) => medianOverUnits(values(s), rng.fork('units')))
  const point = (m: ReturnType<typeof medianOverUnits>): Point =>
    m && { value: m.median, low: m.low, high: m.high }
  const plain = median(({ units }) => units)
  const corrected =
    ceilings &&
    median(({ units }) => units.map((v, u) => (ceilings[u]! >= LEAST_CEILING ? v / ceilings[u]! : NaN)))
  return [
    profile({ ...PREDICTED, n: plain[0]?.n ?? 0, of: 'units', ceiling: medianCeiling(ceilings) }, plain.map(point)),
    ...(corrected === null ? [] : [profile({ ...CORRECTED, n: corrected[0]?.n ?? 0, of: 'units', ceiling: null }, corrected.map(point))]),
    ...(representation === null
      ? []
      : [
          profile(
            { ...RSA, n: responses.images, of: 'images', ceiling: rsaCeiling === null ? null : { label: 'ceiling by the repeats', value: rsaCeiling } },
            scores.map(({ rsa }) => rsa && { value: rsa.value, low: rsa.ends?.low ?? NaN, high: rsa.ends?.high ?? NaN }),
          ),
          profile({ ...CKA, n: responses.images, of: 'images', ceiling: null }, scores.map(({ cka }) => cka === null ? null : { value: cka, low: NaN, high: NaN })),
        ]),
  ] // prettier-ignore
}

function medianCeiling(ceilings: Float64Array | null): Profile['ceiling'] {
  const known = (ceilings ?? new Float64Array()).filter((v) => Number.isFinite(v)).toSorted()
  const value = known[Math.floor((known.length - 1) / 2)]
  return value === undefined ? null : { label: 'median ceiling of the units', value }
}

const PREDICTED = {
  name: 'predicted',
  label: 'Units predicted',
  help: 'Correlation of the mean response with its prediction from the layer on held-out images, median over units; the interval is over redrawn units.',
}
const CORRECTED = {
  name: 'predicted_corrected',
  label: 'Units predicted, of their ceiling',
  help: 'The same by the ceiling of each unit, the root of its reliability over repeats; units with a ceiling below 0.3 take no part.',
}
const RSA = {
  name: 'rsa',
  label: 'RSA with the responses',
  help: 'Correlation of the dissimilarities of all pairs of images; the interval is over redrawn images.',
}
const CKA = {
  name: 'cka_debiased',
  label: 'CKA with the responses',
  help: 'Debiased linear CKA of the layer and the mean responses; it has no interval.',
}
