import { z } from 'zod'

/**
 * Which array of a file means what. Axes are stated as one letter each, in the order in which the array is stored (MATLAB
 * v7.3 files list them reversed). Images: i image, h height, w width, c channel, p all pixels of a square image.
 * Responses: t trial, i image, r repeat, u unit, b time bin. Saved as JSON and used again for the next session.
 */
const text = z.string().min(1)

export const TIER_NAMES = ['pool', 'train', 'validation', 'test', 'final_test'] as const
export const RESPONSE_KIND_NAMES = ['counts', 'rate', 'dff', 'predicted'] as const

/** What each code of a column of tiers stands for. */
const tierCodes = z.record(z.string(), z.enum([...TIER_NAMES, 'leave out']))
export type TierCodes = z.output<typeof tierCodes>

const tierOrArray = z.union([
  z.enum(TIER_NAMES),
  z.strictObject({
    array: text,
    /** Meaning of its values, such as { "true": "test", "false": "pool" }; needed where name and values leave it open. */
    values: tierCodes.optional(),
  }),
])

const partSchema = z.strictObject({
  array: text,
  axes: z.string().regex(/^[tirub]{1,4}$/, 'use the letters t, i, r, u, b'),
  imageIds: text.optional(),
  /** Added to the image ids: -1 where they count from 1, 0 where from 0. */
  idOffset: z.int().optional(),
  tier: tierOrArray.default('pool'),
})

const sessionSchema = z.strictObject({
  key: text,
  area: text.optional(),
  subject: z.string().default(''),
  species: z.string().default(''),
  responseKind: z.enum(RESPONSE_KIND_NAMES).optional(),
  binMs: z.number().positive().optional(),
  t0Ms: z.number().optional(),
  unitIds: text.optional(),
  /** Array with the area of each unit. */
  unitAreas: text.optional(),
  parts: z.array(partSchema).min(1),
})

export const arrayMapping = z.strictObject({
  version: z.literal(1).default(1),
  images: z.strictObject({
    array: text,
    axes: z.string().regex(/^[ihwcp]{1,4}$/, 'use the letters i, h, w, c, or i and p'),
    ids: text.optional(),
    labels: text.optional(),
    /** Pixel values that are black and white, where the type of the images does not tell. */
    valueMin: z.number().optional(),
    valueMax: z.number().optional(),
  }),
  sessions: z.array(sessionSchema).min(1),
})

export type ArrayMapping = z.output<typeof arrayMapping>
export type SessionMapping = z.output<typeof sessionSchema>
export type PartMapping = z.output<typeof partSchema>
