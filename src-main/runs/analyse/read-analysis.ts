import type { Analysis, UnitFindings } from '../../../src-shared/contract/analysis.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { shownPng } from '../../data/describe/image-png.ts'
import type { NamedArrays } from '../../engine/types.ts'
import { readSafetensors } from '../../io/formats/tensors/safetensors.ts'
import { analysisArrays, readAnalyses } from '../../store/files/analysis-files.ts'
import type { RunStore } from '../../store/run-store.ts'
import { SCALE, curveArray, mapArray, rdmArray } from './findings.ts'
import { keptAnalysis } from './kept-analysis.ts'

/** Analyses of a run, newest first. */
export const analysesOf = (store: RunStore, id: string): Analysis[] =>
  readAnalyses(store.files(id).folder).filter(({ key }) => keptAnalysis(store, id, key) !== null)

export interface ReadAnalysis {
  readonly made: Analysis
  readonly arrays: NamedArrays
}

/** @throws CotrainError `file-missing` for one that is not there */
export function readWhole(store: RunStore, id: string, key: string): ReadAnalysis {
  const made = keptAnalysis(store, id, key)
  if (made === null)
    throw new CotrainError({
      code: 'file-missing',
      path: key,
      message: `run ${id.slice(0, 10)} has no such analysis.`,
      hint: 'It may have been removed, or was made by an earlier version: make it again.',
    })
  return { made, arrays: readSafetensors(analysisArrays(store.files(id).folder, key)).arrays }
}

/** Images and curves of some units, as they are drawn. */
export async function analysedUnits(
  store: RunStore,
  id: string,
  key: string,
  units: readonly number[],
): Promise<UnitFindings[]> {
  const whole = readWhole(store, id, key)
  const there = units.filter((unit) => unit < whole.made.units.length)
  return Promise.all(
    there.map(async (unit) => ({
      maps: await Promise.all(
        whole.made.maps.map(async ({ name, scale }) => ({
          name,
          png: await shownPng(bytesOf(whole, name, scale, unit), whole.made.size),
        })),
      ),
      curves: whole.made.curves.map(({ name }) => curveOf(whole.arrays, name, unit)),
    })),
  )
}

/**
 * Dissimilarities of all pairs of images [images][images], to three decimals of the largest, in the order of the names.
 * @throws CotrainError `config-invalid` for one that the analysis does not have
 */
export function analysedRdms(
  store: RunStore,
  id: string,
  key: string,
  names: readonly string[],
): (number | null)[][][] {
  const { arrays } = readWhole(store, id, key)
  return names.map((name) => {
    const array = arrays.get(rdmArray(name))
    if (array === undefined)
      throw new CotrainError({
        code: 'config-invalid',
        path: 'names',
        message: `the analysis has no RDM "${name}".`,
        hint: 'Choose one that it lists.',
      })
    const [images = 0] = array.shape
    const most = Float32Array.from(array.data).reduce((a, v) => Math.max(a, Math.abs(v)), 0) || 1
    const step = 10 ** (Math.floor(Math.log10(most)) - 3)
    const rounded = (v: number): number | null => (Number.isFinite(v) ? Math.round(v / step) * step : null)
    return Array.from({ length: images }, (_, i) =>
      Array.from(array.data.subarray(i * images, (i + 1) * images), rounded),
    )
  })
}

function curveOf(arrays: NamedArrays, name: string, unit: number): UnitFindings['curves'][number] {
  const row = (part: 'x' | 'y' | 'fit'): number[] => {
    const array = arrays.get(curveArray(name, part))
    const width = array?.shape[1] ?? 0
    return [...(array?.data.subarray(unit * width, (unit + 1) * width) ?? [])]
  }
  const fit = row('fit')
  return {
    name,
    x: row('x'),
    y: row('y').map((v) => (Number.isFinite(v) ? v : null)),
    fit: fit.length > 0 && fit.every((v) => Number.isFinite(v)) ? fit : null,
  }
}

/** Grey levels [height, width, channels] of one image of one unit. */
export function bytesOf(
  { made, arrays }: ReadAnalysis,
  name: string,
  scale: Analysis['maps'][number]['scale'],
  unit: number,
): Uint8Array {
  const { height, width, channels } = made.size
  const size = height * width * channels
  const values = Float32Array.from(
    arrays.get(mapArray(name))?.data.subarray(unit * size, (unit + 1) * size) ?? [],
  )
  const [, , black = 0, white = 1] = arrays.get(SCALE)?.data ?? []
  const most = values.reduce((a, v) => Math.max(a, Math.abs(v)), 0) || 1
  const [low, high] = scale === 'shown' ? [black, white] : scale === 'signed' ? [-most, most] : [0, most]
  return Uint8Array.from(values, (v) => Math.round(255 * Math.min(1, Math.max(0, (v - low) / (high - low)))))
}
