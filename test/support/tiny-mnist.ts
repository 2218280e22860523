import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRng } from '../../src-shared/util/rng.ts'

const SIDE = 28

/** Writes four IDX files with a few noisy bars, ten classes by position, and returns their folder. */
export function writeTinyMnist(folder: string, train = 200, test = 60): string {
  mkdirSync(folder, { recursive: true })
  for (const [stem, count] of [
    ['train', train],
    ['t10k', test],
  ] as const) {
    const labels = Uint8Array.from({ length: count }, (_, i) => i % 10)
    writeFileSync(join(folder, `${stem}-images-idx3-ubyte`), idx([count, SIDE, SIDE], bars(labels, stem)))
    writeFileSync(join(folder, `${stem}-labels-idx1-ubyte`), idx([count], labels))
  }
  return folder
}

/** Big-endian header: two zeros, type 8 (bytes), number of axes, their lengths. */
function idx(shape: readonly number[], data: Uint8Array): Uint8Array {
  const head = Buffer.alloc(4 + 4 * shape.length)
  head.set([0, 0, 8, shape.length])
  shape.forEach((n, i) => head.writeUInt32BE(n, 4 + 4 * i))
  return Buffer.concat([head, data])
}

function bars(labels: Uint8Array, part: string): Uint8Array {
  const rng = createRng(1).fork(part)
  const out = new Uint8Array(labels.length * SIDE * SIDE)
  labels.forEach((label, n) => {
    for (let y = 4; y < 24; y++) {
      for (let x = 4; x < 24; x++) {
        const onBar = Math.floor((x - 4) / 2) === label || Math.floor((y - 4) / 2) === (label * 3 + n) % 10
        out[(n * SIDE + y) * SIDE + x] = onBar ? 200 + rng.int(56) : rng.int(20)
      }
    }
  })
  return out
}
