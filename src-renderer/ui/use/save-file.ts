import type { Result } from '../../../src-shared/contract/contract.ts'

/** Hands a file to the browser's download, which Electron turns into its save dialog. */
export function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

/** A file of the service as the browser's download. */
export const saveGiven = ({ name, mime, text, isBase64 }: GivenFile): void =>
  saveFile(name, new Blob([isBase64 ? bytesOf(text) : text], { type: mime }))

type GivenFile = Result<'runs.export'>

export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64)
  const out = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i)
  return out
}

/** Pixels per unit of the drawing: sharp in print. */
const PNG_SCALE = 3

/** An SVG text as PNG, three pixels to a unit. */
export async function svgPng(svg: string): Promise<Blob> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const [, , width = 600, height = 400] = (/viewBox="([^"]+)"/.exec(svg)?.[1] ?? '').split(' ').map(Number)
  const out = document.createElement('canvas')
  out.width = width * PNG_SCALE
  out.height = height * PNG_SCALE
  out.getContext('2d')?.drawImage(image, 0, 0, out.width, out.height)
  return new Promise((resolve, reject) =>
    out.toBlob(
      (blob) => (blob === null ? reject(new Error('the picture could not be written')) : resolve(blob)),
      'image/png',
    ),
  )
}
