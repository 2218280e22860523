import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { canonicalJson } from '../../../src-shared/schema/canonical.ts'
import { DEFAULT_IMAGE_DIR } from '../../../src-shared/schema/dataset/image-set-fields.ts'
import type { PredictionOptions, runDataOf } from '../../../src-shared/schema/dataset/prediction-fields.ts'
import { openCanonical } from '../../io/canonical/read.ts'
import { homeLayout } from '../../disk/home-layout.ts'
import { requireWhole } from '../../store/files/kept-files.ts'
import { runLayout } from '../../store/files/layout.ts'
import { readRecord } from '../../store/files/run-folder.ts'
import { resolveRunId } from '../../store/files/run-id.ts'
import type { RunRecord } from '../../store/files/run-record.ts'
import type { DataDeps } from '../content/data-deps.ts'
import type { NeuralDataSource, NeuralSourceRequest } from '../image-sets/data-source.ts'
import { hashFiles } from '../content/hash-files.ts'
import { fitKind } from '../image-sets/image-set.ts'
import type { ImagePlace } from '../image-sets/image-set-files.ts'
import { imageSetFiles } from '../image-sets/image-set-files.ts'
import { makeRunData } from './make-run-data.ts'
import { fingerprintOf, formerFingerprint, type Manifest } from '../content/manifest.ts'
import { sha256 } from '../../disk/sha256.ts'

/** Raised when the same run would answer with other numbers. */
const VERSION = 1

/** Responses that a finished run makes: computed once, kept as a data file. */
export async function runDataSource(
  { kind, run }: NonNullable<ReturnType<typeof runDataOf>>,
  { options, area, seed, classification }: NeuralSourceRequest,
  deps: DataDeps,
): Promise<NeuralDataSource> {
  const record = finishedRun(run, deps.home)
  const { folder, weights, shapes } = runLayout(join(homeLayout(deps.home).runs, record.id))
  requireWhole(folder, weights)
  const same = classification?.dataset_cls === options.predictions.image_set ? classification : null
  const place = placeOf(options.predictions, same)
  const set = await imageSetFiles(place, deps)
  const model = await hashFiles([{ name: 'weights', path: weights }], deps)
  const { image_dir: _place, ...decisive } = options.predictions
  const keyed = (images: string, weightsHash: string): string =>
    sha256(
      canonicalJson({
        version: VERSION,
        kind,
        run: record.id,
        model: weightsHash,
        area,
        seed,
        pictures: `${images} ${fitKind(place)}`, // the key of the first version
        decisive,
      }),
    )
  const key = keyed(fingerprintOf(await set.content()), fingerprintOf(model))
  const entry = (hash: string): Manifest => [{ name: `${kind} responses`, bytes: 0, hash }]
  const path = join(homeLayout(deps.home).datasets, `${key}.h5`)
  return {
    area,
    options,
    isMade: true,
    manifest: entry(key),
    former: async (rule) =>
      rule === 1
        ? entry(keyed(formerFingerprint(await hashFiles(set.formerFiles(), deps)), formerFingerprint(model)))
        : entry(key),
    open: async (build) => {
      if (!existsSync(path)) {
        if (build === undefined) throw new RangeError('answers of a run are made where data are built')
        await mkdir(homeLayout(deps.home).datasets, { recursive: true })
        await makeRunData(
          { kind, record, weights, shapes, area, options: options.predictions, place, set, seed, path },
          build,
          deps,
        )
      }
      return openCanonical(path)
    },
  }
}

function finishedRun(prefix: string, home: string): RunRecord {
  const { runs } = homeLayout(home)
  const record = readRecord(join(runs, resolveRunId(runs, prefix)))
  if (record.status !== 'finished')
    throw new CotrainError({
      code: 'run-missing',
      path: prefix,
      message: `the run is ${record.status}, not finished.`,
      hint: 'Let it finish first.',
    })
  return record
}

function placeOf(options: PredictionOptions, same: ImagePlace | null): ImagePlace {
  const size = options.image_size
  return {
    dataset_cls: options.image_set,
    data_dir: options.image_dir || (same?.data_dir ?? DEFAULT_IMAGE_DIR),
    data_set: '',
    fit: same?.fit ?? 'auto',
    input_size: size,
    in_resize: size,
    value_min: same?.value_min ?? null,
    value_max: same?.value_max ?? null,
  }
}
