import { decodeImage } from './decode.ts'
import { jpegFrame } from './jpeg-frame.ts'

export interface Side {
  readonly width: number
  readonly height: number
}

const PNG = [0x89, 0x50, 0x4e, 0x47]

/** Width and height of an encoded image in pixels, by its header where it is a JPEG or PNG. @throws CotrainError where it is no image */
export async function imageSize(bytes: Uint8Array, name: string): Promise<Side> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length >= 24 && PNG.every((byte, i) => bytes[i] === byte))
    return { width: view.getUint32(16), height: view.getUint32(20) }
  const frame = jpegFrame(bytes)
  return frame ?? decodeImage(bytes, name)
}
