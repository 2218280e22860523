import sharp from 'sharp'
import { join } from 'node:path'
import { readdir } from 'node:fs/promises'
import type { RgbImage } from '../../src-main/engine/data/corruptions/base/types.ts'
import { sharedPath } from './shared-data.ts'

/** The benchmark's frost photographs in order, where they lie beside the checkout; otherwise null. */
export async function frostPhotographs(): Promise<readonly RgbImage[] | null> {
  const folder = sharedPath('data', 'corruption-assets', 'frost')
  if (folder === null) return null
  const files = (await readdir(folder)).sort()
  return Promise.all(
    files.map(async (file) => {
      const { data, info } = await sharp(join(folder, file))
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true })
      return { width: info.width, height: info.height, data: new Uint8Array(data) }
    }),
  )
}
