import { join } from 'node:path'
import { zipSync } from 'fflate'
import { createHdf5 } from '../../../src-main/io/formats/hdf5/hdf5-writer.ts'
import { encodeNpy } from '../../../src-main/io/formats/numpy/npy-write.ts'
import { permuteAxes } from '../../../src-main/io/formats/numpy/row-major.ts'
import type { Rng } from '../../../src-shared/util/rng.ts'
import { writeTree } from '../sample-images.ts'
import { pickleDict } from './pickle-writer.ts'
import { makeTruth, pick, type Truth, type Written } from './truth.ts'

interface Made {
  readonly written: Written
  readonly truth: Truth
}

const SENSORIUM = ['train', 'validation', 'test'] as const

/** An image with its channels first or last. */
function turned(
  { height, width, channels }: Truth,
  image: Uint8Array,
  isFirst: boolean,
): { shape: number[]; values: Uint8Array } {
  const shape = [height, width, channels]
  return isFirst
    ? { shape: [channels, height, width], values: permuteAxes(image, shape, [2, 0, 1]) }
    : { shape, values: image }
}

export function writeFileTree(folder: string, rng: Rng): Made {
  const truth = makeTruth(rng, { tiers: SENSORIUM, missing: false })
  const isFirst = rng.uniform() < 0.8
  const files: Record<string, Uint8Array> = {
    'meta/trials/tiers.npy': encodeNpy(
      truth.trials.map(({ tier }) => tier),
      [truth.trials.length],
    ),
    'meta/neurons/unit_ids.npy': encodeNpy(Int32Array.from(truth.units, Number), [truth.units.length]),
  }
  if (rng.uniform() < 0.7)
    files['meta/trials/frame_image_id.npy'] = encodeNpy(
      Int32Array.from(truth.trials, ({ image }) => image * 7 + 3),
      [truth.trials.length],
    )
  if (rng.uniform() < 0.5)
    files['meta/neurons/area.npy'] = encodeNpy(
      truth.units.map(() => 'V1'),
      [truth.units.length],
    )
  truth.trials.forEach(({ image, responses }, trial) => {
    const { shape, values } = turned(truth, truth.images[image] ?? new Uint8Array(0), isFirst)
    files[`data/images/${trial}.npy`] = encodeNpy(values, shape)
    files[`data/responses/${trial}.npy`] = encodeNpy(Float64Array.from(responses), [responses.length])
  })
  const root = join(folder, 'static1-2-GrayImageNet')
  if (rng.uniform() < 0.3) {
    const path = `${root}.zip`
    writeTree(folder, {
      'static1-2-GrayImageNet.zip': zipSync(
        Object.fromEntries(
          Object.entries(files).map(([name, bytes]) => [`static1-2-GrayImageNet/${name}`, bytes]),
        ),
      ),
    })
    return { truth, written: { path, kind: 'filetree', options: { area: 'v1' } } }
  }
  writeTree(root, files)
  return {
    truth,
    written: {
      path: root,
      kind: 'filetree',
      options: { area: 'v1', ...(rng.uniform() < 0.3 && { imageAxes: isFirst ? 'chw' : 'hwc' }) },
    },
  }
}

export async function writeStatic(folder: string, rng: Rng): Promise<Made> {
  const truth = makeTruth(rng, { tiers: SENSORIUM })
  const path = join(folder, 'static5-6.h5')
  const { trials, units, height, width, channels } = truth
  const pixels = Uint8Array.from(trials.flatMap(({ image }) => [...(truth.images[image] ?? [])]))
  const shape = [trials.length, height, width, channels]
  const order = pick(rng, [
    [0, 3, 1, 2],
    [0, 1, 2, 3],
    [1, 2, 3, 0],
  ])
  const isTurned = rng.uniform() < 0.5
  const table = Float32Array.from(trials.flatMap(({ responses }) => responses))
  const file = await createHdf5(path)
  file.array(
    '/images',
    permuteAxes(pixels, shape, order),
    order.map((axis) => shape[axis] as number),
  )
  file.array(
    '/responses',
    isTurned ? permuteAxes(table, [trials.length, units.length], [1, 0]) : table,
    isTurned ? [units.length, trials.length] : [trials.length, units.length],
  )
  file.strings(
    '/tiers',
    trials.map(({ tier }) => tier),
  )
  file.group('/neurons')
  const named = rng.uniform() < 0.7
  if (named) file.array('/neurons/unit_ids', Int32Array.from(units, Number), [units.length])
  if (rng.uniform() < 0.5) {
    file.group('/item_info')
    file.array(
      '/item_info/frame_image_id',
      Int32Array.from(trials, ({ image }) => image),
      [trials.length],
    )
  }
  file.close()
  return {
    truth,
    written: { path, kind: 'static-hdf5', options: { area: 'v4' }, ...(!named && { forgets: ['units'] }) },
  }
}

/** A grey or colour image of the PNM family. */
const pnm = ({ height, width, channels }: Truth, image: Uint8Array): Uint8Array =>
  Uint8Array.from(
    Buffer.concat([Buffer.from(`P${channels === 1 ? 5 : 6}\n${width} ${height}\n255\n`), image]),
  )

export function writeCsv(folder: string, rng: Rng): Made {
  const truth = makeTruth(rng)
  const extension = truth.channels === 1 ? 'pgm' : 'ppm'
  const [separator, quote] = [pick(rng, [',', ';', '\t']), rng.uniform() < 0.3 ? '"' : '']
  const columns = ['image', 'tier', ...truth.units.map((unit) => `unit_${unit}`)]
  const order = Array.from(rng.permutation(columns.length))
  const row = (cells: readonly string[]): string => order.map((i) => cells[i] ?? '').join(separator)
  const rows = truth.trials.map(({ image, tier, responses }) =>
    row([
      `${quote}im${image}.${extension}${quote}`,
      tier,
      ...responses.map((value) => (Number.isNaN(value) ? pick(rng, ['', 'NaN', 'NA']) : String(value))),
    ]),
  )
  writeTree(folder, {
    ...Object.fromEntries(truth.images.map((image, i) => [`im${i}.${extension}`, pnm(truth, image)])),
    'trials.csv': [row(columns), ...rows].join(pick(rng, ['\n', '\r\n'])),
  })
  return { truth, written: { path: folder, kind: 'csv-folder', options: { area: 'v1' } } }
}

export function writePickle(folder: string, rng: Rng): Made {
  const truth = makeTruth(rng, { tiers: ['pool', 'test'] })
  const from = rng.int(2)
  const [bins, isFlat, named] = [1, rng.uniform() < 0.5, rng.uniform() < 0.6]
  const units = truth.units.length
  const part = (tier: string) => {
    const own = truth.trials.filter((trial) => trial.tier === tier)
    const values = Float32Array.from(own.flatMap(({ responses }) => responses))
    const isTurned = isFlat && rng.uniform() < 0.4
    const table = isFlat && !isTurned ? values : permuteAxes(values, [own.length, units], [1, 0])
    const shape = isFlat ? (isTurned ? [units, own.length] : [own.length, units]) : [units, bins, own.length]
    return {
      responses: { type: 'f4', shape, bytes: new Uint8Array(table.slice().buffer) },
      ids: {
        type: 'i8',
        shape: [own.length],
        bytes: new Uint8Array(BigInt64Array.from(own, ({ image }) => BigInt(image + from)).buffer),
      },
    }
  }
  const [train, test] = [part('pool'), part('test')]
  const dict = {
    session_id: 'a',
    training_responses: train.responses,
    training_image_ids: train.ids,
    testing_responses: test.responses,
    testing_image_ids: test.ids,
    ...(named && {
      unit_ids: {
        type: 'i8',
        shape: [units],
        bytes: new Uint8Array(BigInt64Array.from(truth.units, BigInt).buffer),
      },
    }),
  }
  writeTree(folder, {
    'neuronal_data/a.pickle': pickleDict(dict),
    ...Object.fromEntries(
      truth.images.map((image, i) => {
        const shape =
          truth.channels === 1 && i >= 0
            ? [truth.height, truth.width]
            : [truth.height, truth.width, truth.channels]
        return [`images/${String(i).padStart(6, '0')}.npy`, encodeNpy(image, shape)]
      }),
    ),
  })
  const options = { area: 'v1', ...(rng.uniform() < 0.5 && { idsFrom: from }) }
  return {
    truth,
    written: { path: folder, kind: 'session-pickle', options, ...(!named && { forgets: ['units'] }) },
  }
}

/** Images in a zip beside units x images (x repeats): every image is shown, in every repeat or in none. */
export function writeImages(folder: string, rng: Rng): Made {
  const made = makeTruth(rng, { tiers: ['pool'], missing: false })
  const repeats = 1 + rng.int(4)
  const units = made.units.length
  const trials: Truth['trials'] = made.images.flatMap((_, image) =>
    Array.from({ length: repeats }, (_, repeat) => ({
      image,
      tier: 'pool' as const,
      responses: made.units.map(() =>
        repeat > 0 && repeat === repeats - 1 && image % 2 === 0 ? NaN : Math.fround(rng.uniform()),
      ),
    })),
  )
  const truth = { ...made, trials: trials.filter(({ responses }) => !responses.every(Number.isNaN)) }
  const cube = Float32Array.from(trials.flatMap(({ responses }) => responses)) // images, repeats, units
  const full = [made.images.length, repeats, units]
  const isUnitsFirst = rng.uniform() < 0.6
  const order = isUnitsFirst ? [2, 0, 1] : [0, 2, 1]
  const values = permuteAxes(cube, full, order)
  const shape = order.map((axis) => full[axis] as number).slice(0, repeats === 1 ? 2 : 3)
  const extension = made.channels === 1 ? 'pgm' : 'ppm'
  const zip = zipSync(
    Object.fromEntries(made.images.map((image, i) => [`im${i + 1}.${extension}`, pnm(made, image)])),
  )
  writeTree(folder, { 'images_s.zip': zip, 'responses_s.npy': encodeNpy(values, shape) })
  const said = rng.uniform() < 0.5 ? { responseAxes: isUnitsFirst ? 'unit,trial' : 'trial,unit' } : {}
  return {
    truth,
    written: {
      path: folder,
      kind: 'images-and-responses',
      options: { area: 'v4', ...said },
      forgets: ['units', 'tiers'],
    },
  }
}

/** An array of images beside one of responses, both with any order of axes. */
export function writeStack(folder: string, rng: Rng): Made {
  const made = makeTruth(rng, { tiers: ['pool'] })
  const trials = made.images.map((_, image) => ({
    image,
    tier: 'pool' as const,
    responses: made.units.map(() => Math.fround(rng.uniform())),
  }))
  const truth = { ...made, trials }
  const pixels = Uint8Array.from(made.images.flatMap((image) => [...image]))
  const shape = [made.images.length, made.height, made.width, made.channels]
  const order = pick(rng, [
    [0, 1, 2, 3],
    [0, 3, 1, 2],
    [1, 2, 3, 0],
  ])
  const table = Float32Array.from(trials.flatMap(({ responses }) => responses))
  const isTurned = rng.uniform() < 0.5
  const size = [trials.length, made.units.length]
  writeTree(folder, {
    'images.npy': encodeNpy(
      permuteAxes(pixels, shape, order),
      order.map((axis) => shape[axis] as number),
    ),
    'responses.npy': encodeNpy(
      isTurned ? permuteAxes(table, size, [1, 0]) : table,
      isTurned ? size.toReversed() : size,
    ),
  })
  const said =
    rng.uniform() < 0.3
      ? {
          imageAxes: order.map((axis) => 'ihwc'[axis]).join(''),
          responseAxes: isTurned ? 'unit,trial' : 'trial,unit',
        }
      : {}
  const options = { area: 'v1', images: 'images.npy', responses: ['responses.npy'], ...said }
  return {
    truth,
    written: { path: folder, kind: 'images-and-responses', options, forgets: ['units', 'tiers'] },
  }
}
