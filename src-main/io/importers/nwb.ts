import { basename } from 'node:path'
import type { CanonicalImages, CanonicalSession, CanonicalSet } from '../canonical/set.ts'
import { TIERS } from '../canonical/set.ts'
import { type Hdf5File, openHdf5 } from '../formats/hdf5.ts'
import { invalidFile } from '../formats/problem.ts'
import type { Importer } from './importer.ts'
import { readRoiMeans } from './nwb-calcium.ts'
import { readTemplates } from './nwb-images.ts'
import { readPresentations } from './nwb-presentations.ts'
import type { Measured, NwbOptions, Presentation } from './nwb-types.ts'
import { countSpikes } from './nwb-spikes.ts'
import { parseTiers, repeatNumbers } from './trial-fields.ts'

/** 100 ms from 50 ms on covers the response of V1 and V4 to a flashed picture. */
const DEFAULT_WINDOW = { t0Ms: 50, binMs: 100, bins: 1 }

/** NWB 2.x: presentations of pictures with spikes counted, or calcium averaged, in a window after each. */
export const nwb: Importer<NwbOptions> = {
  kind: 'nwb',
  detect: (path) => path.endsWith('.nwb'),
  async read(path, options) {
    const file = await openHdf5(path)
    try {
      return readNwb(file, options)
    } finally {
      file.close()
    }
  },
}

function readNwb(file: Hdf5File, options: NwbOptions): CanonicalSet {
  const version = file.attribute('/', 'nwb_version')
  if (typeof version !== 'string')
    throw invalidFile(file.name, 'attribute nwb_version', 'is missing.', 'Choose an NWB 2 file.')
  const window = { ...DEFAULT_WINDOW, ...withoutUndefined(options) }
  const templates = readTemplates(file, options.images)
  const presentations = readPresentations(file, options, templates.names)
  const { images, trials } = keepShown(file, templates.images, presentations)
  const spikes = (options.signal ?? (file.kind('/units/spike_times') ? 'spikes' : '')) === 'spikes'
  const starts = trials.map(({ startS }) => startS)
  const measured = spikes
    ? countSpikes(file, starts, window, options.quality)
    : readRoiMeans(file, starts, window, options.signal)
  const session = toSession(file, trials, measured, spikes, window, options)
  return {
    name: options.name ?? session.key,
    provenance: { importer: 'nwb', nwbVersion: version, window, ...options },
    images,
    sessions: [session],
  }
}

const withoutUndefined = ({ t0Ms, binMs, bins }: NwbOptions): Partial<typeof DEFAULT_WINDOW> =>
  Object.fromEntries(Object.entries({ t0Ms, binMs, bins }).filter(([, value]) => value !== undefined))

/** Presentations must name pictures of the file. */
function keepShown(
  file: Hdf5File,
  images: CanonicalImages,
  presentations: readonly Presentation[],
): { images: CanonicalImages; trials: readonly Presentation[] } {
  const known = new Set(images.id)
  const wrong = presentations.find(({ image }) => !known.has(image))
  if (wrong)
    throw invalidFile(
      file.name,
      wrong.where,
      `shows image ${wrong.image}, the file has ${images.id.length}.`,
      'State the column of the images or the group of the pictures.',
    )
  return { images, trials: presentations }
}

function toSession(
  file: Hdf5File,
  trials: readonly Presentation[],
  measured: Measured,
  spikes: boolean,
  window: typeof DEFAULT_WINDOW,
  options: NwbOptions,
): CanonicalSession {
  const imageId = Int32Array.from(trials, ({ image }) => image)
  const text = (path: string): string =>
    file.kind(path) === 'dataset' ? String(file.read(path)[0] ?? '') : ''
  const tiers = trials.every(({ tier }) => tier !== undefined)
    ? parseTiers(
        trials.map(({ tier }) => String(tier)),
        file.name,
      )
    : new Uint8Array(trials.length).fill(TIERS.pool)
  return {
    key: text('/identifier').replaceAll('/', '-') || basename(file.name, '.nwb'),
    subject: options.subject ?? text('/general/subject/subject_id'),
    area: (options.area ?? 'v1').toUpperCase(),
    species: options.species ?? text('/general/subject/species'),
    responseKind: options.responseKind ?? (spikes ? 'counts' : 'dff'),
    binMs: window.binMs,
    t0Ms: window.t0Ms,
    trials: {
      imageId,
      tier: tiers,
      repeat: repeatNumbers(imageId),
      timeS: Float64Array.from(trials, ({ startS }) => startS),
    },
    units: { id: measured.unitIds, ...(measured.quality && { quality: measured.quality }) },
    responses: measured.responses,
    bins: spikes ? window.bins : 1,
  }
}
