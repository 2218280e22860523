/** Hands a file to the browser's download, which Electron turns into its save dialog. */
export function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
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
