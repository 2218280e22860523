import type { Params, ParamsIn, Result } from '../../../src-shared/contract/contract.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { classCounts } from '../../engine/data/doctor/image-findings.ts'
import type { ImageSource, LabelledImages, NeuralSession } from '../../engine/types.ts'
import { readLabels } from '../../io/canonical/neural-session.ts'
import type { CanonicalFile } from '../../io/canonical/read.ts'
import type { ImageSet, PartName } from '../../io/images/sources/image-set.ts'
import type { DataDeps } from '../content/data-deps.ts'
import { openAllParts } from './describe-images.ts'
import type { DataRecord } from '../places/library-records.ts'
import { columnOf, responsesOf, sessionOf, withData } from './neuron-data.ts'
import { imagesAsPng } from './image-png.ts'

export type DataPreview = Result<'data.preview'>
type Request = Params<'data.preview'>
/** What is left out has the default of the contract. */
export type PreviewRequest = ParamsIn<'data.preview'>

/** Chosen images of a set with classes or mean responses, class counts, and the distribution of responses. */
export async function previewData(
  record: DataRecord,
  given: PreviewRequest,
  deps: DataDeps,
): Promise<DataPreview> {
  const { images = 24, order = 'spread', from = 0 } = given
  const request: Request = { ...given, images, order, from }
  if (record.kind === 'images') return imagePreview(await openAllParts(record, deps), request)
  return withData(record.path, (file) => responsePreview(file, request))
}

/** Images of a part with their classes. */
export async function imagePreview(set: ImageSet, request: Request): Promise<DataPreview> {
  const parts = Object.keys(set.parts)
  const name = request.part ?? parts[0] ?? ''
  const part = set.parts[name as PartName]
  if (part === undefined) throw noSuch(name, 'part', parts)
  const fitting = fittingOf(part.images.length, part, request.label)
  return {
    images: await shown(part.images, chosen(fitting, request), (i) => ({ label: labelOf(part, i) })),
    total: fitting.length,
    parts,
    part: name,
    classCounts: countsOf(part),
    responseHistogram: [],
  }
}

/** Images that a session showed, with their mean response. */
export async function responsePreview(file: CanonicalFile, request: Request): Promise<DataPreview> {
  const session = sessionOf(file, request.part)
  const labels = readLabels(file)
  const { means, trials } = meanResponses(session, request.unit)
  const responses = responsesOf(session, request.unit ?? null)
  const all = request.at === undefined ? [...trials.keys()].sort((a, b) => a - b) : [...request.at]
  const fitting =
    request.label === undefined ? all : all.filter((i) => labelText(labels, i) === request.label)
  const ordered = byResponse(fitting, means, request.order)
  return {
    images: await shown(file.images.source, chosen(ordered, request), (i) => ({
      label: labelText(labels, i),
      response: means.get(i) ?? null,
      trials: trials.get(i) ?? 0,
    })),
    total: fitting.length,
    parts: [...file.sessionKeys],
    part: session.key,
    classCounts: labels === null ? [] : countsOf(labels),
    responseHistogram: responses.bins,
    ...(responses.beyond && { responsesBeyond: responses.beyond }),
  }
}

/** Mean response to each image, over its trials: of one unit, or over all. Missing ones are left out. */
function meanResponses(
  session: NeuralSession,
  unit: string | undefined,
): { means: Map<number, number>; trials: Map<number, number> } {
  const { imageIndex, responses, units } = session
  const column = unit === undefined ? null : columnOf(session, unit)
  const sums = new Map<number, { sum: number; count: number }>()
  const trials = new Map<number, number>()
  imageIndex.forEach((image, trial) => {
    trials.set(image, (trials.get(image) ?? 0) + 1)
    const entry = sums.get(image) ?? { sum: 0, count: 0 }
    const row =
      column === null
        ? responses.subarray(trial * units.length, (trial + 1) * units.length)
        : [column[trial] ?? NaN]
    for (const value of row) {
      if (!Number.isFinite(value)) continue
      entry.sum += value
      entry.count++
    }
    sums.set(image, entry)
  })
  const means = new Map(
    [...sums].flatMap(([image, { sum, count }]) => (count === 0 ? [] : [[image, sum / count] as const])),
  )
  return { means, trials }
}

function byResponse(
  fitting: readonly number[],
  means: ReadonlyMap<number, number>,
  order: Request['order'],
): readonly number[] {
  if (order !== 'strongest' && order !== 'weakest') return fitting
  const sign = order === 'strongest' ? -1 : 1
  const of = (i: number): number => means.get(i) ?? -sign * Infinity
  return fitting.filter((i) => means.has(i)).sort((a, b) => sign * (of(a) - of(b)))
}

/** The positions to show out of those that fit. */
function chosen(fitting: readonly number[], { at, order, from, images: count }: Request): readonly number[] {
  if (at !== undefined) return fitting.filter((i) => at.includes(i))
  if (order !== 'spread') return fitting.slice(from, from + count)
  const n = Math.min(count, fitting.length)
  return Array.from({ length: n }, (_, i) => fitting[Math.floor((i * fitting.length) / n)]!) // below length
}

const fittingOf = (length: number, part: LabelledImages, label: string | undefined): number[] =>
  Array.from({ length }, (_, i) => i).filter((i) => label === undefined || labelOf(part, i) === label)

async function shown(
  images: ImageSource,
  indices: readonly number[],
  about: (index: number) => Omit<DataPreview['images'][number], 'index' | 'png'>,
): Promise<DataPreview['images']> {
  const inside = indices.filter((i) => i < images.length)
  const pngs = await imagesAsPng(images, inside)
  return inside.map((index, i) => ({ index, ...about(index), png: pngs[i] ?? '' }))
}

const labelOf = ({ labels, classNames }: LabelledImages, i: number): string =>
  classNames[labels[i] ?? -1] ?? ''

const labelText = (labels: LabelledImages | null, i: number): string =>
  labels === null ? '' : labelOf(labels, i)

const countsOf = (part: LabelledImages) =>
  Array.from(classCounts(part), (count, i) => ({ name: part.classNames[i] ?? String(i), count }))

const noSuch = (name: string, what: string, known: readonly string[]): CotrainError =>
  new CotrainError({
    code: 'not-found',
    path: name,
    message: `the set has no such ${what}.`,
    hint: `There are: ${known.join(', ')}.`,
  })
