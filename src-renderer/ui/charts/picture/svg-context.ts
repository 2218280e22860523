import { escapeXml } from '../../../format/escape-xml.ts'

/** Width of a text in pixels in a CSS font. */
export type Measure = (text: string, font: string) => number
type Matrix = readonly [number, number, number, number, number, number]
type Paint = string | Gradient

interface Gradient {
  readonly ends: readonly number[]
  readonly stops: { at: number; colour: string }[]
  readonly addColorStop: (at: number, colour: string) => void
}

const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0]
/** From the place that a text hangs on to its base line, in heights of the font. */
const BASELINES: Readonly<Record<string, number>> = { top: 0.84, middle: 0.35, bottom: -0.2 }
const ANCHORS: Readonly<Record<string, string>> = { center: 'middle', right: 'end', end: 'end' }
const STATE = [
  ...[
    'fillStyle',
    'strokeStyle',
    'lineWidth',
    'lineCap',
    'lineJoin',
    'lineDashOffset',
    'globalAlpha',
    'font',
  ],
  ...['textAlign', 'textBaseline', 'imageSmoothingEnabled', 'dash', 'matrix', 'clipping'],
] as const
const fix = (n: number): string => String(Math.round(n * 100) / 100)

/**
 * The calls of a canvas context that Chart.js and its plugins make, written down as SVG: text stays text. A call that is not here is a TypeError, so
 * that nothing is left out of a picture unseen. Shadows are not drawn.
 */
export class SvgContext {
  fillStyle: Paint = '#000000'
  strokeStyle: Paint = '#000000'
  lineWidth = 1
  lineCap = 'butt'
  lineJoin = 'miter'
  lineDashOffset = 0
  globalAlpha = 1
  font = '10px sans-serif'
  textAlign = 'start'
  textBaseline = 'alphabetic'
  imageSmoothingEnabled = true
  readonly canvas: { width: number; height: number; getContext: () => SvgContext }
  private readonly measure: Measure
  private dash: readonly number[] = []
  private matrix = IDENTITY
  private clipping = ''
  private path = ''
  private saved: object[] = []
  private nodes: string[] = []
  private defs = new Map<string, string>()

  constructor(width: number, height: number, measure: Measure) {
    this.canvas = { width, height, getContext: () => this }
    this.measure = measure
  }

  /** All that was drawn, as SVG elements. */
  toString(): string {
    return [`<defs>${[...this.defs.values()].join('')}</defs>`, ...this.nodes].join('\n')
  }

  save(): void {
    this.saved.push(Object.fromEntries(STATE.map((key) => [key, (this as never)[key]])))
  }
  restore(): void {
    Object.assign(this, this.saved.pop())
  }
  translate(x: number, y: number): void {
    this.matrix = times(this.matrix, [1, 0, 0, 1, x, y])
  }
  rotate(angle: number): void {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    this.matrix = times(this.matrix, [cos, sin, -sin, cos, 0, 0])
  }
  setTransform(...matrix: [number, number, number, number, number, number]): void {
    this.matrix = matrix
  }
  resetTransform(): void {
    this.matrix = IDENTITY
  }
  setLineDash(dash: readonly number[]): void {
    this.dash = [...dash]
  }

  beginPath(): void {
    this.path = ''
  }
  closePath(): void {
    if (this.path !== '') this.path += 'Z'
  }
  moveTo(x: number, y: number): void {
    this.path += `M${this.at(x, y)}`
  }
  lineTo(x: number, y: number): void {
    this.path += `${this.path === '' ? 'M' : 'L'}${this.at(x, y)}`
  }
  rect(x: number, y: number, width: number, height: number): void {
    this.path += `M${[this.at(x, y), this.at(x + width, y), this.at(x + width, y + height), this.at(x, y + height)].join('L')}Z`
  }
  quadraticCurveTo(cx: number, cy: number, x: number, y: number): void {
    this.path += `Q${this.at(cx, cy)} ${this.at(x, y)}`
  }
  bezierCurveTo(ax: number, ay: number, bx: number, by: number, x: number, y: number): void {
    this.path += `C${this.at(ax, ay)} ${this.at(bx, by)} ${this.at(x, y)}`
  }
  /** Halves, since an SVG arc cannot close on itself. */
  arc(x: number, y: number, r: number, from: number, to: number, isCounter = false): void {
    const turn = isCounter ? -sweepOf(to, from) : sweepOf(from, to)
    const point = (part: number): [number, number] => [
      x + r * Math.cos(from + part * turn),
      y + r * Math.sin(from + part * turn),
    ]
    this.lineTo(...point(0))
    for (const part of [0.5, 1])
      this.path += `A${fix(r)} ${fix(r)} 0 0 ${turn < 0 ? 0 : 1} ${this.at(...point(part))}`
  }

  /** What lies outside the path, or outside an earlier one, is not drawn. */
  clip(): void {
    const within = this.clipping
    this.clipping = ` clip-path="url(#${this.define('clip', (id) => `<clipPath id="${id}"${within}><path d="${this.path}"/></clipPath>`)})"`
  }
  fill(rule?: 'nonzero' | 'evenodd'): void {
    const even = rule === 'evenodd' ? ' fill-rule="evenodd"' : ''
    this.draw(this.paint('fill', this.fillStyle), (paint) => `<path d="${this.path}"${paint}${even}`)
  }
  stroke(): void {
    const dash =
      this.dash.length === 0
        ? ''
        : ` stroke-dasharray="${this.dash.join(' ')}"${this.lineDashOffset === 0 ? '' : ` stroke-dashoffset="${fix(this.lineDashOffset)}"`}`
    const ends = `${this.lineCap === 'butt' ? '' : ` stroke-linecap="${this.lineCap}"`}${this.lineJoin === 'miter' ? '' : ` stroke-linejoin="${this.lineJoin}"`}`
    const paint = this.lineWidth > 0 ? this.paint('stroke', this.strokeStyle) : ''
    this.draw(
      paint,
      (p) => `<path d="${this.path}" fill="none"${p} stroke-width="${fix(this.lineWidth)}"${dash}${ends}`,
    )
  }
  fillRect(x: number, y: number, width: number, height: number): void {
    const before = this.path
    this.path = ''
    this.rect(x, y, width, height)
    this.fill()
    this.path = before
  }
  strokeRect(x: number, y: number, width: number, height: number): void {
    const before = this.path
    this.path = ''
    this.rect(x, y, width, height)
    this.stroke()
    this.path = before
  }
  /** Chart.js clears the whole canvas before it draws. */
  clearRect(): void {
    this.nodes = []
    this.defs.clear()
  }

  measureText(text: string): { width: number } {
    return { width: this.measure(text, this.font) }
  }
  fillText(text: string, x: number, y: number, most = Infinity): void {
    if (text === '') return
    const { size, attributes } = fontOf(this.font)
    const anchor = ANCHORS[this.textAlign]
    const [a, b, c, d, e, f] = this.matrix
    const isUpright = a === 1 && b === 0 && c === 0 && d === 1
    const down = y + size * (BASELINES[this.textBaseline] ?? 0)
    const place = isUpright
      ? ` x="${fix(x + e)}" y="${fix(down + f)}"`
      : ` x="${fix(x)}" y="${fix(down)}" transform="matrix(${[a, b, c, d, e, f].map(fix).join(' ')})"`
    const squeeze =
      this.measure(text, this.font) > most ? ` textLength="${fix(most)}" lengthAdjust="spacingAndGlyphs"` : ''
    this.draw(
      this.paint('fill', this.fillStyle),
      (paint) =>
        `<text${place}${anchor === undefined ? '' : ` text-anchor="${anchor}"`}${attributes}${paint}${squeeze}`,
      `>${escapeXml(text)}</text>`,
    )
  }

  createLinearGradient(...ends: [number, number, number, number]): Gradient {
    const stops: Gradient['stops'] = []
    return { ends, stops, addColorStop: (at, colour) => void stops.push({ at, colour }) }
  }
  drawImage(image: HTMLCanvasElement, x: number, y: number, width: number, height: number): void {
    const [left, top] = this.at(x, y).split(' ')
    const sharp = this.imageSmoothingEnabled ? '' : ' image-rendering="pixelated"'
    this.nodes.push(
      `<image x="${left}" y="${top}" width="${fix(width)}" height="${fix(height)}" preserveAspectRatio="none"${sharp}${this.clipping} href="${image.toDataURL('image/png')}"/>`,
    )
  }
  /** An unseen disc that shows a name under the pointer, where the picture is opened in a browser. */
  nameAt(x: number, y: number, radius: number, name: string): void {
    this.nodes.push(
      `<circle cx="${fix(x)}" cy="${fix(y)}" r="${fix(radius)}" fill="none" pointer-events="all"><title>${escapeXml(name)}</title></circle>`,
    )
  }

  private at(x: number, y: number): string {
    const [a, b, c, d, e, f] = this.matrix
    return `${fix(a * x + c * y + e)} ${fix(b * x + d * y + f)}`
  }
  private draw(paint: string, open: (paint: string) => string, end = '/>'): void {
    if (paint !== '') this.nodes.push(`${open(paint)}${this.clipping}${end}`)
  }
  /** Attributes of a colour or gradient; empty where nothing would be seen. */
  private paint(kind: 'fill' | 'stroke', style: Paint): string {
    const { colour, alpha } = typeof style === 'string' ? solidOf(style) : this.gradientOf(style)
    const opacity = alpha * this.globalAlpha
    if (opacity === 0) return ''
    return ` ${kind}="${colour}"${opacity < 1 ? ` ${kind}-opacity="${fix(opacity)}"` : ''}`
  }
  private gradientOf({ ends, stops }: Gradient): { colour: string; alpha: number } {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = ends.map(fix)
    const inner = stops
      .map(({ at, colour }) => `<stop offset="${fix(at)}" stop-color="${solidOf(colour).colour}"/>`)
      .join('')
    const id = this.define(
      'ramp',
      (name) =>
        `<linearGradient id="${name}" gradientUnits="userSpaceOnUse" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}">${inner}</linearGradient>`,
    )
    return { colour: `url(#${id})`, alpha: 1 }
  }
  /** Named by its content, so that pictures beside each other in one page cannot take each other's. */
  private define(kind: string, element: (id: string) => string): string {
    let hash = 5381
    for (const c of element('')) hash = (hash * 33 + c.charCodeAt(0)) >>> 0
    const id = `${kind}-${hash.toString(36)}`
    this.defs.set(id, element(id))
    return id
  }
}

function times([a, b, c, d, e, f]: Matrix, [g, h, i, j, k, l]: Matrix): Matrix {
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f]
}

const FULL = 2 * Math.PI
const sweepOf = (from: number, to: number): number =>
  to - from >= FULL ? FULL : (((to - from) % FULL) + FULL) % FULL

/** Size and attributes of a CSS font such as `bold 11px Arial`. */
function fontOf(font: string): { size: number; attributes: string } {
  const [, style = '', size = '10', family = ''] = /^(.*?)([\d.]+)px\s+(.+)$/.exec(font) ?? []
  const weight = /\b(bold|[1-9]00)\b/.exec(style)?.[1]
  return {
    size: Number(size),
    attributes: ` font-family="${escapeXml(family)}" font-size="${size}"${weight === undefined ? '' : ` font-weight="${weight}"`}${style.includes('italic') ? ' font-style="italic"' : ''}`,
  }
}

/** A colour without its alpha, which many SVG editors do not read inside a colour. */
export function solidOf(colour: string): { colour: string; alpha: number } {
  if (colour === 'transparent') return { colour, alpha: 0 }
  const hex = /^(#[0-9a-f]{6})([0-9a-f]{2})$/i.exec(colour)
  if (hex !== null) return { colour: hex[1]!, alpha: parseInt(hex[2]!, 16) / 255 }
  const [r, g, b, alpha = '1'] = /^rgba?\(([^)]+)\)$/.exec(colour)?.[1]?.split(/[\s,/]+/) ?? []
  if (r === undefined) return { colour, alpha: 1 }
  const two = (v = '0'): string => Math.round(Number(v)).toString(16).padStart(2, '0')
  return { colour: `#${two(r)}${two(g)}${two(b)}`, alpha: Number(alpha) }
}
