import { z } from 'zod'
import { missingValue } from '../../contract/views.ts'
import { list, nullable, record, text } from '../field.ts'
import { RESPONSE_KIND_NAMES, TIER_NAMES } from './array-mapping.ts'
import { AREAS } from '../names.ts'

const finite = z.number()

/** What every importer can be told; null or empty where the file or its values say it. */
export const commonFields = {
  area: nullable(z.enum(AREAS), {
    label: 'Area',
    help: 'Where the units were recorded of which the file says nothing, or the area that the one it names is trained as.',
  }),
  areas: record(z.enum([...AREAS, 'leave out']), {
    default: {},
    label: 'Areas',
    help: 'What becomes of each area that the file names, such as {"LM": "v4", "LGN": "leave out"}. V1 and V4 need no word.',
  }),
  responseKind: nullable(z.enum(RESPONSE_KIND_NAMES), {
    label: 'Responses are',
    help: 'Counts, rates, fluorescence change (dff) or predictions; null: told by the values (below zero dff, whole numbers counts, else rate).',
  }),
  missing: list(missingValue, {
    default: [],
    label: 'Treat as missing',
    help: 'Values that mean "not recorded", such as [-999, "inf"]; NaN always does.',
  }),
  valueMin: nullable(finite, {
    label: 'Black',
    help: 'Pixel value that is black; null: 0. Needed where pixels go below 0.',
  }),
  valueMax: nullable(finite, {
    label: 'White',
    help: 'Pixel value that is white; null: told by the element type and the values, and asked for where they do not tell it.',
  }),
  nanPixels: nullable(z.enum(['mean', 'mask', 'drop']), {
    label: 'Pixels that are no numbers',
    help: 'mean: the mean of the other pixels of the image. mask: the mean over all images, grey after normalisation. drop: the image and its trials. Without a rule such images are refused.',
  }),
  tiers: record(z.enum([...TIER_NAMES, 'leave out']), {
    default: {},
    label: 'Meaning of tiers',
    help: 'What each value of the column of tiers stands for, such as {"0": "train", "1": "test"}; needed where name and values leave it open.',
  }),
  subject: text({ default: '', label: 'Subject', help: 'Animal; empty: as the file says.' }),
  species: text({ default: '', label: 'Species', help: 'Species; empty: as the file says.' }),
  name: text({
    default: '',
    label: 'Name',
    help: 'Name written into the data file; empty: that of the file or folder.',
  }),
}

/** Width and start of time bins that a layout does not state itself. */
export const binFields = {
  binMs: nullable(z.number().positive(), {
    label: 'Width of a bin',
    unit: 'ms',
    help: 'Kept with the session.',
  }),
  t0Ms: nullable(finite, {
    label: 'Start of the window',
    unit: 'ms',
    help: 'After the onset of the image; kept with the session.',
  }),
}

export const idsFrom = nullable(z.union([z.literal(0), z.literal(1)]), {
  label: 'Ids count from',
  help: 'Whether the first image is called 0 or 1 where trials name images by number; asked for where both fit.',
})

export const responseAxes = nullable(z.enum(['trial,unit', 'unit,trial']), {
  label: 'Axes of the responses',
  help: 'Order in which the file stores them; asked for where the sizes fit both.',
})

export const imageAxes = nullable(z.string().regex(/^[ihwc]{2,4}$/, 'use the letters i, h, w, c'), {
  label: 'Axes of the images',
  help: 'One letter each in the order of the file: i image, h height, w width, c channel, such as ihwc or iwh.',
})

export const fit = nullable(
  z.union([
    z.strictObject({ kind: z.literal('as-is') }),
    z.strictObject({ kind: z.literal('exact'), height: z.int().min(1), width: z.int().min(1) }),
    z.strictObject({ kind: z.literal('shorter-side'), resize: z.int().min(1), crop: z.int().min(1) }),
  ]),
  {
    label: 'Size of the images',
    help: 'Brings images of several sizes to one: {"kind": "exact", "height": 64, "width": 64}.',
  },
)
