import * as tf from '@tensorflow/tfjs-core'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { buildData } from '../../../../../src-main/data/assemble/build-data.ts'
import { imgLoader } from '../../../../../src-shared/schema/dataset/img-loader.ts'
import { parseComponent } from '../../../../../src-shared/schema/component.ts'
import { createRng } from '../../../../../src-shared/util/rng.ts'
import { useBackend } from '../../../../support/backend.ts'
import { sharedPath } from '../../../../support/shared-data.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const deps = { home: join(temporaryFolder(), 'home'), folder: '/', now: () => 0, date: () => new Date(0) }

beforeAll(() => useBackend('cpu'))

it('a corrupted set that validates is part of the fingerprint and gives the images of four corruptions', async ({
  skip,
}) => {
  const [data_dir, corrupted_dir] = ['tiny-imagenet-200', 'tiny-imagenet-c_sample'].map((name) =>
    sharedPath('data', name),
  )
  if (!data_dir || !corrupted_dir) return skip('the real data are not beside this checkout')
  const given = {
    ...{
      dataset_cls: 'TinyImageNet',
      data_dir,
      corrupted_dir,
      input_size: 32,
      batch_size: 50,
      num_workers: 0,
    },
    ...{ use_c_test_as_val: true, valid_size: 0.5, add_corrupted_test: false, add_fly_corrupted_test: {} },
    ...{ validation_gauss: [], add_out_domain_test: false },
  }
  const parsed = parseComponent(imgLoader, given, 'dataset.config')
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const built = await buildData({ fn: 'img_loader', config: parsed.value }, 1000, deps)
  try {
    const names = built.manifest.map(({ name }) => name)
    const corrupted = names.filter((name) => name.startsWith('img_classification/corrupted/'))
    expect(corrupted).toHaveLength(1900)
    const [loader] = [...(built.data.validation.img_classification?.values() ?? [])]
    let count = 0
    for await (const batch of loader?.epoch(createRng(1)) ?? []) {
      count += batch.inputs.shape[0] ?? 0
      tf.dispose([batch.inputs, batch.targets])
    }
    expect(count).toBe(4 * 5 * 10)
  } finally {
    built.dispose()
  }
})
