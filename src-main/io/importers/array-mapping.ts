import { z } from 'zod'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { RESPONSE_KINDS } from '../canonical/set.ts'

/**
 * Which array of a file means what. Axes are stated as one letter each, in the order in which the array is stored (MATLAB
 * v7.3 files list them reversed). Pictures: i image, h height, w width, c channel, p all pixels of a square picture.
 * Responses: t trial, i image, r repeat, u unit, b time bin. Saved as JSON and used again for the next session.
 */
const text = z.string().min(1)
const tierOrArray = z.union([
  z.enum(['pool', 'train', 'validation', 'test', 'final_test']),
  z.strictObject({ array: text }),
])

const partSchema = z.strictObject({
  array: text,
  axes: z.string().regex(/^[tirub]{1,4}$/, 'use the letters t, i, r, u, b'),
  imageIds: text.optional(),
  /** Added to the image ids: -1 where they count from 1. */
  idOffset: z.int().default(0),
  tier: tierOrArray.default('pool'),
})

const sessionSchema = z.strictObject({
  key: text,
  area: text.default('V1'),
  subject: z.string().default(''),
  species: z.string().default(''),
  responseKind: z.enum(RESPONSE_KINDS).default('rate'),
  binMs: z.number().positive().optional(),
  t0Ms: z.number().optional(),
  unitIds: text.optional(),
  parts: z.array(partSchema).min(1),
})

const mappingSchema = z.strictObject({
  version: z.literal(1).default(1),
  images: z.strictObject({
    array: text,
    axes: z.string().regex(/^[ihwcp]{1,4}$/, 'use the letters i, h, w, c, or i and p'),
    ids: text.optional(),
    labels: text.optional(),
    /** Value that means white, where it is neither 255 nor 1. */
    valueMax: z.number().positive().optional(),
  }),
  sessions: z.array(sessionSchema).min(1),
})

export type ArrayMapping = z.output<typeof mappingSchema>
export type SessionMapping = z.output<typeof sessionSchema>
export type PartMapping = z.output<typeof partSchema>

/** Checks a mapping that came from a file or a form. */
export function parseMapping(value: unknown, where = 'mapping'): ArrayMapping {
  const result = mappingSchema.safeParse(value)
  if (result.success) return result.data
  throw new CotrainError(
    result.error.issues.map(({ path, message }) => ({
      code: 'config-invalid',
      path: [where, ...path].join('.'),
      message: `${message}.`,
      hint: 'Correct the mapping.',
    })),
  )
}
