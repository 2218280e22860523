import type { DefocusConstants } from './blur/defocus-blur.ts'
import type { ElasticConstants } from './digital/elastic-transform.ts'
import type { FogConstants } from './weather/fog.ts'
import type { FrostConstants } from './weather/frost.ts'
import type { GlassConstants } from './blur/glass-blur.ts'
import type { MotionConstants } from './blur/motion-blur.ts'
import type { SaturateConstants } from './digital/hsv.ts'
import type { SnowConstants } from './weather/snow.ts'
import type { SpatterConstants } from './weather/spatter.ts'
import type { ConstantSet } from './base/types.ts'
import type { ZoomConstants } from './blur/zoom-blur.ts'
import type { CorruptionName } from '../../../../src-shared/schema/dataset/corruptions.ts'

/** Constants of severities 1..5. */
type Five<C> = readonly [C, C, C, C, C]
type Sets<C> = Readonly<Record<ConstantSet, Five<C>>>

const ZOOM_SMALL: Five<ZoomConstants> = [
  [0.01, 7],
  [0.01, 12],
  [0.01, 16],
  [0.01, 21],
  [0.01, 26],
]

/**
 * Severity constants of Hendrycks & Dietterich (2019): `ic` are those of ImageNet-C (224 px), which the imagecorruptions
 * package uses at any size; `hd64` those of Tiny-ImageNet-C; `hd32` those of CIFAR-10-C.
 */
export const SEVERITIES = {
  gaussian_noise: {
    ic: [0.08, 0.12, 0.18, 0.26, 0.38],
    hd64: [0.04, 0.08, 0.12, 0.15, 0.18],
    hd32: [0.04, 0.06, 0.08, 0.09, 0.1],
  } satisfies Sets<number>,
  shot_noise: {
    ic: [60, 25, 12, 5, 3],
    hd64: [250, 100, 50, 30, 15],
    hd32: [500, 250, 100, 75, 50],
  } satisfies Sets<number>,
  impulse_noise: {
    ic: [0.03, 0.06, 0.09, 0.17, 0.27],
    hd64: [0.01, 0.02, 0.05, 0.08, 0.14],
    hd32: [0.01, 0.02, 0.03, 0.05, 0.07],
  } satisfies Sets<number>,
  defocus_blur: {
    ic: [
      [3, 0.1],
      [4, 0.5],
      [6, 0.5],
      [8, 0.5],
      [10, 0.5],
    ],
    hd64: [
      [0.5, 0.6],
      [1, 0.1],
      [1.5, 0.1],
      [2.5, 0.01],
      [3, 0.1],
    ],
    hd32: [
      [0.3, 0.4],
      [0.4, 0.5],
      [0.5, 0.6],
      [1, 0.2],
      [1.5, 0.1],
    ],
  } satisfies Sets<DefocusConstants>,
  glass_blur: {
    ic: [
      [0.7, 1, 2],
      [0.9, 2, 1],
      [1, 2, 3],
      [1.1, 3, 2],
      [1.5, 4, 2],
    ],
    hd64: [
      [0.1, 1, 1],
      [0.5, 1, 1],
      [0.6, 1, 2],
      [0.7, 2, 1],
      [0.9, 2, 2],
    ],
    hd32: [
      [0.05, 1, 1],
      [0.25, 1, 1],
      [0.4, 1, 1],
      [0.25, 1, 2],
      [0.4, 1, 2],
    ],
  } satisfies Sets<GlassConstants>,
  motion_blur: {
    ic: [
      [10, 3],
      [15, 5],
      [15, 8],
      [15, 12],
      [20, 15],
    ],
    hd64: [
      [10, 1],
      [10, 1.5],
      [10, 2],
      [10, 2.5],
      [12, 3],
    ],
    hd32: [
      [6, 1],
      [6, 1.5],
      [6, 2],
      [8, 2],
      [9, 2.5],
    ],
  } satisfies Sets<MotionConstants>,
  zoom_blur: {
    ic: [
      [0.01, 12],
      [0.01, 16],
      [0.02, 11],
      [0.02, 13],
      [0.03, 11],
    ],
    hd64: ZOOM_SMALL,
    hd32: ZOOM_SMALL,
  } satisfies Sets<ZoomConstants>,
  snow: {
    ic: [
      [0.1, 0.3, 3, 0.5, 10, 4, 0.8],
      [0.2, 0.3, 2, 0.5, 12, 4, 0.7],
      [0.55, 0.3, 4, 0.9, 12, 8, 0.7],
      [0.55, 0.3, 4.5, 0.85, 12, 8, 0.65],
      [0.55, 0.3, 2.5, 0.85, 12, 12, 0.55],
    ],
    hd64: [
      [0.1, 0.2, 1, 0.6, 8, 3, 0.8],
      [0.1, 0.2, 1, 0.5, 10, 4, 0.8],
      [0.15, 0.3, 1.75, 0.55, 10, 4, 0.7],
      [0.25, 0.3, 2.25, 0.6, 12, 6, 0.65],
      [0.3, 0.3, 1.25, 0.65, 14, 12, 0.6],
    ],
    hd32: [
      [0.1, 0.2, 1, 0.6, 8, 3, 0.95],
      [0.1, 0.2, 1, 0.5, 10, 4, 0.9],
      [0.15, 0.3, 1.75, 0.55, 10, 4, 0.9],
      [0.25, 0.3, 2.25, 0.6, 12, 6, 0.85],
      [0.3, 0.3, 1.25, 0.65, 14, 12, 0.8],
    ],
  } satisfies Sets<SnowConstants>,
  frost: {
    ic: [
      [1, 0.4],
      [0.8, 0.6],
      [0.7, 0.7],
      [0.65, 0.7],
      [0.6, 0.75],
    ],
    hd64: [
      [1, 0.3],
      [0.9, 0.4],
      [0.8, 0.45],
      [0.75, 0.5],
      [0.7, 0.55],
    ],
    hd32: [
      [1, 0.2],
      [1, 0.3],
      [0.9, 0.4],
      [0.85, 0.4],
      [0.75, 0.45],
    ],
  } satisfies Sets<FrostConstants>,
  fog: {
    ic: [
      [1.5, 2],
      [2, 2],
      [2.5, 1.7],
      [2.5, 1.5],
      [3, 1.4],
    ],
    hd64: [
      [0.4, 3],
      [0.7, 3],
      [1, 2.5],
      [1.5, 2],
      [2, 1.75],
    ],
    hd32: [
      [0.2, 3],
      [0.5, 3],
      [0.75, 2.5],
      [1, 2],
      [1.5, 1.75],
    ],
  } satisfies Sets<FogConstants>,
  brightness: {
    ic: [0.1, 0.2, 0.3, 0.4, 0.5],
    hd64: [0.1, 0.2, 0.3, 0.4, 0.5],
    hd32: [0.05, 0.1, 0.15, 0.2, 0.3],
  } satisfies Sets<number>,
  contrast: {
    ic: [0.4, 0.3, 0.2, 0.1, 0.05],
    hd64: [0.4, 0.3, 0.2, 0.1, 0.05],
    hd32: [0.75, 0.5, 0.4, 0.3, 0.15],
  } satisfies Sets<number>,
  elastic_transform: {
    ic: [
      [12.5, 0, 0],
      [16.25, 0, 0],
      [21.25, 0, 0],
      [25, 0, 0],
      [30, 0, 0],
    ],
    hd64: [
      [0, 0, 0.08],
      [0.05, 0.3, 0.06],
      [0.1, 0.08, 0.06],
      [0.1, 0.03, 0.03],
      [0.16, 0.03, 0.02],
    ],
    hd32: [
      [0, 0, 0.08],
      [0.05, 0.2, 0.07],
      [0.08, 0.06, 0.06],
      [0.1, 0.04, 0.05],
      [0.1, 0.03, 0.03],
    ],
  } satisfies Sets<ElasticConstants>,
  pixelate: {
    ic: [0.6, 0.5, 0.4, 0.3, 0.25],
    hd64: [0.9, 0.8, 0.7, 0.6, 0.5],
    hd32: [0.95, 0.9, 0.85, 0.75, 0.65],
  } satisfies Sets<number>,
  jpeg_compression: {
    ic: [25, 18, 15, 10, 7],
    hd64: [65, 58, 50, 40, 25],
    hd32: [80, 65, 58, 50, 40],
  } satisfies Sets<number>,
  speckle_noise: {
    ic: [0.15, 0.2, 0.35, 0.45, 0.6],
    hd64: [0.15, 0.2, 0.25, 0.3, 0.35],
    hd32: [0.06, 0.1, 0.12, 0.16, 0.2],
  } satisfies Sets<number>,
  gaussian_blur: {
    ic: [1, 2, 3, 4, 6],
    hd64: [0.5, 0.75, 1, 1.25, 1.5],
    hd32: [0.4, 0.6, 0.7, 0.8, 1],
  } satisfies Sets<number>,
  spatter: {
    ic: [
      [0.65, 0.3, 4, 0.69, 0.6, 'water'],
      [0.65, 0.3, 3, 0.68, 0.6, 'water'],
      [0.65, 0.3, 2, 0.68, 0.5, 'water'],
      [0.65, 0.3, 1, 0.65, 1.5, 'mud'],
      [0.67, 0.4, 1, 0.65, 1.5, 'mud'],
    ],
    hd64: [
      [0.62, 0.1, 0.7, 0.7, 0.6, 'water'],
      [0.65, 0.1, 0.8, 0.7, 0.6, 'water'],
      [0.65, 0.3, 1, 0.69, 0.6, 'water'],
      [0.65, 0.1, 0.7, 0.68, 0.6, 'mud'],
      [0.65, 0.1, 0.5, 0.67, 0.6, 'mud'],
    ],
    hd32: [
      [0.62, 0.1, 0.7, 0.7, 0.5, 'water'],
      [0.65, 0.1, 0.8, 0.7, 0.5, 'water'],
      [0.65, 0.3, 1, 0.69, 0.5, 'water'],
      [0.65, 0.1, 0.7, 0.69, 0.6, 'mud'],
      [0.65, 0.1, 0.5, 0.68, 0.6, 'mud'],
    ],
  } satisfies Sets<SpatterConstants>,
  saturate: {
    ic: [
      [0.3, 0],
      [0.1, 0],
      [2, 0],
      [5, 0.1],
      [20, 0.2],
    ],
    hd64: [
      [0.3, 0],
      [0.1, 0],
      [2, 0],
      [5, 0.1],
      [30, 0.2],
    ],
    hd32: [
      [0.3, 0],
      [0.1, 0],
      [1.5, 0],
      [2, 0.1],
      [2.5, 0.2],
    ],
  } satisfies Sets<SaturateConstants>,
} as const satisfies Readonly<Record<CorruptionName, Sets<unknown>>>
