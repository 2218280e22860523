import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test, vi } from 'vitest'
import { corrupt, corruptionStream } from '../../../../../../src-main/engine/data/corruptions/corrupt.ts'
import { jpegRoundTrip } from '../../../../../../src-main/engine/data/corruptions/digital/jpeg-compression.ts'
import type { RgbImage } from '../../../../../../src-main/engine/data/corruptions/base/types.ts'
import { createRng } from '../../../../../../src-shared/util/rng.ts'
import { frostPhotographs } from '../../../../../support/frost-photographs.ts'
import { levelDifference, psnr } from '../../../../../support/image-statistics.ts'
import { sharedPath } from '../../../../../support/shared-data.ts'

vi.setConfig({ testTimeout: 60_000 }) // a busy machine takes several times longer than a quiet one

const stored = sharedPath('data', 'tiny-imagenet-c_sample')
const clean = sharedPath('data', 'tiny-imagenet-200', 'val', 'images')
const SEVERITIES = [1, 2, 3, 4, 5]
/** Quality with which the published set was saved. */
const STORED_QUALITY = 85

async function load(path: string): Promise<RgbImage> {
  const raw = await sharp(path)
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const { width, height, channels } = raw.info
  if (channels === 3) return { width, height, data: new Uint8Array(raw.data) }
  return {
    width,
    height,
    data: Uint8Array.from({ length: width * height * 3 }, (_, i) => raw.data[Math.floor(i / 3)]!),
  }
}

/** Names `wnid/val_k.JPEG` of the sample's images. */
function sampleNames(root: string): string[] {
  const folder = join(root, 'fog', '1')
  return readdirSync(folder).flatMap((wnid) =>
    readdirSync(join(folder, wnid)).map((file) => join(wnid, file)),
  )
}

const fileName = (name: string): string => name.slice(name.lastIndexOf('/') + 1)

/** The generator drew nothing for these. Smallest PSNR against the stored file, after our own quality-85 round trip. */
const DETERMINISTIC = {
  defocus_blur: 60,
  zoom_blur: 60,
  brightness: 60,
  contrast: 60,
  pixelate: 60,
  jpeg_compression: 60,
  gaussian_blur: 55,
  saturate: 60,
}

/** Mean absolute difference to the clean images (levels, before JPEG) that the published generator made, severities 1..5. */
const RANDOM: Record<string, readonly number[]> = {
  gaussian_noise: [7.8, 15.2, 22.3, 27.4, 32.3],
  shot_noise: [7.8, 12.2, 17.0, 21.8, 29.9],
  impulse_noise: [1.3, 2.5, 6.3, 10.2, 17.7],
  glass_blur: [13.9, 13.4, 17.6, 17.4, 21.4],
  motion_blur: [8.0, 11.8, 14.0, 16.4, 18.1],
  snow: [35.7, 39.2, 54.9, 67.1, 73.5],
  frost: [44.3, 46.2, 54.8, 46.7, 58.8],
  fog: [20.1, 28.4, 34.9, 40.8, 46.7],
  elastic_transform: [29.9, 27.1, 26.1, 19.4, 18.3],
  speckle_noise: [12.9, 17.1, 20.9, 24.7, 28.5],
  spatter: [1.0, 2.9, 7.4, 4.9, 7.3],
}

/** Allowed relative deviation: two draws for each of 20 images; frost draws one of five very different photographs. */
const DEVIATION: Readonly<Record<string, number>> = { frost: 0.3, fog: 0.12, spatter: 0.15 }
const USUAL_DEVIATION = 0.08
/** Half of the last stored digit, and some. */
const ROUNDING = 0.1

describe.runIf(stored !== null && clean !== null)(
  'hd64 corruptions against the Tiny-ImageNet-C sample',
  async () => {
    if (stored === null || clean === null) return
    const names = sampleNames(stored)
    const images = await Promise.all(names.map((name) => load(join(clean, fileName(name)))))
    const photographs = await frostPhotographs()
    const root = createRng(7)
    const make = (name: string, severity: number, i: number, draw = 0): Uint8Array =>
      corrupt(images[i]!, name, severity, {
        constants: 'hd64',
        rng: corruptionStream(root, name, severity, draw * 1000 + i),
        ...(photographs && { textures: photographs }),
      })

    test('has the 20 images', () => {
      expect(names).toHaveLength(20)
    })

    test.each(Object.entries(DETERMINISTIC))(
      '%s equals the stored files but for JPEG (PSNR above %d dB)',
      async (name, least) => {
        for (const severity of SEVERITIES) {
          for (const [i, file] of names.entries()) {
            const saved = await load(join(stored, name, String(severity), file))
            const ours = jpegRoundTrip({ ...images[i]!, data: make(name, severity, i) }, STORED_QUALITY)
            expect(psnr(ours, saved.data), `${file} at severity ${severity}`).toBeGreaterThan(least)
          }
        }
      },
    )

    test.each(Object.entries(RANDOM))(
      '%s changes images as much as the published generator',
      (name, expected) => {
        for (const severity of SEVERITIES) {
          const differences = names.flatMap((_, i) =>
            [0, 1].map((draw) => levelDifference(make(name, severity, i, draw), images[i]!.data).mean),
          )
          const mean = differences.reduce((a, b) => a + b, 0) / differences.length
          const target = expected[severity - 1]!
          const allowed = (DEVIATION[name] ?? USUAL_DEVIATION) * target + ROUNDING
          expect(Math.abs(mean - target), `severity ${severity}: ${mean} for ${target}`).toBeLessThan(allowed)
        }
      },
    )
  },
)
