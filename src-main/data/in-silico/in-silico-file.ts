import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson } from '../../../src-shared/schema/canonical.ts'
import type { GeneratorOptions } from '../../../src-shared/schema/dataset/generator-fields.ts'
import { generateInSilico } from '../../engine/data/in-silico/generate.ts'
import type { LabelledImages, NeuralSet } from '../../engine/types.ts'
import type { CanonicalFile } from '../../io/canonical/read.ts'
import { openCanonical } from '../../io/canonical/read.ts'
import { writeCanonical } from '../../io/canonical/write.ts'
import type { DataDeps } from '../content/data-deps.ts'
import { inSilicoCanonical } from './in-silico-canonical.ts'
import { sha256 } from '../../disk/sha256.ts'
import { homeLayout } from '../../disk/home-layout.ts'

/** Raised when the same options would give other numbers. */
const GENERATOR_VERSION = 1

export interface InSilicoRequest {
  readonly options: GeneratorOptions
  readonly seed: number
  readonly area: NeuralSet
  /** Which classification images, and how they are fitted; null for synthetic ones. */
  readonly images: string | null
}

/** Name of the population: a hash of everything that decides it. `pictures` is the key of the first version. */
export function inSilicoKey({ options, seed, area, images }: InSilicoRequest): string {
  const { image_dir: _place, ...decisive } = options
  return sha256(
    canonicalJson({
      kind: 'in-silico',
      version: GENERATOR_VERSION,
      options: decisive,
      seed,
      area,
      pictures: images,
    }),
  )
}

/** Opens the population's data file, generating it first where it does not exist yet. */
export async function openInSilico(
  request: InSilicoRequest,
  classification: () => Promise<LabelledImages>,
  deps: DataDeps,
): Promise<CanonicalFile> {
  const path = join(homeLayout(deps.home).datasets, `${inSilicoKey(request)}.h5`)
  if (!existsSync(path)) {
    await mkdir(homeLayout(deps.home).datasets, { recursive: true })
    const options = { ...request.options, seed: request.seed }
    const images = request.options.images === 'classification' ? await classification() : null
    const data = await generateInSilico(options, images, (done) =>
      deps.progress?.('in-silico population', done),
    )
    await writeCanonical(path, inSilicoCanonical(data, options, request.area), deps.date().toISOString())
  }
  return openCanonical(path)
}
