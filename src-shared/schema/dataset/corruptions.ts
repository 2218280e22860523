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
export type CorruptionName = (typeof ALL_CORRUPTIONS)[number]

/** Every common corruption at severities 1 to 5. */
export const everyCommonCorruption = (): Record<string, number[]> =>
  Object.fromEntries(COMMON_CORRUPTIONS.map((name) => [name, [1, 2, 3, 4, 5]]))

/** Levels of the Gaussian-noise validation curve, sd on the 0..1 scale. */
export const GAUSS_LEVELS = [0, 0.05, 0.1, 0.2, 0.3, 0.5, 1] as const
