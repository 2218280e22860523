import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'

/** Sizes that desktops of Linux look for; the packager makes `.ico` and `.icns` of the largest. */
export const ICON_SIZES = [16, 32, 48, 128, 256, 512, 1024] as const
/** Points in an inch of the drawing, which is 32 points wide. */
const DRAWN = { width: 32, density: 72 }

/** Draws the sign of the app into `folder` as `<n>x<n>.png`. */
export async function drawIcons(drawing: string, folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const size of ICON_SIZES) {
    const density = (DRAWN.density * size) / DRAWN.width
    await sharp(drawing, { density })
      .resize(size, size)
      .png()
      .toFile(join(folder, `${size}x${size}.png`))
  }
}
