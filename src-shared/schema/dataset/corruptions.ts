import { z } from 'zod'

/** The 15 corruptions of ImageNet-C in the published order of the on-the-fly tests. */
export const COMMON_CORRUPTIONS = [
  'jpeg_compression',
  'pixelate',
  'impulse_noise',
  'defocus_blur',
  'contrast',
  'fog',
  'brightness',
  'frost',
  'glass_blur',
  'shot_noise',
  'motion_blur',
  'gaussian_noise',
  'elastic_transform',
  'snow',
  'zoom_blur',
] as const

/** The four that ImageNet-C keeps for validation. */
export const EXTRA_CORRUPTIONS = ['speckle_noise', 'gaussian_blur', 'spatter', 'saturate'] as const

export const ALL_CORRUPTIONS = [...COMMON_CORRUPTIONS, ...EXTRA_CORRUPTIONS] as const
const corruptionName = z.enum(ALL_CORRUPTIONS)
export type CorruptionName = z.infer<typeof corruptionName>

/** Corruption -> what is said of it, by the names that configs, the service and the command line share. */
export const byCorruption = <T extends z.ZodType>(value: T) => z.partialRecord(corruptionName, value)

/** How strong a corruption is, as in ImageNet-C. */
export const severity = z.number().int().min(1).max(5)

/** Corruption -> severities. */
export type Conditions = Partial<Record<CorruptionName, number[]>>

/** Every common corruption at severities 1 to 5. */
export const everyCommonCorruption = (): Conditions =>
  Object.fromEntries(COMMON_CORRUPTIONS.map((name) => [name, [1, 2, 3, 4, 5]]))

/** Levels of the Gaussian-noise validation curve, sd on the 0..1 scale. */
export const GAUSS_LEVELS = [0, 0.05, 0.1, 0.2, 0.3, 0.5, 1] as const

/**
 * Corruptions as people write them: `fog`, `fog:3`, `fog:2-4,contrast`, `all`. `unknown` is the first word that is none.
 */
export function conditionsOf(text: string): {
  readonly conditions: Conditions
  readonly unknown: string | null
  readonly known: readonly string[]
} {
  const conditions: Conditions = {}
  for (const word of text.split(/[\s,]+/).filter(Boolean)) {
    const [, name = '', from = '1', to = from] = /^([a-z_]+)(?::([1-5])(?:-([1-5]))?)?$/.exec(word) ?? []
    const last = word.includes(':') ? Number(to) : 5
    const levels = Array.from({ length: 5 }, (_, i) => i + 1).filter(
      (level) => level >= Number(from) && level <= last,
    )
    const names = name === 'all' ? COMMON_CORRUPTIONS : ALL_CORRUPTIONS.filter((known) => known === name)
    if (names.length === 0 || levels.length === 0)
      return { conditions, unknown: word, known: ALL_CORRUPTIONS }
    for (const known of names) conditions[known] = levels
  }
  return { conditions, unknown: null, known: ALL_CORRUPTIONS }
}
