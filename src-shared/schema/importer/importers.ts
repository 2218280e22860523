import { z } from 'zod'
import type { Problem } from '../../contract/errors.ts'
import { int, list, nullable, number, text } from '../field.ts'
import { problemsOf } from '../problem-words.ts'
import { arrayMapping } from './array-mapping.ts'
import { binFields, commonFields, fit, idsFrom, imageAxes, responseAxes } from './common-fields.ts'

/** One layout of recordings and its options: validation, form, reference page and command line are read from here. */
interface ImporterDescription<S extends z.ZodObject = z.ZodObject> {
  readonly title: string
  readonly help: string
  readonly schema: S
}

const described = <T extends z.ZodRawShape>(
  title: string,
  help: string,
  fields: T,
): ImporterDescription<z.ZodObject<T & typeof commonFields>> => ({
  title,
  help,
  schema: z.strictObject({ ...fields, ...commonFields }), // zod's own type of the same shape
})

const pathOf = (label: string, help: string) => nullable(z.string().min(1), { label, help })
const pathsOf = (label: string, help: string) =>
  nullable(z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]), { label, help })

export const IMPORTERS = {
  nwb: described(
    'NWB 2 file',
    'Presentations of images with spikes counted, or calcium averaged, in a window after each onset. Links inside the file are followed; where it holds several of a kind, one is asked for.',
    {
      t0Ms: number({
        default: 50,
        unit: 'ms',
        label: 'Start of the window',
        help: 'After the onset of each image.',
      }),
      binMs: number({
        default: 100,
        above: 0,
        unit: 'ms',
        label: 'Width of a bin',
        help: 'Spikes are counted, or traces averaged, in each bin.',
      }),
      bins: int({
        default: 1,
        min: 1,
        max: 10_000,
        label: 'Bins',
        help: 'Number of bins, one after the other.',
      }),
      table: pathOf(
        'Presentations',
        'Table of /intervals, or IndexSeries of /stimulus/presentation, with one row for each presentation.',
      ),
      imageColumn: pathOf('Column of the image', 'Column of the table with the number or name of the image.'),
      tierColumn: pathOf(
        'Column of the tier',
        'Column of the table with train, validation or test; null: the one whose name says it (tier, split, is_test); "none": all trials are the pool.',
      ),
      images: pathOf('Images', 'Group or series of /stimulus that holds the images.'),
      imageBy: nullable(z.enum(['name', 'position']), {
        label: 'Numbers of images are',
        help: 'Their names, or their places in the order of the file; asked for where both fit.',
      }),
      imageAxes,
      idsFrom,
      units: pathsOf('Tables of units', 'Path of the table with spike times, or a list of them.'),
      signal: pathsOf('Signal', '"spikes", or the path of a RoiResponseSeries, or a list of them.'),
      quality: list(z.string(), {
        default: [],
        label: 'Quality',
        help: 'Units kept: those whose column `quality` has one of these values; empty: all.',
      }),
    },
  ),
  'session-pickle': described(
    'Session pickles with numbered images',
    '`neuronal_data/<session>.pickle` and `images/000000.npy`, as published for the monkey recordings.',
    {
      sessionsFolder: text({
        default: 'neuronal_data',
        label: 'Folder of the sessions',
        help: 'One pickle for each session.',
      }),
      imagesFolder: pathOf(
        'Folder of the images',
        'Numbered .npy files; null: images/individual, else images.',
      ),
      exclude: list(z.string(), {
        default: ['CSRF19_V4_3653663964522.pickle'],
        label: 'Left out',
        help: 'Session files that are not read; the published loader skips this one.',
      }),
      idsFrom,
      idOffset: nullable(z.union([z.literal(0), z.literal(-1)]), {
        label: 'Offset of the ids',
        help: 'Earlier form of `idsFrom`: -1 where ids count from 1.',
        advanced: true,
      }),
      responseAxes,
      imageAxes,
      ...binFields,
    },
  ),
  filetree: described(
    'Sensorium folder',
    'One .npy for each trial below `data`, columns below `meta`, as neuralpredictors reads it; folder or zip.',
    { imageAxes, ...binFields },
  ),
  'static-hdf5': described(
    'Sensorium static HDF5',
    'Arrays `images`, `responses`, `tiers`, and groups `item_info` and `neurons`.',
    { responseAxes, imageAxes, ...binFields },
  ),
  'images-and-responses': described(
    'Images with an array of responses',
    'Image i, in the order in which a person counts, belongs to column i of the array.',
    {
      images: pathOf(
        'Images',
        'Zip, folder or .npy of the images, seen from the path; null: found below it.',
      ),
      responses: nullable(z.array(z.string().min(1)).min(1), {
        label: 'Responses',
        help: 'One .npy (units x images, or units x images x repeats), or several with one unit or more each.',
      }),
      session: pathOf('Session', 'The one to take where the folder holds several; null: all.'),
      responseAxes,
      imageAxes,
      fit,
      ...binFields,
    },
  ),
  'stimulus-tables': described(
    'Stimulus tables',
    '`training_inputs`, `training_set`, `validation_inputs` and `raw_validation_set` as .npy, of each region.',
    { ...binFields },
  ),
  'csv-folder': described(
    'Images with a table',
    'One .csv or .tsv beside the images: columns image, unit_..., and if wanted session, repeat, tier, behavior_..., pupil_x, pupil_y.',
    { fit, ...binFields },
  ),
  arrays: described(
    'Named arrays',
    'npz, folder of npy, HDF5 or MATLAB file with a mapping that says which array means what.',
    {
      mapping: nullable(arrayMapping, { label: 'Mapping', help: 'Which array means what; see the guide.' }),
      idsFrom,
      ...binFields,
    },
  ),
} as const

/** Images with classes: they stay where they are, so only their size and their white are asked for. */
export const IMAGE_SET_IMPORT = {
  title: 'Images with classes',
  help: 'Folders of classes and the published sets. What is white is asked for only where arrays of numbers leave it open.',
  schema: z.strictObject({
    size: nullable(z.int().min(1), {
      label: 'Resize all images to',
      unit: 'px',
      help: 'Height and width to which images of several sizes are brought.',
    }),
    valueMin: commonFields.valueMin,
    valueMax: commonFields.valueMax,
  }),
} satisfies ImporterDescription

export type ImporterKind = keyof typeof IMPORTERS

/** Options of a layout of recordings, or of images with classes. */
export const importSchema = (kind: ImporterKind | 'images'): z.ZodObject =>
  (kind === 'images' ? IMAGE_SET_IMPORT : IMPORTERS[kind]).schema

type KeysOf<T> = T extends unknown ? keyof T : never
/** Name of an option of any importer, or of images with classes. */
export type ImportOption =
  | KeysOf<(typeof IMPORTERS)[ImporterKind]['schema']['shape']>
  | keyof (typeof IMAGE_SET_IMPORT)['schema']['shape']

/** Options as an importer gets them: what nobody said is absent. */
type Said<T> = { readonly [K in keyof T as null extends T[K] ? never : K]: T[K] } & {
  readonly [K in keyof T as null extends T[K] ? K : never]?: Exclude<T[K], null>
}
/** Options that every layout of recordings has. */
export type CommonOptions = Said<z.output<z.ZodObject<typeof commonFields>>>
export type ImportOptions<K extends ImporterKind> = Said<z.output<(typeof IMPORTERS)[K]['schema']>> &
  CommonOptions

/** Checks the options of an importer and fills in defaults; unknown names are told with the nearest and all known ones. */
export function parseImportOptions<K extends ImporterKind>(
  kind: K,
  given: unknown,
): { readonly options: ImportOptions<K> } | { readonly problems: readonly Problem[] } {
  const { schema } = IMPORTERS[kind]
  const result = schema.safeParse(given ?? {})
  return result.success
    ? { options: said(result.data) as ImportOptions<K> } // the schema's own output without its nulls
    : { problems: problemsOf(result.error, schema, given, '').map(withKnown(kind, schema)) }
}

/** As `parseImportOptions`, for images with classes. */
export function parseImageSetOptions(
  given: unknown,
):
  | { readonly options: Said<z.output<typeof IMAGE_SET_IMPORT.schema>> }
  | { readonly problems: readonly Problem[] } {
  const { schema } = IMAGE_SET_IMPORT
  const result = schema.safeParse(given ?? {})
  return result.success
    ? { options: said(result.data) } // likewise
    : {
        problems: problemsOf(result.error, schema, given, '').map(withKnown('images with classes', schema)),
      }
}

/** Without what nobody said. */
const said = (options: object): object =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null))

const withKnown =
  (what: string, schema: z.ZodObject) =>
  (problem: Problem): Problem => {
    const known = `Known options of ${what}: ${Object.keys(schema.shape).join(', ')}.`
    const { path, message, hint = '' } = problem
    const isOption = path !== undefined && !path.includes('.') && message === 'unknown option.'
    if (isOption) return { ...problem, hint: hint.startsWith('Did') ? `${hint} ${known}` : known }
    const [option = ''] = path?.split('.') ?? []
    return { ...problem, path: path || 'options', ...(option in schema.shape && { asks: [option] }) }
  }
