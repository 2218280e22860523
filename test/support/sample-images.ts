import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import sharp from 'sharp'

/** An encoded image of one grey level or colour. */
export function encodedImage(
  level: number,
  options: { size?: number; grey?: boolean; format?: 'png' | 'jpeg' } = {},
): Promise<Buffer> {
  const { size = 8, grey = false, format = 'png' } = options
  const channels = grey ? 1 : 3
  const data = Buffer.alloc(size * size * channels, level)
  const image = sharp(data, { raw: { width: size, height: size, channels } })
  return (grey ? image.toColourspace('b-w') : image).toFormat(format).toBuffer()
}

/** Writes files below a folder, making the folders they need. */
export function writeTree(root: string, files: Readonly<Record<string, Uint8Array | string>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  }
}
