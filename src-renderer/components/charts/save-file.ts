/** Hands a file to the browser's download, which Electron turns into its save dialog. */
export function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

const MARGIN = 12
const TITLE = 22

/** A canvas on the background of the page, with the title above, as PNG. */
export function canvasPng(canvas: HTMLCanvasElement, title: string): Promise<Blob> {
  const scale = canvas.width / canvas.clientWidth
  const out = document.createElement('canvas')
  out.width = canvas.width + 2 * MARGIN * scale
  out.height = canvas.height + (2 * MARGIN + TITLE) * scale
  const context = out.getContext('2d')
  if (context === null) return Promise.reject(new Error('this browser cannot draw pictures'))
  const style = getComputedStyle(document.documentElement)
  context.fillStyle = style.getPropertyValue('--surface')
  context.fillRect(0, 0, out.width, out.height)
  context.fillStyle = style.getPropertyValue('--text')
  context.font = `600 ${14 * scale}px ${style.getPropertyValue('--font')}`
  context.fillText(title, MARGIN * scale, (MARGIN + 12) * scale)
  context.drawImage(canvas, MARGIN * scale, (MARGIN + TITLE) * scale)
  return new Promise((resolve, reject) =>
    out.toBlob(
      (blob) => (blob === null ? reject(new Error('the picture could not be written')) : resolve(blob)),
      'image/png',
    ),
  )
}

/** Pixels per unit of the drawing: sharp in print. */
const PNG_SCALE = 3

/** An SVG text as PNG, for pictures that are not drawn on a canvas. */
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
