import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { createRng } from '../../src-shared/util/rng.ts'

/** A set of images on disk; a tenth of them is kept for validation. */
export const FILES = { side: 64, classes: 20, images: 1600, trained: 1440, validated: 2 }

/** Smooth waves with some texture, so that a file has the size of a photograph's: bytes [side, side, 3]. */
export function texturedImage(index: number, side: number): Uint8Array {
  const rng = createRng(index)
  return Uint8Array.from({ length: side * side * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3)
    const wave = Math.sin((pixel % side) / (4 + (i % 3))) * Math.cos(pixel / side / 5 + index)
    return 118 + 80 * wave + rng.int(40)
  })
}

const classId = (label: number): string => `n${String(label).padStart(8, '0')}`

/** Writes the set as Tiny ImageNet is unpacked. */
export async function writeJpegFiles(folder: string): Promise<void> {
  const { side, classes, images, validated } = FILES
  const write = async (part: string, count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const place = join(folder, part, classId(i % classes), 'images')
      mkdirSync(place, { recursive: true })
      const image = sharp(texturedImage(i, side), { raw: { width: side, height: side, channels: 3 } })
      writeFileSync(
        join(place, `${classId(i % classes)}_${i}.JPEG`),
        await image.jpeg({ quality: 90 }).toBuffer(),
      )
    }
  }
  await write('train', images)
  await write('val', validated * classes)
  writeFileSync(join(folder, 'wnids.txt'), Array.from({ length: classes }, (_, i) => classId(i)).join('\n'))
}
