import type { DatasetChoice } from '../../../src-shared/schema/registry.ts'
import type { DataDeps } from '../content/data-deps.ts'
import type { DataSources } from '../image-sets/data-source.ts'
import { dataSources } from './data-sources.ts'
import { fingerprintOf } from '../content/manifest.ts'

/** Sets that open in a moment; the large ones are read through when they are added, and by the run itself. */
const SMALL_SETS: ReadonlySet<string> = new Set([
  'MNIST',
  'FashionMNIST',
  'KMNIST',
  'CIFAR10',
  'CIFAR100',
  'SVHN',
])

/** Content that was opened without fault before, by fingerprint. */
const opened = new Set<string>()

/** Content of a run's data. */
export type Described = Pick<DataSources, 'manifest' | 'parts' | 'former'> & { readonly fingerprint: string }

/**
 * Finds and fingerprints the data of a config, and opens what opens quickly, so that a truncated file is refused
 * before there is a run. @throws CotrainError naming file and byte.
 */
export async function checkData(choice: DatasetChoice, dataSeed: number, deps: DataDeps): Promise<Described> {
  const sources = await dataSources(choice, dataSeed, deps)
  const fingerprint = fingerprintOf(sources.manifest)
  if (!opened.has(fingerprint)) {
    await openSmall(sources)
    opened.add(fingerprint)
  }
  const { manifest, parts, former } = sources
  return { fingerprint, manifest, parts, former }
}

async function openSmall({ images, neural }: DataSources): Promise<void> {
  if (images !== null && SMALL_SETS.has(images.options.dataset_cls)) {
    await images.set.train()
    await images.set.test()
  }
  for (const { options, open } of neural) if (/\.(h5|hdf5)$/i.test(options.dataset)) (await open()).close()
}
