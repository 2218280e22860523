import sharp from 'sharp'
import type { dataPreview } from '../../../src-shared/contract/views.ts'
import type { z } from 'zod'
import { classCounts } from '../../engine/data/doctor/image-findings.ts'
import type { ImageSource, LabelledImages } from '../../engine/types.ts'
import { openCanonical } from '../../io/canonical/read.ts'
import { readLabels } from '../../io/canonical/neural-session.ts'
import type { DataDeps } from './data-deps.ts'
import { openAllParts } from './describe-images.ts'
import { sessionReports } from './describe-responses.ts'
import type { DataRecord } from './library-records.ts'

export type DataPreview = z.infer<typeof dataPreview>

/** Small pictures are enlarged so that they can be seen. */
const SHOWN_SIDE = 96

/** Some pictures spread over the set, class counts, the distribution of responses and one row for each unit. */
export async function previewData(record: DataRecord, count: number, deps: DataDeps): Promise<DataPreview> {
  return record.kind === 'images' ? imagePreview(record, count, deps) : responsePreview(record, count)
}

async function imagePreview(record: DataRecord, count: number, deps: DataDeps): Promise<DataPreview> {
  const { parts } = await openAllParts(record.path, record.size, deps)
  const part = parts.train ?? parts.val ?? parts.test
  if (part === undefined) return { images: [], classCounts: [], responseHistogram: [], neurons: [] }
  return {
    images: await pictures(part.images, (i) => labelOf(part, i), count),
    classCounts: countsOf(part),
    responseHistogram: [],
    neurons: [],
  }
}

async function responsePreview(record: DataRecord, count: number): Promise<DataPreview> {
  const file = await openCanonical(record.path)
  try {
    const reports = await sessionReports(file)
    const labels = readLabels(file)
    const histogram = reports[0]?.statistics.histogram
    const width = histogram === undefined ? 0 : (histogram.high - histogram.low) / histogram.counts.length
    return {
      images: await pictures(file.images.source, (i) => (labels === null ? '' : labelOf(labels, i)), count),
      classCounts: labels === null ? [] : countsOf(labels),
      responseHistogram: Array.from(histogram?.counts ?? [], (n, i) => ({
        low: (histogram?.low ?? 0) + i * width,
        high: (histogram?.low ?? 0) + (i + 1) * width,
        count: n,
      })),
      neurons: reports.map(({ key, area, statistics, reliability }) => ({
        session: key,
        area,
        units: statistics.units.map((u) => u.id),
        columns: {
          mean: statistics.units.map((u) => finite(u.mean)),
          fano: statistics.units.map((u) => finite(u.fano)),
          missing: statistics.units.map((u) => u.missing),
          ...(reliability && {
            oracle: Array.from(reliability.oracle, finite),
            explainable_variance: Array.from(reliability.explainableVariance, finite),
          }),
        },
      })),
    }
  } finally {
    file.close()
  }
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)

const labelOf = ({ labels, classNames }: LabelledImages, i: number): string =>
  classNames[labels[i] ?? -1] ?? ''

const countsOf = (part: LabelledImages) =>
  Array.from(classCounts(part), (count, i) => ({ name: part.classNames[i] ?? String(i), count }))

async function pictures(
  images: ImageSource,
  label: (index: number) => string,
  count: number,
): Promise<DataPreview['images']> {
  const n = Math.min(count, images.length)
  const indices = Array.from({ length: n }, (_, i) => Math.floor((i * images.length) / n))
  const each = images.height * images.width * images.channels
  const values = new Float32Array(n * each)
  await images.read(indices, values)
  return Promise.all(
    indices.map(async (index, i) => ({
      index,
      label: label(index),
      png: await encodePng(values.subarray(i * each, (i + 1) * each), images),
    })),
  )
}

/** A data URL of the picture, its values scaled to the white level. */
async function encodePng(
  values: Float32Array,
  { height, width, channels, whiteLevel }: ImageSource,
): Promise<string> {
  const bytes = Uint8Array.from(values, (v) => Math.min(255, Math.max(0, Math.round((v / whiteLevel) * 255))))
  const scale = Math.max(1, Math.floor(SHOWN_SIDE / Math.max(height, width)))
  const image = sharp(bytes, { raw: { height, width, channels: channels === 1 ? 1 : 3 } })
  const png = await image
    .resize(width * scale, height * scale, { kernel: 'nearest' })
    .png()
    .toBuffer()
  return `data:image/png;base64,${png.toString('base64')}`
}
