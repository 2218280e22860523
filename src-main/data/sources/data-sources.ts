import type { ImageOptions } from '../../../src-shared/schema/dataset/image-fields.ts'
import type { DatasetChoice } from '../../../src-shared/schema/registry.ts'
import { isImageName } from '../../io/images/sources/image-entry.ts'
import { companionFiles } from '../image-sets/companion-sets.ts'
import type { DataDeps } from '../content/data-deps.ts'
import type { DataSources, FormerRule, ImageDataSource, NeuralDataSource } from '../image-sets/data-source.ts'
import { frostFiles } from '../image-sets/frost-images.ts'
import { hashFiles } from '../content/hash-files.ts'
import type { Manifest, ManifestEntry } from '../content/manifest.ts'
import { fingerprintOf, printBy } from '../content/manifest.ts'
import { keepManifest } from '../content/manifest-store.ts'
import { neuralSource } from './neural-source.ts'
import { imageSetFiles } from '../image-sets/image-set-files.ts'
import { wantedParts } from '../places/wanted-parts.ts'
import { sha256 } from '../../disk/sha256.ts'

interface ImageSource extends ImageDataSource {
  readonly manifest: Manifest
  /** Of the set alone. */
  readonly ownFingerprint: string
  former(): Promise<Manifest>
}

/** Finds and fingerprints what a resolved dataset config names; parts that no task needs are not touched. */
export async function dataSources(
  choice: DatasetChoice,
  dataSeed: number,
  deps: DataDeps,
): Promise<DataSources> {
  const wanted = wantedParts(choice)
  const images = wanted.images === null ? null : await imageSource(wanted.images, deps)
  const neural: NeuralDataSource[] = []
  for (const { area, options } of wanted.neural) {
    neural.push(await neuralSource({ area, options, seed: dataSeed, classification: wanted.images }, deps))
  }
  const manifest = [
    ...named('img_classification', images?.manifest ?? []),
    ...neural.flatMap(({ area, manifest: own }) => named(area, own)),
  ]
  await keepManifest(manifest, deps.home)
  const former = async (rule: FormerRule): Promise<string> => {
    const shown = rule === 1 ? await images?.former() : images?.manifest
    const recordings = neural.map(async ({ area, former: own }) => named(area, await own(rule)))
    return printBy(rule)([
      ...named('img_classification', shown ?? []),
      ...(await Promise.all(recordings)).flat(),
    ])
  }
  const parts: Record<string, string> = {}
  if (images !== null) parts['img_classification'] = images.ownFingerprint
  for (const { area, manifest: own } of neural) parts[area] = own[0]?.hash ?? ''
  return { images, neural, manifest, parts, former }
}

async function imageSource(options: ImageOptions, deps: DataDeps): Promise<ImageSource> {
  const set = await imageSetFiles(options, deps)
  const content = await set.content()
  const companions = companionFiles({ options, set }, deps)
  const frost = named('frost', await hashFiles(frostFiles(options.frost_textures, deps), deps))
  const scored = await hashFiles(
    companions.filter(({ name }) => isImageName(name) || /\.npy$/i.test(name)),
    deps,
  )
  // What these images are is told by their names: corruption, severity, class.
  const manifest = [...content, ...[...scored, ...frost].map(byName)]
  return {
    options,
    set,
    manifest,
    fingerprint: fingerprintOf(manifest),
    ownFingerprint: fingerprintOf(content),
    former: async () => [...(await hashFiles([...set.formerFiles(), ...companions], deps)), ...frost],
  }
}

const named = (part: string, manifest: Manifest): Manifest =>
  manifest.map((entry) => ({ ...entry, name: `${part}/${entry.name}` }))

const byName = (entry: ManifestEntry): ManifestEntry => ({
  ...entry,
  hash: sha256(`${entry.name} ${entry.hash}`),
})
