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
    out.toBlob((blob) => (blob === null ? reject(new Error('the picture could not be written')) : resolve(blob)), 'image/png'),
  )
}
