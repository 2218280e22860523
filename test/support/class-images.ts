import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'

/** <folder>/{train,test}/{ant,bee}/0.png to 2.png of 8 x 8 grey pixels; another `shift` gives other images. */
export async function writeClassImages(folder: string, shift = 0): Promise<void> {
  for (const part of ['train', 'test'])
    for (const [k, name] of ['ant', 'bee'].entries()) {
      mkdirSync(join(folder, part, name), { recursive: true })
      for (let i = 0; i < 3; i++) {
        const data = Uint8Array.from({ length: 64 }, (_, p) => (p * (k + 2) + i * 17 + shift) % 256)
        const image = sharp(data, { raw: { width: 8, height: 8, channels: 1 } })
        writeFileSync(join(folder, part, name, `${i}.png`), await image.png().toBuffer())
      }
    }
}
