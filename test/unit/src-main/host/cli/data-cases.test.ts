import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Result } from '../../../../../src-shared/contract/contract.ts'
import { parseComponent } from '../../../../../src-shared/schema/component.ts'
import { imgLoader } from '../../../../../src-shared/schema/dataset/img-loader.ts'
import { createRng } from '../../../../../src-shared/util/rng.ts'
import type { Batch } from '../../../../../src-main/engine/types.ts'
import { buildData } from '../../../../../src-main/data/assemble/build-data.ts'
import type { DataDeps } from '../../../../../src-main/data/content/data-deps.ts'
import { dataLibrary } from '../../../../../src-main/data/library/library.ts'
import { useBackend } from '../../../../support/backend.ts'
import { sharedPath } from '../../../../support/shared-data.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'
import { type Terminal, terminal } from '../../../../support/terminal.ts'

/** Reported faults that show in training alone, with the right values that are kept beside the checkout. */
const root = temporaryFolder()
const folder = sharedPath('cases')
const cases = describe.skipIf(folder === null) // said once by sharedPath

type Runs = Result<'runs.list'>['runs']

/** A home with the files of a case in it. */
async function homeOf(name: string, kind: string): Promise<Terminal> {
  const home = await terminal(join(root, name))
  cpSync(join(folder ?? '', kind), home.home, { recursive: true })
  return home
}

const rightOf = (kind: string): unknown =>
  JSON.parse(readFileSync(join(folder ?? '', kind, 'expect.json'), 'utf8'))

cases('float images of classes', () => {
  const KIND = 'float-pictures-of-classes'
  const right = () =>
    rightOf(KIND) as {
      readonly train: number
      readonly meanOfWhite: number
      readonly firstRowOfPicture0: readonly number[]
      readonly accuracyAtLeast: number
      readonly accuraciesDifferByAtMost: number
    } // fields of the file that is read

  test('train as well as the bytes, resized or not', { timeout: 900_000 }, async () => {
    const accuracies: Record<string, number[]> = {}
    for (const name of ['bytes', 'floats']) {
      const home = await homeOf(name, KIND)
      home.ask('data', 'add', name, '--name', `quadrants-${name}`)
      const config = readFileSync(join(home.home, `${name}.yaml`), 'utf8')
      // The network needs 32 pixels: resized images are larger here, and smaller where the loader is looked at.
      const resized = config
        .replaceAll('input_size: 32', 'input_size: 64')
        .replace('[5] }, max_iter: 6', '[1] }, max_iter: 2')
      expect(resized).toContain('max_iter: 2')
      writeFileSync(join(home.home, 'resized.yaml'), resized)
      const runs = home.ask<Runs>('run', `${name}.yaml`, 'resized.yaml')
      expect(runs.map(({ status }) => status)).toEqual(['finished', 'finished'])
      accuracies[name] = runs.map(({ scores }) => scores['FinalTestInDomain/img_classification/eval'] ?? NaN)
    }
    const { accuracyAtLeast, accuraciesDifferByAtMost } = right()
    for (const i of [0, 1]) {
      const [bytes = NaN, floats = NaN] = [accuracies['bytes']?.[i], accuracies['floats']?.[i]]
      expect(Math.min(bytes, floats)).toBeGreaterThanOrEqual(accuracyAtLeast)
      expect(Math.abs(bytes - floats)).toBeLessThanOrEqual(accuraciesDifferByAtMost)
    }
  })

  describe('come from the loader as the grey levels of the bytes', () => {
    beforeAll(() => useBackend('cpu'))

    /** Mean of the training images on the scale from black to white, and the first row of image 0. */
    async function delivered(name: string, size: number): Promise<{ mean: number; row: number[] }> {
      const deps: DataDeps = {
        ...{ home: join(root, `loader-${name}`), folder: join(folder ?? '', KIND) },
        now: () => 0,
        date: () => new Date(0),
      }
      await dataLibrary.add(deps, { path: name, name })
      const parsed = parseComponent(
        imgLoader,
        {
          ...{ dataset_cls: 'library', data_set: name, input_size: size, batch_size: 64, valid_size: 0 },
          ...{ apply_augmentation: false, apply_normalization: false, add_corrupted_test: false },
          ...{ add_out_domain_test: false, validation_gauss: [], add_fly_corrupted_test: {} },
        },
        'dataset.config',
      )
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
      const built = await buildData({ fn: 'img_loader', config: parsed.value }, 1000, deps)
      const loader = built.data.train.img_classification?.get('img_classification')
      if (loader === undefined) throw new Error('there is no loader')
      let [sum, count, row] = [0, 0, [] as number[]]
      for await (const { inputs, targets, index } of loader.epoch(createRng(1)) as AsyncIterable<Batch>) {
        const values = inputs.dataSync()
        const at = Array.from(index).indexOf(0)
        if (at >= 0) row = Array.from(values.subarray(at * size * size, at * size * size + size))
        for (const value of values) sum += value
        count += values.length
        inputs.dispose()
        targets.dispose()
      }
      built.dispose()
      expect(count).toBe(right().train * size * size)
      return { mean: sum / count, row }
    }

    test.each([32, 16, 64])('%i pixels a side', async (size) => {
      const { meanOfWhite, firstRowOfPicture0 } = right()
      const [bytes, floats] = [await delivered('bytes', size), await delivered('floats', size)]
      for (const { mean } of [bytes, floats]) expect(Math.abs(mean - meanOfWhite)).toBeLessThan(1 / 255)
      floats.row.forEach((value, x) =>
        expect(Math.abs(value - (bytes.row[x] ?? NaN)), `pixel ${x}`).toBeLessThan(1 / 255),
      )
      expect(floats.row).toHaveLength(size)
      if (size === 32)
        firstRowOfPicture0.forEach((value, x) =>
          expect(Math.abs(value - (floats.row[x] ?? NaN)), `pixel ${x}`).toBeLessThan(1 / 255),
        )
    })
  })
})

cases('an infinite response', () => {
  test('is found with its place, stops training before its first step, and is left out on request', async () => {
    const right = rightOf('not-finite') as {
      readonly responses: number
      readonly missing: number
      readonly where: { readonly trial: number; readonly unit: number }
    } // fields of the file that is read
    const { trial, unit } = right.where
    const home = await homeOf('infinite', 'not-finite')
    const add = (name: string, ...options: string[]): Result<'data.add'> =>
      home.ask('data', 'add', 'inf.npz', '--mapping', 'inf.json', '--name', name, ...options)
    const { sessions = [], findings } = add('one-inf')
    expect(sessions.map(({ units, trials, missing }) => [units * trials, missing])).toEqual([
      [right.responses, right.missing],
    ])
    expect(findings.filter(({ code }) => code === 'infinite-responses')).toMatchObject([
      {
        severity: 'error',
        message: `1 response is infinite, in 1 unit (${unit}); the first at trial ${trial}, unit ${unit}.`,
      },
    ])
    expect(findings.map(({ code }) => code)).not.toContain('missing-responses')

    expect(home.refusal('run', 'inf.yaml')).toContain(
      `the response of trial ${trial}, unit ${unit} is Infinity: infinite is neither a number nor missing.`,
    )
    const [refused] = home.ask<{ runs: Runs }>('runs').runs
    expect(refused).toMatchObject({ status: 'failed', end: { reason: 'error', epoch: 0 }, scores: {} })

    expect(add('mended', '--option', 'missing=["inf"]').sessions?.map(({ missing }) => missing)).toEqual([1])
    const config = readFileSync(join(home.home, 'inf.yaml'), 'utf8')
    writeFileSync(join(home.home, 'mended.yaml'), config.replace('dataset: one-inf', 'dataset: mended'))
    const [trained] = home.ask<Runs>('run', 'mended.yaml')
    expect(trained).toMatchObject({ status: 'finished', epoch: 4, end: { reason: 'all-epochs' } })
    const scores = Object.entries(trained?.scores ?? {})
    expect(scores.length).toBeGreaterThan(3)
    expect(scores.filter(([, value]) => !Number.isFinite(value))).toEqual([])
  })
})
