/** Output channels of a 3x3 convolution, or a 2x2 max pool. */
type LayoutEntry = number | 'M'

/** Configurations A, B, D and E of Simonyan & Zisserman 2015. */
const LAYOUTS: Readonly<Record<'11' | '13' | '16' | '19', readonly LayoutEntry[]>> = {
  '11': [64, 'M', 128, 'M', 256, 256, 'M', 512, 512, 'M', 512, 512, 'M'],
  '13': [64, 64, 'M', 128, 128, 'M', 256, 256, 'M', 512, 512, 'M', 512, 512, 'M'],
  '16': [64, 64, 'M', 128, 128, 'M', 256, 256, 256, 'M', 512, 512, 512, 'M', 512, 512, 512, 'M'],
  '19': [
    ...[64, 64, 'M', 128, 128, 'M', 256, 256, 256, 256, 'M'],
    ...[512, 512, 512, 512, 'M', 512, 512, 512, 512, 'M'],
  ] as LayoutEntry[],
}

export interface Backbone {
  readonly layout: readonly LayoutEntry[]
  readonly batchNorm: boolean
}

/** The layout behind a name such as `vgg19_bn`; channels times `width`, rounded, at least 1. */
export function vggBackbone(type: string, width = 1): Backbone {
  const depth = (['11', '13', '16', '19'] as const).find((d) => type.includes(d))
  if (depth === undefined) throw new RangeError(`${type} names none of the VGG depths 11, 13, 16, 19`)
  const layout = LAYOUTS[depth].map((e) => (e === 'M' ? e : Math.max(1, Math.round(e * width))))
  return { layout, batchNorm: type.includes('bn') }
}

/** One module of the published `features` sequence. */
export interface VggModule {
  /** Position in the published sequence. */
  readonly index: number
  readonly kind: 'conv' | 'norm' | 'relu' | 'pool'
  /** Name by stage: conv3_1, bn3_1, relu3_1, pool3. */
  readonly name: string
  /** Output channels of a convolution. */
  readonly channels: number
}

/** The modules of a VGG in torchvision's order and count: convolution, norm, ReLU and pool one each. */
export function vggModules({ layout, batchNorm }: Backbone): readonly VggModule[] {
  const modules: Omit<VggModule, 'index'>[] = []
  let stage = 1
  let position = 1
  for (const entry of layout) {
    if (entry === 'M') {
      modules.push({ kind: 'pool', name: `pool${stage}`, channels: 0 })
      stage++
      position = 1
      continue
    }
    const at = `${stage}_${position++}`
    modules.push({ kind: 'conv', name: `conv${at}`, channels: entry })
    if (batchNorm) modules.push({ kind: 'norm', name: `bn${at}`, channels: entry })
    modules.push({ kind: 'relu', name: `relu${at}`, channels: entry })
  }
  return modules.map((m, index) => ({ ...m, index }))
}
