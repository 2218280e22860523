import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'

/** Sizes that desktops of Linux look for; the packager makes `.ico` and `.icns` of the largest. */
export const ICON_SIZES = [16, 32, 48, 128, 256, 512, 1024] as const
/** Points in an inch of the drawing, which is 32 points wide. */
const DRAWN = { width: 32, density: 72 }

/** Draws the sign of the app into `folder` as `<n>x<n>.png`, and the largest once more as `icon.png`. */
export async function drawIcons(drawing: string, folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const draw = async (size: number, name: string): Promise<void> => {
    const density = (DRAWN.density * size) / DRAWN.width
    await sharp(drawing, { density }).resize(size, size).png().toFile(join(folder, name))
  }
  for (const size of ICON_SIZES) await draw(size, `${size}x${size}.png`)
  await draw(Math.max(...ICON_SIZES), 'icon.png')
}
