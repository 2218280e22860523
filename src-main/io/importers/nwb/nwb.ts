import { basename } from 'node:path'
import type { Finding } from '../../../engine/data/doctor/finding.ts'
import { TIERS } from '../../canonical/set.ts'
import { type Hdf5File, openHdf5 } from '../../formats/hdf5/hdf5.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import type { ImportChoice, ImportedSession, ImportedSet, Layout } from '../base/importer.ts'
import { readRoiMeans, roiSeries } from './nwb-calcium.ts'
import { readNwbImages } from './nwb-images.ts'
import { columnAt, findPresentations, type PresentationSource, readOnsets } from './nwb-presentations.ts'
import { blanksLeft, resolveImages } from './nwb-shown.ts'
import { countSpikes, type MeasuredUnits, unitTables } from './nwb-spikes.ts'
import { chosenPaths, type NwbOptions, onlyOne } from './nwb-types.ts'
import { repeatNumbers } from '../base/trial-fields.ts'
import { readTiers, tierColumns } from '../base/tiers.ts'

/**
 * NWB 2.x: presentations of images with spikes counted, or calcium averaged, in a window after each. Links inside the file
 * are followed; where it holds several tables, sets of images or signals, the choice is asked for.
 */
export const nwb: Layout<'nwb'> = {
  kind: 'nwb',
  detect: (path) => /\.nwb$/i.test(path),
  async read(path, options) {
    const file = await openHdf5(path)
    try {
      return readNwb(file, options)
    } finally {
      file.close()
    }
  },
}

function readNwb(file: Hdf5File, options: NwbOptions): ImportedSet {
  const version = file.attribute('/', 'nwb_version')
  if (typeof version !== 'string')
    throw invalidFile(file.name, 'attribute nwb_version', 'is missing.', 'Choose an NWB 2 file.')
  const source = findPresentations(file, options)
  const images = readNwbImages(file, source.linked, options)
  const { shown, choices, left } = readShown(file, source, images, options)
  const { measured, signal } = measure(
    file,
    shown.map(({ startS }) => startS),
    options,
  )
  const tierColumn = tierColumnOf(file, source, options.tierColumn)
  const session = toSession(file, source, shown, measured, signal, tierColumn, options)
  return {
    name: session.key,
    origin: { nwbVersion: version },
    images: images.images,
    sessions: [session],
    choices: [
      source.choice,
      ...images.choices,
      ...choices,
      ...tierChoice(tierColumn, options),
      ...signal.choices,
      windowChoice(options),
    ],
    findings: [...images.findings, ...measured.findings, ...frameByFrame(shown, options)],
    left: [...source.left, ...left, ...measured.left],
  }
}

const tierChoice = (column: string | null, { tierColumn }: NwbOptions): ImportChoice[] =>
  column === null ? [] : [{ what: 'Tiers', value: column, by: tierColumn === undefined ? 'file' : 'option' }]

/** Where nobody says another: it covers the response of V1 and V4 to a flashed image. */
const USUAL_WINDOW = { t0Ms: 50, binMs: 100, bins: 1 }

const windowChoice = ({ t0Ms, binMs, bins }: NwbOptions): ImportChoice => ({
  what: 'Window',
  value: `${t0Ms} to ${t0Ms + binMs * bins} ms after onset${bins === 1 ? '' : `, ${bins} bins`}`,
  by:
    t0Ms === USUAL_WINDOW.t0Ms && binMs === USUAL_WINDOW.binMs && bins === USUAL_WINDOW.bins
      ? 'usual'
      : 'option',
})

/** One showing of one image. */
interface Shown {
  readonly startS: number
  /** Position among the images. */
  readonly image: number
  readonly row: number
}

function readShown(
  file: Hdf5File,
  source: PresentationSource,
  images: ReturnType<typeof readNwbImages>,
  options: NwbOptions,
): { shown: Shown[]; choices: readonly ImportChoice[]; left: NonNullable<ImportedSet['left']> } {
  const { startS, row, left } = readOnsets(file, source)
  const columns = source.columns.map((name) => ({ name, values: columnAt(file, source, name, row) }))
  const place = { file: file.name, path: source.path, isSeries: source.isSeries }
  const { image, choices } = resolveImages(columns, images, options, place)
  const shown = row.flatMap((own, i) => {
    const found = image[i]
    return found == null ? [] : [{ startS: startS[i]!, image: found, row: own }] // as long as the rows
  })
  const blank = row.filter((_, i) => image[i] === null)
  return { shown, choices, left: [...left, ...blanksLeft(blank, source.columns.join(' or '))] }
}

interface Signal {
  readonly isSpikes: boolean
  readonly choices: readonly ImportChoice[]
}

/** Spikes or traces: what the user says, or the only signal of the file. */
function measure(
  file: Hdf5File,
  startsS: readonly number[],
  options: NwbOptions,
): { measured: MeasuredUnits; signal: Signal } {
  const [tables, series] = [unitTables(file), roiSeries(file)]
  const { signal: stated, units } = options
  const isSpikes = stated === undefined ? series.length === 0 || units !== undefined : stated === 'spikes'
  if (stated === undefined && units === undefined && tables.length > 0 && series.length > 0)
    onlyOne(['spikes', ...series], 'signals', 'signal', file, '/units and /processing')
  if (tables.length === 0 && series.length === 0)
    throw invalidFile(
      file.name,
      '/units',
      'holds neither spike times nor calcium traces below /processing.',
      'State the path of the RoiResponseSeries with the option signal.',
      ['signal'],
    )
  const said = isSpikes ? units : stated
  const [option, found] = isSpikes ? (['units', tables] as const) : (['signal', series] as const)
  const chosen =
    said === undefined
      ? [
          onlyOne(
            found,
            isSpikes ? 'tables of units' : 'series of traces',
            option,
            file,
            isSpikes ? '/units and /processing' : '/processing',
          ) ?? '',
        ]
      : chosenPaths(said, found, option, file)
  if (chosen[0] === '')
    throw invalidFile(file.name, '/units', 'holds no spike times.', 'Drop the option signal.', ['signal'])
  return {
    measured: isSpikes
      ? countSpikes(file, chosen, startsS, options, options.quality)
      : readRoiMeans(file, chosen, startsS, options),
    signal: {
      isSpikes,
      choices: [
        {
          what: 'Signal',
          value: `${isSpikes ? 'spikes of' : 'traces of'} ${chosen.join(', ')}`,
          by: said === undefined ? 'fit' : 'option',
        },
      ],
    },
  }
}

function toSession(
  file: Hdf5File,
  source: PresentationSource,
  shown: readonly Shown[],
  measured: MeasuredUnits,
  { isSpikes }: Signal,
  tierColumn: string | null,
  options: NwbOptions,
): ImportedSession {
  const imageId = Int32Array.from(shown, ({ image }) => image)
  const text = (path: string): string =>
    file.kind(path) === 'dataset' ? String(file.read(path)[0] ?? '') : ''
  return {
    key: text('/identifier').replaceAll('/', '-') || basename(file.name).replace(/\.nwb$/i, ''),
    subject: options.subject || text('/general/subject/subject_id'),
    area: measured.areas,
    species: options.species || text('/general/subject/species'),
    responseKind: options.responseKind ?? (isSpikes ? 'counts' : 'dff'),
    binMs: options.binMs,
    t0Ms: options.t0Ms,
    trials: {
      imageId,
      tier: tiersOf(file, source, shown, tierColumn, options),
      repeat: repeatNumbers(imageId),
      timeS: Float64Array.from(shown, ({ startS }) => startS),
    },
    units: { id: measured.unitIds, ...(measured.quality && { quality: measured.quality }) },
    responses: measured.responses,
    bins: measured.bins,
  }
}

/** The column with the tiers: what the user says ("none" for none), or the one whose name says it. */
function tierColumnOf(file: Hdf5File, source: PresentationSource, said: string | undefined): string | null {
  if (said === 'none') return null
  const found = source.isSeries ? [] : tierColumns(file.names(source.path))
  return said ?? onlyOne(found, 'columns with tiers', 'tierColumn', file, source.path)
}

function tiersOf(
  file: Hdf5File,
  source: PresentationSource,
  shown: readonly Shown[],
  tierColumn: string | null,
  { tiers }: NwbOptions,
): Uint8Array {
  if (tierColumn === null) return new Uint8Array(shown.length).fill(TIERS.pool)
  const path = `${source.path}/${tierColumn}`
  if (file.kind(path) !== 'dataset')
    throw invalidFile(
      file.name,
      path,
      'is missing, though it is to give the tiers.',
      `Columns: ${file.names(source.path).join(', ')}; "none" reads all trials as the pool.`,
      ['tierColumn'],
    )
  const rows = shown.map(({ row }) => row)
  const values = columnAt(file, source, tierColumn, rows).map(String)
  return readTiers({ values, isBoolean: file.dataset(path).isBoolean, name: tierColumn }, file.name, tiers)
}

/** A series that lists every frame of a screen shows one image many times within one window. */
function frameByFrame(shown: readonly Shown[], { t0Ms, binMs, bins }: NwbOptions): Finding[] {
  const end = (t0Ms + binMs * bins) / 1000
  const close = shown.filter(({ startS, image }, i) => {
    const before = shown[i - 1]
    return before !== undefined && before.image === image && startS - before.startS < end
  })
  if (close.length === 0) return []
  return [
    {
      code: 'overlapping-presentations',
      severity: 'warning',
      message: `${close.length} of ${shown.length} presentations follow one of the same image before its window of ${end * 1000} ms has ended.`,
      reason:
        'A list with one entry for each frame of the screen is not one with an entry for each presentation: responses are counted again and again.',
      fix: 'Write one row for each presentation, or choose another table with the option table.',
      where: { field: 'trials/time_s' },
    },
  ]
}
