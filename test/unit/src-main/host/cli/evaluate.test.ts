import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Analysis } from '../../../../../src-shared/contract/analysis.ts'
import type { Result } from '../../../../../src-shared/contract/contract.ts'
import type { Evaluation } from '../../../../../src-shared/contract/evaluation.ts'
import { writeFileAtomic } from '../../../../../src-main/disk/atomic-write.ts'
import { evaluateHere } from '../../../../../src-main/runs/evaluate/evaluate-here.ts'
import { evaluatedNeurons, neuronTables } from '../../../../../src-main/runs/read/run-arrays.ts'
import { analysedRdms } from '../../../../../src-main/runs/analyse/read-analysis.ts'
import { openRunStore } from '../../../../../src-main/store/run-store.ts'
import { tinyYaml } from '../../../../e2e/tiny-training.ts'
import { smallV4Yaml, writeSmallRecording } from '../../../../support/small-recording.ts'
import { pythonHas, testPython } from '../../../../support/python-with.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'
import type { Terminal } from '../../../../support/terminal.ts'
import { terminal } from '../../../../support/terminal.ts'
import { writeClassImages } from '../../../../support/class-images.ts'
import { writeTinyMnist } from '../../../../support/tiny-mnist.ts'

type Runs = Result<'runs.list'>['runs']

const UNITS = 4
let home: Terminal
let runs: string[] = []
let recorded: Awaited<ReturnType<typeof writeSmallRecording>>

const add = async (name: string, wish: Parameters<typeof writeSmallRecording>[1]) => {
  const written = await writeSmallRecording(join(home.home, name), wish)
  home.ask('data', 'add', `${name}.npz`, '--mapping', `${name}.json`, '--name', name)
  return written
}

beforeAll(async () => {
  home = await terminal(join(temporaryFolder(), 'home'), 'wasm')
  await add('mine', { seed: 1 })
  recorded = await add('later', { seed: 2 })
  await add('six', { seed: 3, units: 6 })
  await add('small', { seed: 4, side: 30 })
  await add('stranger', { seed: 5, session: 'other animal' })
  await add('untested', { seed: 6, tested: false })
  for (const seed of [1, 2])
    writeFileSync(join(home.home, `${seed}.yaml`), smallV4Yaml({ set: 'mine', seed }))
  runs = home.ask<Runs>('run', '1.yaml', '2.yaml').map(({ id }) => id)
})

/** Rows of a written table: the name of the image, then its numbers. */
const answersIn = (name: string): number[][] =>
  readFileSync(join(home.home, name), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').slice(1).map(Number))

const pearson = (a: readonly number[], b: readonly number[]): number => {
  const mean = (values: readonly number[]) => values.reduce((s, v) => s + v, 0) / values.length
  const [ma, mb] = [mean(a), mean(b)]
  const dot = (x: readonly number[], mx: number, y: readonly number[], my: number) =>
    x.reduce((s, v, i) => s + (v - mx) * ((y[i] as number) - my), 0)
  return dot(a, ma, b, mb) / Math.sqrt(dot(a, ma, a, ma) * dot(b, mb, b, mb))
}

/** Mean over units of the correlation over single test trials (the last quarter of the images). */
function correlationOf(answers: readonly number[][]): number {
  const { responses, imageId } = recorded
  const trials = [...imageId.keys()].filter((t) => (imageId[t] as number) >= 30)
  const units = Array.from({ length: UNITS }, (_, u) =>
    pearson(
      trials.map((t) => responses[t * UNITS + u] as number),
      trials.map((t) => answers[imageId[t] as number]?.[u] as number),
    ),
  )
  return units.reduce((s, v) => s + v, 0) / UNITS
}

describe('a network for other programs', () => {
  it('is written whole into a new folder, and answers there as here', () => {
    const [first = ''] = runs
    home.ask('export', first, '--what', 'onnx', '--out', 'onnx')
    expect(readdirSync(join(home.home, 'onnx')).sort()).toEqual(['examples.safetensors', 'v4_s.onnx'])
    home.ask('export', first, '--what', 'pytorch', '--out', 'pytorch')
    const file = join(home.home, 'pytorch', 'model.py')
    expect(readFileSync(file, 'utf8')).toContain('OUTPUTS = {')
    if (pythonHas('torch', 'safetensors')) {
      const said = execFileSync(testPython ?? '', ['-W', 'ignore', file], { encoding: 'utf8' })
      expect(said).toMatch(/^v4\/s \(rebuilt\): \(4, 4\) answers/)
    }
    expect(() => home.ask('export', first, '--what', 'onnx', '--out', 'onnx')).toThrow(/exists already/)
  })
})

describe('baselines of a run', () => {
  it('are scored on its own trials and listed beside its scores', () => {
    const [first = ''] = runs
    const store = openRunStore({ home: home.home, disk: { writeFile: writeFileAtomic } })
    const before = neuronTables(store, first)
    const made = home.ask<Evaluation[]>('evaluate', first, '--baselines')
    // Units of the run are the network's, also where the baseline has a column that the run lacks.
    const { arrays } = store.files(first)
    expect(neuronTables(store, first)).toEqual(before)
    renameSync(arrays, `${arrays}.away`)
    expect(neuronTables(store, first)).toEqual([])
    renameSync(`${arrays}.away`, arrays)
    expect(evaluatedNeurons(store, first, made[1]?.key ?? '')).toHaveLength(1)
    store.close()
    expect(made.map(({ baseline }) => baseline)).toEqual(['pixels', 'gabor'])
    for (const { scores, counts, notes } of made) {
      expect(scores['FinalTest/v4/avg_correlation']).toBeGreaterThan(-1)
      expect(counts).toEqual({ v4: 10 })
      expect(notes.join()).toContain('scored on 10 of the test part')
    }
    const listed = home.ask<{ runs: Runs }>('runs').runs.find(({ id }) => id === first)?.scores
    expect(listed?.['Ridge on Gabor energy: FinalTest/v4/avg_correlation']).toBe(
      made[1]?.scores['FinalTest/v4/avg_correlation'],
    )
    expect(home.ask<Evaluation[]>('evaluate', first, '--baselines')).toEqual(made)
  })

  it('take no other data', () => {
    expect(() => home.ask('evaluate', runs[0] ?? '', '--baselines', '--data', 'later')).toThrow(
      /recordings that a run was trained with/,
    )
  })
})

describe('a finished run on another recording', () => {
  it('is scored as its own answers say, alone and with another seed as one', () => {
    const [first = '', second = ''] = runs
    home.ask('predict', first, '--images', 'later', '--to', 'first.csv')
    home.ask('predict', second, '--images', 'later', '--to', 'second.csv')
    home.ask('predict', first, '--group', '--images', 'later', '--to', 'both.csv')
    const [a, b, both] = ['first.csv', 'second.csv', 'both.csv'].map(answersIn) as [
      number[][],
      number[][],
      number[][],
    ]
    both.forEach((row, i) =>
      row.forEach((value, u) => expect(value).toBeCloseTo(((a[i]?.[u] ?? NaN) + (b[i]?.[u] ?? NaN)) / 2, 4)),
    )
    const alone = home.ask<Evaluation[]>('evaluate', first, '--data', 'later')
    expect(alone[0]?.scores['FinalTest/v4/eval']).toBeCloseTo(correlationOf(a), 4)
    expect(alone[0]?.data).toMatchObject({ name: 'later', part: 'test' })
    expect(alone[0]?.counts).toEqual({ v4: 30 })
    const together = home.ask<Evaluation[]>('evaluate', first, '--group', '--ensemble', '--data', 'later')
    expect(together).toHaveLength(1)
    expect(together[0]?.members).toEqual([...runs].sort())
    expect(together[0]?.scores['FinalTest/v4/eval']).toBeCloseTo(correlationOf(both), 4)
    // A known result is not made again.
    expect(home.ask<Evaluation[]>('evaluate', first, '--data', 'later')[0]?.at).toBe(alone[0]?.at)
  })

  it('is compared by these scores, and its units are kept', () => {
    const [first = '', second = ''] = runs
    const [made] = home.ask<Evaluation[]>('evaluate', second, '--data', 'later')
    const { metrics } = home.ask<Result<'compare.table'>>('compare', first, second)
    const name = `later [${made?.data?.fingerprint.slice(0, 8)}]: FinalTest/v4/eval`
    const column = metrics.find(({ key }) => key === name)
    expect(column?.values[1]).toBe(made?.scores['FinalTest/v4/eval'])
    expect(column?.values[0]).not.toBeNull()
    expect(column?.label).toContain('V4 single-trial correlation')
  })

  it.each<[string, 'test' | 'all', RegExp]>([
    ['six', 'test', /session s has 6 units, the readout of the run 4/],
    ['small', 'test', /30 x 30 x 1 .* trained at 32 x 32 x 1/],
    [
      'stranger',
      'test',
      /for \(s\).*not in the set are the sessions s.*no readout for the sessions other animal/,
    ],
    ['untested', 'test', /session s: the recording has no test trials.*--part all/],
    ['mine', 'all', /was trained on part of mine/],
    ['nowhere', 'test', /nowhere: no registered data set has this name/],
  ])('refuses %s by name', async (data, part, words) => {
    const store = openRunStore({ home: home.home, disk: { writeFile: writeFileAtomic } })
    const deps = { home: home.home, folder: home.home, now: () => 0, date: () => new Date(0) }
    const wish = { members: runs.slice(0, 1), data, part, conditions: {} }
    await expect(evaluateHere(wish, { store, deps, engine: '' })).rejects.toThrow(words)
    store.close()
  })

  it('has nothing to add to its own scores', () => {
    expect(home.ask<Evaluation[]>('evaluate', runs[0] ?? '')[0]?.scores).toEqual({})
  })
})

describe('a finished classifier on other images', () => {
  it('is scored with the classes that it knows, and on corruptions it had not seen', async () => {
    writeFileSync(join(home.home, 'bars.yaml'), tinyYaml(home.home, 1))
    writeTinyMnist(join(home.home, 'bars'), 20, 30)
    await writeClassImages(join(home.home, 'insects'))
    const [{ id } = { id: '' }] = home.ask<Runs>('run', 'bars.yaml')
    const [made] = home.ask<Evaluation[]>('evaluate', id, '--data', 'bars', '--conditions', 'fog:2')
    expect(made?.counts).toEqual({ img_classification: 30 })
    expect(Object.keys(made?.scores ?? {})).toContain('fly_c_test fog 2/img_classification/eval')
    expect(home.refusal('evaluate', id, '--data', 'insects')).toMatch(/does not know ant, bee/)
    expect(home.refusal('evaluate', id, '--conditions', 'fogg')).toMatch(/Did you mean "fog"/)
    const [own] = home.ask<Evaluation[]>('evaluate', id, '--conditions', 'fog:1')
    expect(Object.keys(own?.scores ?? {})).toContain('fly_c_test fog 1/img_classification/eval')
    expect(home.ask<Result<'runs.get'>>('show', id).summary.scores).toMatchObject(own?.scores ?? {})
    expect(home.refusal('evaluate', id, runs[0] ?? '', '--ensemble')).toMatch(/cannot be averaged/)
  })

  it('answers the part of an image set that is asked for, or all of them', () => {
    const [{ id } = { id: '' }] = home.ask<Runs>('run', 'bars.yaml')
    home.ask('data', 'add', 'bars', '--name', 'bar images')
    const predict = ['predict', id, '--images', 'bar images', '--to']
    home.ask(...predict, 'all.csv')
    home.ask(...predict, 'test.csv', '--part', 'test')
    const namesIn = (name: string) =>
      readFileSync(join(home.home, name), 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',')[0])
    const names = (part: string, count: number) => Array.from({ length: count }, (_, i) => `${part}/${i}`)
    expect(namesIn('all.csv')).toEqual([...names('train', 20), ...names('test', 30)])
    expect(namesIn('test.csv')).toEqual(names('test', 30))
    const [all, tested] = [answersIn('all.csv').slice(20), answersIn('test.csv')]
    // Other images share the batch, so that sums may round otherwise.
    tested.forEach((row, i) => row.forEach((value, k) => expect(value).toBeCloseTo(all[i]?.[k] ?? NaN, 5)))
    expect(home.refusal(...predict, 'val.csv', '--part', 'val')).toMatch(
      /has no validation part.*training, test/s,
    )
    expect(home.refusal('predict', id, '--images', 'bars', '--part', 'test', '--to', 'x.csv')).toMatch(
      /no registered image set/,
    )
  })
})

describe('analyses', () => {
  const few = ['--best', '2', '--option', 'images=6']

  it('show what units read, with averages of the recording and the place of the readout', () => {
    const made = home.ask<Analysis>('analyse', runs[0]!, 'receptive-field', ...few, '--option', 'shuffles=19')
    expect(made.units).toHaveLength(2)
    expect(made.images.count).toBe(6)
    expect(made.maps.map(({ name }) => name)).toEqual(['gradient', 'first', 'second', 'energy', 'average'])
    const numbers = new Map(made.numbers.map(({ name, values }) => [name, values]))
    for (const value of [...numbers.get('x')!, ...numbers.get('readout_x')!]) {
      expect(value).toBeGreaterThanOrEqual(0)
      expect(value).toBeLessThanOrEqual(made.size.width - 1)
    }
    for (const chance of numbers.get('chance')!) expect(chance).toBeGreaterThanOrEqual(1 / 20)
  })

  it('are made once: asked again, they are read, and written as numbers or as everything', () => {
    const ask = [
      'analyse',
      runs[0]!,
      'mei',
      ...few,
      '--option',
      'steps=5',
      '--option',
      'starts=1',
      '--with',
      runs[1]!,
    ]
    const made = home.ask<Analysis>(...ask, '--out', 'mei.npz')
    expect(made.numbers.map(({ name }) => name)).toContain(`other_${runs[1]!.slice(0, 10)}`)
    expect(home.ask<Analysis>(...ask, '--out', 'mei.csv')).toEqual(made)
    const rows = readFileSync(join(home.home, 'mei.csv'), 'utf8').trim().split('\n')
    expect(rows).toHaveLength(3)
    expect(rows[0]).toMatch(/^area,session,unit,most,least/)
    expect(readFileSync(join(home.home, 'mei.npz')).includes('stimuli/most.npy')).toBe(true)
    expect(home.refusal(...ask, '--out', 'mei.csv')).toMatch(/exists already/)
  })

  it('refuse what they cannot do before anything is computed', () => {
    const id = runs[0]!
    expect(home.refusal('analyse', id, 'tuning', '--option', 'phase=4')).toMatch(/Did you mean "phases"/)
    expect(home.refusal('analyse', id, 'tuning', '--units', 'nobody')).toMatch(/there is no unit "nobody"/)
    expect(home.refusal('analyse', id, 'tuning', '--with', runs[1]!)).toMatch(/in similarity only/)
    const layers = ['analyse', id, 'similarity', '--option']
    expect(home.refusal(...layers, 'folds=5')).toMatch(/10 images .* are too few: 5 folds need 20/)
    expect(home.refusal(...layers, 'layers=v1', '--option', 'folds=2')).toMatch(/has no layer "v1"/)
  })

  it('compare layers with each other, with those of another seed and with the recording', () => {
    const [own = '', other = ''] = runs
    const ask = ['analyse', own, 'similarity', '--option', 'folds=2', '--option', 'features=300']
    const made = home.ask<Analysis>(...ask, '--with', other, '--out', 'layers.csv')
    expect(made.images).toMatchObject({
      count: 10,
      set: { words: '10 images of the 10 test images of session s' },
    })
    expect(made.layers.map(({ run }) => run)).toEqual([own, other])
    const names = made.layers[0]!.layers.map(({ name }) => name)
    // The readout reads the second of two blocks: its pooling is not computed.
    expect(names.map((name) => name.split('.').at(-1))).toEqual(['relu1_1', 'pool1', 'relu2_1'])
    expect(new Set(made.layers.flatMap(({ layers }) => layers.map(({ rule }) => rule)))).toEqual(
      new Set(['projection']),
    )
    expect(made.matrices.map(({ name, across }) => `${name} ${across}`)).toEqual(
      [own, other].flatMap((run) => ['cka_debiased', 'cka', 'rsa', 'svcca'].map((m) => `${m} ${run}`)),
    )
    for (const { across, values } of made.matrices)
      values.forEach((row, i) => {
        if (across === own) expect(row[i]).toBeCloseTo(1, 6)
        else for (const value of row) expect(Math.abs(value ?? 0)).toBeLessThanOrEqual(1 + 1e-9)
      })
    const profiles = ['predicted', 'predicted_corrected', 'rsa', 'cka_debiased']
    expect(made.profiles.map(({ name }) => name)).toEqual([...profiles, ...profiles])
    for (const { name, values, low, high } of made.profiles)
      values.forEach((value, i) => {
        if (name !== 'predicted' || value === null) return
        expect(low[i]).toBeLessThanOrEqual(value)
        expect(high[i]).toBeGreaterThanOrEqual(value)
      })
    const rows = readFileSync(join(home.home, 'layers.csv'), 'utf8').trim().split('\n')
    expect(rows).toHaveLength(1 + 8 * names.length ** 2 + 8 * names.length)
    const store = openRunStore({ home: home.home, disk: { writeFile: writeFileAtomic } })
    const [responses, layer] = analysedRdms(store, own, made.key, ['responses', `${own}/${names[0]}`])
    expect([responses!.length, layer!.length, layer![3]![3]]).toEqual([10, 10, 0])
    expect(() => analysedRdms(store, own, made.key, ['nothing'])).toThrow(/no RDM "nothing"/)
    store.close()
    // The same images are read by both seeds.
    const turned = home.ask<Analysis>(
      'analyse',
      other,
      'similarity',
      '--option',
      'folds=2',
      '--out',
      'layers.npz',
    )
    expect(turned.images.set?.fingerprint).toBe(made.images.set?.fingerprint)
    expect(readFileSync(join(home.home, 'layers.npz')).includes('rdm/responses.npy')).toBe(true)
  })
})
