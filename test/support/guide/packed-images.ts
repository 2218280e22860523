import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { encodeNpy } from '../../../src-main/io/formats/numpy/npy-write.ts'
import { numpyFiles } from '../numpy-files.ts'
import { encodeMat5 } from '../recordings/mat5-writer.ts'
import { writeTree } from '../sample-images.ts'
import type { MadeImages, MakeImages } from './made-images.ts'

type Files = Record<string, Uint8Array>

const idx = (shape: readonly number[], values: readonly number[]): Uint8Array =>
  Uint8Array.from([0, 0, 8, shape.length, ...shape.flatMap((n) => [0, 0, 0, n]), ...values])

/** The four IDX files; every image is 2 x 3 pixels of one level. */
function idxFiles(pack: (bytes: Uint8Array) => Uint8Array, ending: string): Files {
  const part = (stem: string, labels: number[], levels: number[]): Files => ({
    [`${stem}-images-idx3-ubyte${ending}`]: pack(
      idx(
        [levels.length, 2, 3],
        levels.flatMap((level) => Array<number>(6).fill(level)),
      ),
    ),
    [`${stem}-labels-idx1-ubyte${ending}`]: pack(idx([labels.length], labels)),
  })
  return { ...part('train', [9, 0, 3], [1, 2, 3]), ...part('t10k', [7], [4]) }
}
const digits = Array.from({ length: 10 }, (_, i) => String(i))
const idxParts: MadeImages['parts'] = {
  train: '9:1 0:2 3:3',
  test: '7:4',
}

const cifar = (labels: number[], level: number): Uint8Array =>
  Uint8Array.from([...labels, ...Array<number>(3072).fill(level)])
const pickled = (name: string): Uint8Array => numpyFiles.cifar.get(name) ?? new Uint8Array(0)

/** Images of 2 x 2 pixels, each of one level, and their labels. */
const stack = (levels: readonly number[]): Uint8Array =>
  encodeNpy(Uint8Array.from(levels.flatMap((level) => Array<number>(4).fill(level))), [levels.length, 2, 2])
const labels = (values: readonly number[], shape = [values.length]): Uint8Array =>
  encodeNpy(Int32Array.from(values), shape)
const twoParts: MadeImages = {
  kind: 'numpy',
  classNames: ['0', '1', '2'],
  parts: { train: '2:5 0:6', test: '1:7' },
}

/** SVHN as MATLAB stores it: rows fastest, then columns, channels, images; the digit 0 is 10. */
const svhn = (values: readonly number[], levels: readonly number[]): Uint8Array =>
  encodeMat5({
    X: {
      shape: [2, 2, 3, levels.length],
      columnMajor: Uint8Array.from(levels.flatMap((level) => Array<number>(12).fill(level))),
    },
    y: { shape: [values.length, 1], columnMajor: Uint8Array.from(values) },
  })

/** Sets of arrays and binary files. */
export const PACKED_IMAGES: Readonly<Record<string, MakeImages>> = {
  'cifar-10-batches-bin': (at) => {
    writeTree(join(at, 'cifar-10-batches-bin'), {
      'batches.meta.txt': 'airplane\nautomobile\n',
      'data_batch_1.bin': cifar([1], 70),
      'data_batch_2.bin': cifar([0], 71),
      'test_batch.bin': cifar([1], 72),
    })
    return {
      kind: 'cifar-10',
      classNames: ['airplane', 'automobile'],
      parts: { train: '1:70 0:71', test: '1:72' },
    }
  },
  'cifar-100-binary': (at) => {
    writeTree(join(at, 'cifar-100-binary'), {
      'fine_label_names.txt': 'apple\nbee\n',
      'train.bin': cifar([9, 1], 73), // coarse label, then the fine one
      'test.bin': cifar([9, 0], 74),
    })
    return {
      kind: 'cifar-100',
      classNames: ['apple', 'bee'],
      parts: { train: '1:73', test: '0:74' },
    }
  },
  'cifar-10-batches-py': (at) => {
    writeTree(join(at, 'cifar-10-batches-py'), {
      data_batch_1: pickled('data_batch_1'),
      'batches.meta': pickled('batches.meta'),
    })
    return {
      kind: 'cifar-10',
      classNames: ['airplane', 'automobile'],
      parts: { train: '1:10 0:7' },
    }
  },
  'cifar-100-python': (at) => {
    writeTree(join(at, 'cifar-100-python'), { train: pickled('train'), meta: pickled('meta') })
    return {
      kind: 'cifar-100',
      classNames: ['apple', 'bee'],
      parts: { train: '0:10 1:7' },
    }
  },
  mnist: (at) => {
    writeTree(
      join(at, 'mnist'),
      idxFiles((bytes) => bytes, ''),
    )
    return { kind: 'mnist', classNames: digits, parts: idxParts }
  },
  'fashion-mnist': (at) => {
    writeTree(join(at, 'fashion-mnist'), idxFiles(gzipSync, '.gz'))
    const clothes = ['T-shirt', 'trouser', 'pullover', 'dress', 'coat', 'sandal', 'shirt', 'sneaker', 'bag']
    return { kind: 'mnist', classNames: [...clothes, 'ankle boot'], parts: idxParts }
  },
  svhn: (at) => {
    writeTree(join(at, 'svhn'), {
      'train_32x32.mat': svhn([10, 3], [80, 81]),
      'test_32x32.mat': svhn([9], [82]),
    })
    return {
      kind: 'svhn',
      classNames: digits,
      parts: { train: '0:80 3:81', test: '9:82' },
    }
  },
  'mnist.npz': (at) => {
    const files = { 'x_train.npy': stack([5, 6]), 'y_train.npy': labels([2, 0]), 'x_test.npy': stack([7]) }
    writeFileSync(join(at, 'mnist.npz'), zipSync({ ...files, 'y_test.npy': labels([1], [1, 1]) }))
    return twoParts
  },
  'pathmnist.npz': (at) => {
    const part = (name: string, numbers: number[], levels: number[]) => ({
      [`${name}_images.npy`]: stack(levels),
      [`${name}_labels.npy`]: labels(numbers, [numbers.length, 1]),
    })
    const files = { ...part('train', [2, 0], [5, 6]), ...part('val', [0], [9]), ...part('test', [1], [7]) }
    writeFileSync(join(at, 'pathmnist.npz'), zipSync(files))
    return { ...twoParts, parts: { ...twoParts.parts, val: '0:9' } }
  },
  halves: (at) => {
    writeTree(join(at, 'halves'), {
      'train.npz': zipSync({ 'x.npy': stack([5, 6]), 'y.npy': labels([2, 0]) }),
      'test.npz': zipSync({ 'x.npy': stack([7]), 'y.npy': labels([1]) }),
    })
    return twoParts
  },
  arrays: (at) => {
    writeTree(join(at, 'arrays'), {
      'x_train.npy': stack([5, 6]),
      'y_train.npy': labels([2, 0]),
      'x_test.npy': stack([7]),
      'y_test.npy': labels([1]),
    })
    return twoParts
  },
  'twelve-bit.npz': (at) => {
    const x = encodeNpy(Uint16Array.of(0, 1, 4095, 7, 2048, 9), [3, 1, 2])
    writeFileSync(join(at, 'twelve-bit.npz'), zipSync({ 'x_train.npy': x, 'y_train.npy': labels([0, 1, 1]) }))
    return {
      kind: 'numpy',
      classNames: ['0', '1'],
      parts: { train: '0:0 1:255 1:127.53' },
    }
  },
  'z-scores.npz': (at) => {
    const x = encodeNpy(Float32Array.of(-3, 0.5, 0, 1.25, 3, -1), [3, 1, 2])
    writeFileSync(join(at, 'z-scores.npz'), zipSync({ 'x_train.npy': x, 'y_train.npy': labels([0, 1, 1]) }))
    return {
      kind: 'numpy',
      classNames: ['0', '1'],
      parts: { train: '0:0 1:127.5 1:255' },
    }
  },
  'CIFAR-10-C': (at) => {
    const fog = Uint8Array.from([1, 2, 3, 4, 5].flatMap((level) => [...Array<number>(24).fill(90 + level)]))
    writeTree(join(at, 'CIFAR-10-C'), {
      'fog.npy': encodeNpy(fog, [10, 2, 2, 3]),
      'labels.npy': labels([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]),
    })
    const test = '0:91 1:91 0:92 1:92 0:93 1:93 0:94 1:94 0:95 1:95'
    return { kind: 'corrupted', classNames: ['0', '1'], parts: { test } }
  },
  mnist_c: (at) => {
    const files = ['fog', 'spatter'].flatMap((name, i): [string, Uint8Array][] => [
      [`${name}/test_images.npy`, stack([20 + i])],
      [`${name}/test_labels.npy`, labels([1])],
    ])
    writeTree(join(at, 'mnist_c'), Object.fromEntries(files))
    const test = '1:20 1:21'
    return { kind: 'corrupted', classNames: ['0', '1'], parts: { test } }
  },
}
