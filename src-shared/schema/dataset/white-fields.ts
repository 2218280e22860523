import { z } from 'zod'
import { nullable } from '../field.ts'

/**
 * What is black and white in images that a config takes from a folder or file. Registered sets were told when they were
 * added. The decoded images are fingerprinted with both, so the fields themselves are no part of the identity.
 */
export const whiteFields = (group: string) => ({
  value_min: nullable(z.number(), {
    label: 'Black',
    help: 'Pixel value that is black in arrays of numbers whose type and values do not tell it; empty: 0.',
    group,
    advanced: true,
    identity: false,
  }),
  value_max: nullable(z.number(), {
    label: 'White',
    help: 'Pixel value that is white in arrays of numbers whose type and values do not tell it; asked for where it is needed.',
    group,
    advanced: true,
    identity: false,
  }),
})

interface White {
  readonly value_min: number | null
  readonly value_max: number | null
}

/** As the readers of images take it. */
export const statedWhite = ({
  value_min: black,
  value_max: white,
}: White): { readonly valueMin?: number; readonly valueMax?: number } => ({
  ...(black !== null && { valueMin: black }),
  ...(white !== null && { valueMax: white }),
})
