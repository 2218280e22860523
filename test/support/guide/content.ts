import type { Result } from '../../../src-shared/contract/contract.ts'
import { loadCanonical, openCanonical } from '../../../src-main/io/canonical/read.ts'
import type { ImageSource } from '../../../src-main/engine/types.ts'
import type { PartName } from '../../../src-main/io/images/sources/image-set.ts'
import { openImageSet } from '../../../src-main/io/images/open-image-set.ts'
import type { MadeImages } from './made-images.ts'
import type { MadeRecording, MadeSession } from './made-recordings.ts'

/** First pixel of every image, from 0 (black) to 255, with two digits at most. */
async function levelsOf(source: ImageSource): Promise<number[]> {
  const { length, height, width, channels, pixels } = source
  const values = new Float32Array(length * height * width * channels)
  await source.read(
    Array.from({ length }, (_, i) => i),
    values,
  )
  const level = (value: number): number => ((value - pixels.black) / (pixels.white - pixels.black)) * 255
  return Array.from({ length }, (_, i) =>
    Number(level(values[i * height * width * channels] ?? NaN).toFixed(2)),
  )
}

/** What the options of a command say, as the reader of images takes it. */
function imageOptions(options: Readonly<Record<string, string>>): object {
  const { size, valueMin, valueMax } = options
  return {
    ...(size !== undefined && { fit: { kind: 'exact', height: Number(size), width: Number(size) } }),
    stated: {
      ...(valueMin !== undefined && { valueMin: Number(valueMin) }),
      ...(valueMax !== undefined && { valueMax: Number(valueMax) }),
    },
  }
}

/** What a set of images holds, in the words of the maker. */
export async function imagesAt(
  path: string,
  options: Readonly<Record<string, string>>,
  cacheFolder: string,
): Promise<MadeImages> {
  const { kind, classNames, parts } = await openImageSet(path, { cacheFolder, ...imageOptions(options) })
  const words: Partial<Record<PartName, string>> = {}
  for (const [part, { images, labels }] of Object.entries(parts)) {
    const levels = await levelsOf(images)
    words[part as PartName] = levels.map((level, i) => `${labels[i]}:${level}`).join(' ') // names of parts
  }
  return { kind, classNames, parts: words }
}

/** Images of each part, as the command says. */
export const countsOf = ({ parts = [] }: Pick<Result<'data.get'>, 'parts'>): Record<string, number> =>
  Object.fromEntries(parts.map(({ name, images }) => [name, images]))

/** What a data file holds, in the words of the maker; of the further fields those that the maker names. */
export async function recordingIn(file: string, expected: MadeRecording): Promise<MadeRecording> {
  const opened = await openCanonical(file)
  const { name, provenance, images, sessions } = loadCanonical(opened)
  const levels = await levelsOf(images.source).finally(() => opened.close())
  const levelOf = new Map(Array.from(images.id, (id, i) => [id, levels[i] ?? NaN]))
  return {
    importer: String(provenance['importer']),
    name,
    sessions: sessions.map((session, i): MadeSession => {
      const { key, area, units, trials, responses, bins, binMs, t0Ms } = session
      const width = units.id.length * bins
      const also = Object.keys(expected.sessions[i]?.also ?? {}) as (keyof typeof session)[] // fields of a session
      return {
        ...{ key, area, units: units.id },
        shown: Array.from(trials.imageId, (id) => levelOf.get(id) ?? NaN),
        tiers: [...trials.tier],
        responses: Array.from(trials.imageId, (_, trial) =>
          Array.from(responses.subarray(trial * width, (trial + 1) * width), (value) =>
            Number.isNaN(value) ? null : value,
          ),
        ),
        ...(binMs !== undefined && { binMs }),
        ...(t0Ms !== undefined && { t0Ms }),
        ...(also.length > 0 && {
          also: Object.fromEntries(also.map((field) => [field, String(session[field])])),
        }),
      }
    }),
  }
}
