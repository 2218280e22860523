import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import type { CanonicalSet } from '../../../../../src-main/io/canonical/set.ts'
import { openHdf5File } from '../../../../../src-main/io/formats/hdf5/hdf5-library.ts'
import { createHdf5, type Hdf5Writer } from '../../../../../src-main/io/formats/hdf5/hdf5-writer.ts'
import { encodeNpy } from '../../../../../src-main/io/formats/numpy/npy-write.ts'
import { findImporter } from '../../../../../src-main/io/importers/registry.ts'
import { readTiers } from '../../../../../src-main/io/importers/base/tiers.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { writeTree } from '../../../../support/sample-images.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

/** One reading is taken, two are asked for: each kind with a small file of its own. */
const folder = temporaryFolder()
const at = (name: string): string => join(folder, name)
const read = (kind: string, path: string, options: object = {}): Promise<CanonicalSet> =>
  findImporter(kind).read(path, options, folder)
const only = (set: CanonicalSet) => set.sessions[0] as CanonicalSet['sessions'][number] // the tests below look at sets with one
const findings = ({ provenance }: CanonicalSet) =>
  (provenance['findings'] ?? []) as { code: string; message: string }[]

async function nwb(name: string, fill: (file: Hdf5Writer) => void): Promise<string> {
  const path = at(name)
  const file = await createHdf5(path)
  file.attributes('/', { nwb_version: '2.7.0' })
  for (const group of [
    '/stimulus',
    '/stimulus/templates',
    '/stimulus/presentation',
    '/intervals',
    '/intervals/trials',
    '/processing',
    '/processing/ophys',
  ])
    file.group(group)
  file.array('/intervals/trials/start_time', Float64Array.of(1, 2, 3), [3])
  fill(file)
  file.close()
  return path
}

function units(file: Hdf5Writer, path = '/units', ids = [7, 8]): void {
  file.group(path)
  file.array(`${path}/spike_times`, Float64Array.of(1.1, 2.1, 2.12, 3.06), [4])
  file.array(`${path}/spike_times_index`, Int32Array.of(3, 4), [2])
  file.array(`${path}/id`, Int32Array.from(ids), [2])
}

const singles = (file: Hdf5Writer, names: readonly string[]): void => {
  file.group('/stimulus/templates/p')
  names.forEach((name, i) =>
    file.array(`/stimulus/templates/p/${name}`, Uint8Array.of(i, i, 0, 0, 0, 0), [2, 3]),
  )
}

describe('NWB', () => {
  test("names '1' to '3' beside numbers: by name or by place is asked, and the option decides", async () => {
    const path = await nwb('names.nwb', (file) => {
      singles(file, ['1', '2', '3'])
      file.array('/intervals/trials/image_id', Int32Array.of(1, 2, 1), [3])
      units(file)
    })
    const { message, hint, asks } = await problemOf(() => read('nwb', path))
    expect(message).toContain('image_id by name; image_id by place, counted from 0')
    expect([hint?.includes('imageBy'), asks]).toEqual([true, ['imageColumn', 'imageBy', 'idsFrom']])
    expect(only(await read('nwb', path, { imageBy: 'name' })).trials.imageId).toEqual(Int32Array.of(0, 1, 0))
    expect(only(await read('nwb', path, { imageBy: 'position', idsFrom: 0 })).trials.imageId).toEqual(
      Int32Array.of(1, 2, 1),
    )
    const both = await nwb('certain.nwb', (file) => {
      singles(file, ['1', '2', '3'])
      file.array('/intervals/trials/image_id', Int32Array.of(3, 2, 1), [3])
      units(file)
    })
    expect(only(await read('nwb', both)).trials.imageId).toEqual(Int32Array.of(2, 1, 0))
  })

  test('numbers beside words without order_of_images name nothing', async () => {
    const path = await nwb('words.nwb', (file) => {
      singles(file, ['zebra', 'ant'])
      file.array('/intervals/trials/image_id', Int32Array.of(0, 1, 0), [3])
      units(file)
    })
    const { message, hint, asks } = await problemOf(() => read('nwb', path))
    expect(message).toContain('no order_of_images: their order is not stated')
    expect([hint?.includes('imageBy: "position"'), asks]).toEqual([true, ['imageBy']])
    const set = await read('nwb', path, { imageBy: 'position', idsFrom: 0 })
    expect(set.images.origin).toEqual(['ant', 'zebra'])
  })

  test('dimension says that the width comes first; without it the usual order has a finding', async () => {
    const write = (dimension: Int32Array | null) => (file: Hdf5Writer) => {
      file.group('/stimulus/templates/s')
      file.array('/stimulus/templates/s/data', Uint8Array.of(0, 1, 2, 3, 4, 5), [1, 2, 3])
      if (dimension) file.array('/stimulus/templates/s/dimension', dimension, [2])
      file.array('/intervals/trials/image_id', Int32Array.of(0, 0, 0), [3])
      units(file)
    }
    const pixels = async (set: CanonicalSet): Promise<number[]> => {
      const out = new Float32Array(6)
      await set.images.source.read([0], out)
      return [set.images.source.height, set.images.source.width, ...out]
    }
    const turned = await read('nwb', await nwb('turned.nwb', write(Int32Array.of(2, 3))))
    expect(await pixels(turned)).toEqual([3, 2, 0, 3, 1, 4, 2, 5])
    expect(findings(turned).map(({ code }) => code)).toEqual(['area-not-stated'])
    const usual = await read('nwb', await nwb('usual.nwb', write(null)))
    expect(await pixels(usual)).toEqual([2, 3, 0, 1, 2, 3, 4, 5])
    expect(findings(usual).map(({ code }) => code)).toContain('image-axes-assumed')
    const said = await read('nwb', at('usual.nwb'), { imageAxes: 'iwh' })
    expect(await pixels(said)).toEqual([3, 2, 0, 3, 1, 4, 2, 5])
  })

  test('several image sets, tables of units and planes are listed; chosen ones are joined', async () => {
    const path = await nwb('several.nwb', (file) => {
      singles(file, ['0', '1'])
      file.group('/stimulus/templates/other')
      file.array('/stimulus/templates/other/0', Uint8Array.of(9, 9, 9, 9, 9, 9), [2, 3])
      file.array('/intervals/trials/image_id', Int32Array.of(0, 1, 0), [3])
      units(file)
      units(file, '/processing/probe')
    })
    expect((await problemOf(() => read('nwb', path))).message).toBe(
      'holds 2 sets of images: /stimulus/templates/other, /stimulus/templates/p.',
    )
    const { message, asks } = await problemOf(() => read('nwb', path, { images: '/stimulus/templates/p' }))
    expect([message, asks]).toEqual(['holds 2 tables of units: /units, /processing/probe.', ['units']])
    const options = { images: 'templates/p', units: ['/units', '/processing/probe'] }
    const session = only(await read('nwb', path, options))
    expect(session.units.id).toEqual(['units-7', 'units-8', 'probe-7', 'probe-8'])
    expect(session.responses).toEqual(Float32Array.of(1, 0, 1, 0, 2, 0, 2, 0, 0, 1, 0, 1))
    expect(await problemOf(() => read('nwb', path, { ...options, units: 'nothing' }))).toMatchObject({
      hint: 'It has: /units, /processing/probe.',
      asks: ['units'],
    })
  })

  test('two imaging planes are asked for, and both are read when both are named', async () => {
    const path = await nwb('planes.nwb', (file) => {
      singles(file, ['0', '1'])
      file.array('/intervals/trials/image_id', Int32Array.of(0, 1, 0), [3])
      for (const plane of ['plane1', 'plane2']) {
        file.group(`/processing/ophys/${plane}`)
        file.array(`/processing/ophys/${plane}/data`, Float32Array.of(0, 1, 2, 3, 4, 5), [3, 2])
        file.array(`/processing/ophys/${plane}/timestamps`, Float64Array.of(1.1, 2.1, 3.1), [3])
      }
    })
    expect((await problemOf(() => read('nwb', path))).message).toContain('holds 2 series of traces')
    const session = only(
      await read('nwb', path, { signal: ['/processing/ophys/plane1', '/processing/ophys/plane2'] }),
    )
    expect(session.units.id).toEqual(['plane1-0', 'plane1-1', 'plane2-0', 'plane2-1'])
    expect([...session.responses.subarray(0, 4)]).toEqual([0, 1, 0, 1])
  })

  test('images in other files are named, never replaced by others', async () => {
    const path = await nwb('external.nwb', (file) => {
      file.group('/stimulus/templates/movie', { format: 'external' })
      file.strings('/stimulus/templates/movie/external_file', ['../movies/natural.avi'])
      file.array('/intervals/trials/image_id', Int32Array.of(0, 1, 0), [3])
      units(file)
    })
    expect(await problemOf(() => read('nwb', path))).toMatchObject({
      path: `${path}, /stimulus/templates/movie/external_file`,
      message: 'the images lie in other files: ../movies/natural.avi.',
    })
  })

  test('invalid times are missing, and blank presentations are left out by name', async () => {
    const path = await nwb('invalid.nwb', (file) => {
      singles(file, ['0', '1'])
      file.array('/intervals/trials/image_id', Int32Array.of(0, 1, -1), [3])
      file.group('/intervals/invalid_times')
      file.array('/intervals/invalid_times/start_time', Float64Array.of(2.1), [1])
      file.array('/intervals/invalid_times/stop_time', Float64Array.of(2.3), [1])
      units(file)
    })
    const set = await read('nwb', path)
    expect(only(set).responses).toEqual(Float32Array.of(1, 0, NaN, NaN))
    expect(set.left).toMatchObject([{ kind: 'trial', name: 'row 2', severity: 'warning' }])
    expect(findings(set).find(({ code }) => code === 'unobserved-time')?.message).toContain(
      '2 of 4 responses',
    )
  })

  test('an index series with a rate, linked to frames', async () => {
    const path = at('rate.nwb')
    const file = await openHdf5File(path, 'w')
    file.create_attribute('nwb_version', '2.7.0')
    const put = (name: string, data: Float64Array | Int32Array | Uint8Array, shape = [data.length]) =>
      file.create_dataset({ name, data, shape })
    for (const group of [
      'stimulus',
      'stimulus/templates',
      'stimulus/presentation',
      'units',
      'stimulus/templates/s',
      'stimulus/templates/decoy',
      'stimulus/presentation/i',
    ])
      file.create_group(group)
    put('stimulus/templates/s/data', Uint8Array.of(5, 6), [2, 1, 1])
    put('stimulus/templates/decoy/data', Uint8Array.of(0, 0), [2, 1, 1])
    put('stimulus/presentation/i/data', Int32Array.of(1, 0, 1))
    const start = put('stimulus/presentation/i/starting_time', Float64Array.of(1))
    start.create_attribute('rate', 1)
    put('units/spike_times', Float64Array.of(2.1))
    put('units/spike_times_index', Int32Array.of(1))
    const series = file.get('stimulus/presentation/i') as unknown as {
      create_soft_link(to: string, name: string): number
    } // a group
    series.create_soft_link('/stimulus/templates/s', 'indexed_timeseries')
    file.close()
    const { trials, responses } = only(await read('nwb', path))
    expect(trials).toMatchObject({ imageId: Int32Array.of(1, 0, 1), timeS: Float64Array.of(1, 2, 3) })
    expect(responses).toEqual(Float32Array.of(0, 1, 0))
  })
})

describe('tiers', () => {
  const tiers = (name: string, values: (number | string)[], codes = {}, isBoolean = false): number[] => [
    ...readTiers(
      {
        name,
        values: values.every((v) => typeof v === 'number')
          ? Float64Array.from(values as number[])
          : values.map(String),
        isBoolean,
      },
      'f',
      codes,
    ),
  ]
  const asked = async (...given: Parameters<typeof tiers>) => problemOf(() => tiers(...given))

  test('names, flags and stated codes are read', () => {
    expect(tiers('part', ['train', 'Val', 'TEST'])).toEqual([1, 2, 3])
    expect(tiers('is_test', [1, 0, 0], {}, true)).toEqual([3, 0, 0])
    expect(tiers('testMask', [1, 0])).toEqual([3, 0])
    expect(tiers('is_test', ['True', 'False'])).toEqual([3, 0])
    expect(tiers('tier', [0, 3, 0])).toEqual([0, 3, 0])
    expect(tiers('split', [0, 1, 2], { 0: 'train', 1: 'validation', 2: 'test' })).toEqual([1, 2, 3])
    expect(tiers('train', [1, 0], { true: 'train', false: 'test' }, true)).toEqual([1, 3])
  })
  test('codes that mean nothing certain are asked for with their counts', async () => {
    expect((await asked('split', [0, 1, 2])).message).toBe(
      'its values 0 (1 trials), 1 (1 trials), 2 (1 trials) do not say which tier they mean.',
    )
    const { hint, asks } = await asked('tier', [0, 1, 2])
    expect([hint?.includes('option tiers'), asks]).toEqual([true, ['tiers']])
    expect((await asked('train', [1, 0], {}, true)).message).toBe(
      'is boolean: its values true (1 trials), false (1 trials) do not say which tier they mean.',
    )
    expect((await asked('is_test', [0, 0], {}, true)).message).toContain('false (2 trials)') // a promised tier that is empty
    expect((await asked('part', ['train', 'oracle'])).message).toContain('the tier "oracle" is not known')
    expect((await asked('split', [0, 1, 7], { 0: 'train', 1: 'test' })).message).toContain(
      'the tier "7" is not known',
    )
  })
})

describe('what is not used is told', () => {
  test('tables with times, columns of tiers, and images of one name', async () => {
    const path = await nwb('tables.nwb', (file) => {
      singles(file, ['0', '1'])
      file.array('/intervals/trials/picture', Int32Array.of(0, 1, 0), [3])
      file.group('/intervals/epochs')
      file.array('/intervals/epochs/start_time', Float64Array.of(1, 2), [2])
      file.array('/intervals/epochs/stimulus_id', Int32Array.of(0, 1), [2])
      file.array('/intervals/epochs/is_test', Uint8Array.of(0, 1), [2])
      units(file)
    })
    const set = await read('nwb', path)
    expect(set.left).toMatchObject([{ kind: 'array', name: '/intervals/trials', severity: 'warning' }])
    expect([...only(set).trials.tier]).toEqual([0, 3])
    expect(set.provenance['choices']).toContainEqual({ what: 'Tiers', value: 'is_test', by: 'file' })
    expect([...only(await read('nwb', path, { tierColumn: 'none' })).trials.tier]).toEqual([0, 0])
    const chosen = await read('nwb', path, { table: 'trials', imageColumn: 'picture' })
    expect([only(chosen).trials.imageId.length, chosen.left?.[0]?.severity]).toEqual([3, 'note'])
    writeTree(at('twice'), {
      'a/1.pgm': 'P5\n1 1\n255\nA',
      'b/1.pgm': 'P5\n1 1\n255\nB',
      't.csv': 'image,is_test,note,unit_1\n1.pgm,1,x,2\n',
    })
    expect((await problemOf(() => read('csv-folder', at('twice')))).message).toBe(
      '"1.pgm" is the name of several images: a/1.pgm, b/1.pgm.',
    )
    writeTree(at('twice'), { 't.csv': 'image,is_test,note,unit_1\na/1.pgm,1,x,2\nb/1.pgm,0,x,3\n' })
    const table = await read('csv-folder', at('twice'))
    expect([...only(table).trials.tier]).toEqual([3, 0])
    expect(table.left).toMatchObject([{ kind: 'array', name: 'note', severity: 'note' }])
  })
  test('an array that seems to hold the tiers and is not in the mapping', async () => {
    const path = npz('forgotten.npz', { split: encodeNpy(['train', 'train', 'test', 'train'], [4]) })
    expect((await read('arrays', path, { mapping: mapping() })).left).toMatchObject([
      { name: 'split', severity: 'warning' },
      { name: 'areas', severity: 'note' },
    ])
  })
})

/** Three images, four trials, two units of one area each. */
function npz(name: string, over: Record<string, Uint8Array> = {}): string {
  const arrays = {
    images: encodeNpy(
      Uint8Array.from({ length: 12 }, (_, i) => i),
      [3, 2, 2],
    ),
    responses: encodeNpy(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), [4, 2]),
    ids: encodeNpy(Int32Array.of(0, 1, 2, 1), [4]),
    areas: encodeNpy(['V1', 'LM'], [2]),
    ...over,
  }
  writeFileSync(
    at(name),
    zipSync(Object.fromEntries(Object.entries(arrays).map(([key, bytes]) => [`${key}.npy`, bytes]))),
  )
  return at(name)
}
const mapping = (session = {}, part = {}) => ({
  images: { array: 'images', axes: 'ihw' },
  sessions: [{ key: 's', ...session, parts: [{ array: 'responses', axes: 'tu', imageIds: 'ids', ...part }] }],
})

describe('areas', () => {
  test('each area of a file is a session; others than V1 and V4 need a word', async () => {
    const path = npz('areas.npz')
    const options = { mapping: mapping({ unitAreas: 'areas' }) }
    const { message, hint, asks } = await problemOf(() => read('arrays', path, options))
    expect(message).toBe('names LM (1 unit), which is neither V1 nor V4.')
    expect([hint?.includes('{"LM": "v1"}'), asks]).toEqual([true, ['areas']])
    const set = await read('arrays', path, { ...options, areas: { LM: 'v4' } })
    expect(
      set.sessions.map(({ key, area, units: own, responses }) => [key, area, own.id, [...responses]]),
    ).toEqual([
      ['s-V1', 'V1', ['0'], [1, 3, 5, 7]],
      ['s-LM', 'V4', ['1'], [2, 4, 6, 8]],
    ])
    const without = await read('arrays', path, { ...options, areas: { lm: 'leave out' } })
    expect(without.sessions).toHaveLength(1)
    expect(without.left).toContainEqual(expect.objectContaining({ kind: 'unit', name: '1' }))
  })
  test('what the file says is not overridden in silence, and what nobody says is a finding', async () => {
    const path = npz('areas.npz')
    const against = await problemOf(() =>
      read('arrays', path, { mapping: mapping({ area: 'V4' }), area: 'v1' }),
    )
    expect(against.message).toBe('the file says V4 (2 units), the option area says v1.')
    expect(against.asks).toEqual(['areas', 'area'])
    const silent = await read('arrays', path, { mapping: mapping() })
    expect([only(silent).area, findings(silent).map(({ code }) => code)]).toEqual(['', ['area-not-stated']])
    expect(only(await read('arrays', path, { mapping: mapping(), area: 'v4' })).area).toBe('V4')
  })
})

describe('ids, missing values and pixels', () => {
  test('ids that fit from 0 and from 1 are asked for', async () => {
    const path = npz('ids.npz', { ids: encodeNpy(Int32Array.of(1, 2, 1, 2), [4]) })
    expect(await problemOf(() => read('arrays', path, { mapping: mapping() }))).toMatchObject({
      hint: 'Say it with the option idsFrom: 0 or 1.',
      asks: ['idsFrom'],
    })
    const ids = async (options: object) => [...only(await read('arrays', path, options)).trials.imageId]
    expect(await ids({ mapping: mapping(), idsFrom: 1 })).toEqual([0, 1, 0, 1])
    expect(await ids({ mapping: mapping({}, { idOffset: 0 }) })).toEqual([1, 2, 1, 2])
  })
  test('stated values become NaN, and are told', async () => {
    const path = npz('gaps.npz', {
      responses: encodeNpy(Float32Array.of(1, -999, 3, Infinity, 5, 6, 7, -999), [4, 2]),
    })
    const set = await read('arrays', path, { mapping: mapping({ area: 'V1' }), missing: [-999, 'inf'] })
    expect(only(set)).toMatchObject({
      responses: Float32Array.of(1, NaN, 3, NaN, 5, 6, 7, NaN),
      responseKind: 'counts',
    })
    expect(set.provenance['choices']).toContainEqual({
      what: 'Treated as missing',
      value: '-999, inf: 3 responses of session s',
      by: 'option',
    })
  })
  test('pixels that are no numbers need a rule', async () => {
    const images = encodeNpy(Float32Array.of(0, 1, NaN, 0.5, 0, 0, 0, 0, 1, 1, 1, 1), [3, 2, 2])
    const path = npz('holes.npz', { images })
    const options = { mapping: mapping({ area: 'V1' }) }
    expect(await problemOf(() => read('arrays', path, options))).toMatchObject({
      message: '1 pixels of 1 images are NaN or infinite.',
      asks: ['nanPixels'],
    })
    const first = async (nanPixels: string) => {
      const set = await read('arrays', path, { ...options, nanPixels })
      const out = new Float32Array(4)
      await set.images.source.read([0], out)
      return [set.images.id.length, only(set).trials.imageId.length, out[2]]
    }
    expect(await first('mean')).toEqual([3, 4, 0.5])
    expect(await first('mask')).toEqual([3, 4, Math.fround(5.5 / 11)])
    expect(await first('drop')).toEqual([2, 3, 0])
  })
})

describe('options', () => {
  test('unknown ones are refused with the nearest and all known names, wrong values with what is expected', async () => {
    writeTree(at('csv'), { 'a.csv': 'image,unit_x\na.png,1\n' })
    const typo = await problemOf(() => read('csv-folder', at('csv'), { specie: 'mouse' }))
    expect(typo).toMatchObject({ code: 'config-invalid', path: 'specie' })
    expect(typo.hint).toMatch(/^Did you mean "species"\? Known options of csv-folder: /)
    expect(typo.asks).toBeUndefined()
    const wrong = [
      [{ area: 'v2' }, 'area', 'expected one of v1, v4, got "v2".'],
      [{ areas: { LM: 'v2' } }, 'areas.LM', 'expected one of v1, v4, leave out, got "v2".'],
      [{ bins: 0 }, 'bins', 'expected a value at least 1, got 0.'],
    ] as const
    for (const [options, path, message] of wrong)
      expect(await problemOf(() => read('nwb', at('csv'), options))).toMatchObject({
        ...{ path, message, asks: Object.keys(options) },
      })
  })
})
