/** One array of a file, as the service lists it. */
export interface ArrayInFile {
  readonly path: string
  readonly shape: readonly number[]
  readonly type: string
}

/** What a person says about the arrays of a file; empty texts are "none". */
export interface MappingDraft {
  readonly images: string
  /** One letter per axis: i image, h height, w width, c channel, p all pixels. */
  readonly imageAxes: string
  readonly labels: string
  readonly responses: string
  /** t trial, i image, r repeat, u unit, b time bin. */
  readonly responseAxes: string
  readonly imageIds: string
  /** Where image ids count from; empty: told by the ids, or asked for where both fit. */
  readonly idsFrom: '' | 0 | 1
  readonly unitIds: string
  /** Split of each trial (train, validation, test), one for each row of the responses. */
  readonly tiers: string
  /** A second array of responses, all of them test trials; axes as for the first. */
  readonly testResponses: string
  readonly testImageIds: string
  readonly session: string
  /** Where the units were recorded; empty until somebody says it. */
  readonly area: '' | 'V1' | 'V4'
  /** Empty: told by the values. */
  readonly responseKind: '' | 'counts' | 'rate' | 'dff' | 'predicted'
}

export const EMPTY_MAPPING: MappingDraft = {
  images: '',
  imageAxes: '',
  labels: '',
  responses: '',
  responseAxes: '',
  imageIds: '',
  idsFrom: '',
  unitIds: '',
  tiers: '',
  testResponses: '',
  testImageIds: '',
  session: 'session_1',
  area: '',
  responseKind: '',
}

const isArray = (node: unknown): node is ArrayInFile => {
  const { path, shape } = (node ?? {}) as Partial<ArrayInFile>
  return typeof path === 'string' && Array.isArray(shape)
}

/** The arrays in what the service says about a file; anything else in it is left out. */
export const arraysIn = (tree: unknown): readonly ArrayInFile[] =>
  Array.isArray(tree) ? tree.filter(isArray) : []

/** More specific names come first, so that `image_ids` is not taken for images. */
const NAMES = {
  testImageIds: /^test(ing)?_?(image|img|stim)_?ids?|(image|img|stim)_?ids?_?test/i,
  testResponses: /^test(ing)?_?(respons|spike|rate)|(respons|spikes?|rates?)_?test/i,
  tiers: /^(tiers?|splits?|partitions?|sets?)$/i,
  imageIds: /image_?ids?|img_?ids?|stim_?ids?|image_?index|frame_image/i,
  unitIds: /unit_?ids?|neuron_?ids?|cell_?ids?/i,
  labels: /label|class|target/i,
  responses: /respons|spike|rate|trace|neural|activity/i,
  images: /image|stimul|pictur|frames/i,
} as const

const lastName = (a: ArrayInFile): string => a.path.split('/').at(-1) ?? ''

/** Roles and axes as far as names and sizes tell. */
export function guessMapping(arrays: readonly ArrayInFile[]): MappingDraft {
  const taken = new Set<string>()
  const find = (role: keyof typeof NAMES): string => {
    const found = arrays.find((a) => !taken.has(a.path) && NAMES[role].test(lastName(a)))
    if (found !== undefined) taken.add(found.path)
    return found?.path ?? ''
  }
  const draft = {
    ...EMPTY_MAPPING,
    testImageIds: find('testImageIds'),
    testResponses: find('testResponses'),
    tiers: find('tiers'),
    imageIds: find('imageIds'),
    unitIds: find('unitIds'),
    labels: find('labels'),
    responses: find('responses'),
    images: find('images'),
  }
  return withAxes(draft, arrays)
}

/** The draft with axes guessed anew for its arrays. */
export function withAxes(draft: MappingDraft, arrays: readonly ArrayInFile[]): MappingDraft {
  const shapeOf = (path: string): readonly number[] => arrays.find((a) => a.path === path)?.shape ?? []
  const images = shapeOf(draft.images)
  return {
    ...draft,
    imageAxes: ['', '', 'ip', 'ihw', 'ihwc'][images.length] ?? '',
    responseAxes: responseAxes(
      shapeOf(draft.responses),
      images[0] ?? null,
      draft.imageIds === '' ? null : (shapeOf(draft.imageIds)[0] ?? null),
    ),
  }
}

/** Rows are trials where their images are told, else images; which axis that is shows by its size. */
function responseAxes(shape: readonly number[], images: number | null, trials: number | null): string {
  const first = trials === null ? 'i' : 't'
  const rows = trials ?? images
  if (shape.length === 2) return shape[1] === rows && shape[0] !== rows ? `u${first}` : `${first}u`
  if (shape.length === 3) return shape[1] === images && shape[0] !== images ? 'uir' : 'iru'
  return ''
}

/** "4,000 images, 28 x 28; 96 units": what the draft makes of the file, to be checked by eye. */
export function describeMapping(draft: MappingDraft, arrays: readonly ArrayInFile[]): string {
  const sizes = (path: string, axes: string): Map<string, number> => {
    const shape = arrays.find((a) => a.path === path)?.shape ?? []
    return new Map([...axes].map((letter, i) => [letter, shape[i] ?? 0]))
  }
  const image = sizes(draft.images, draft.imageAxes)
  const response = sizes(draft.responses, draft.responseAxes)
  const count = (n: number | undefined, word: string): string =>
    n === undefined ? '' : `${n.toLocaleString('en')} ${word}`
  const side = image.get('p') ?? 0
  const size = image.has('p')
    ? `${Math.sqrt(side)} x ${Math.sqrt(side)}`
    : `${image.get('h') ?? '?'} x ${image.get('w') ?? '?'}`
  return [
    image.size === 0 ? '' : `${count(image.get('i'), 'images')} of ${size} pixels`,
    count(response.get('u'), 'units'),
    count(response.get('t'), 'trials'),
    count(response.get('r'), 'repeats'),
    count(response.get('b'), 'time bins'),
  ]
    .filter((t) => t !== '')
    .join(', ')
}

/** Why the draft cannot be imported yet; empty when it can. */
export function mappingGap(draft: MappingDraft, arrays: readonly ArrayInFile[]): string {
  const shapeOf = (path: string): number => arrays.find((a) => a.path === path)?.shape.length ?? 0
  if (draft.images === '') return 'Say which array holds the images'
  if (draft.imageAxes.length !== shapeOf(draft.images))
    return 'Name one axis of the images for each of their dimensions'
  if (draft.responses === '') return 'Say which array holds the responses'
  if (draft.responseAxes.length !== shapeOf(draft.responses))
    return 'Name one axis of the responses for each of their dimensions'
  if (new Set(draft.responseAxes).size !== draft.responseAxes.length || /[^tirub]/.test(draft.responseAxes))
    return 'Axes of the responses are the letters t, i, r, u, b, each once'
  if (new Set(draft.imageAxes).size !== draft.imageAxes.length || /[^ihwcp]/.test(draft.imageAxes))
    return 'Axes of the images are the letters i, h, w, c, p, each once'
  if (!draft.responseAxes.includes('u')) return 'One axis of the responses must be the units (u)'
  if (draft.responseAxes.includes('t') && draft.imageIds === '')
    return 'Trials need the array that says which image each one showed'
  if (draft.testResponses !== '' && shapeOf(draft.testResponses) !== draft.responseAxes.length)
    return 'The test responses must have the axes of the responses'
  if (draft.testResponses !== '' && draft.responseAxes.includes('t') && draft.testImageIds === '')
    return 'Test trials need the array that says which image each one showed'
  if (draft.session.trim() === '') return 'Name the session'
  return draft.area === '' ? 'Say where the units were recorded' : ''
}

const idsOf = (imageIds: string, { idsFrom }: MappingDraft) =>
  imageIds === '' ? {} : { imageIds, ...(idsFrom !== '' && { idOffset: 0 - idsFrom }) }

/** The mapping as the service takes it. */
export const mappingOf = (draft: MappingDraft): unknown => ({
  version: 1,
  images: {
    array: draft.images,
    axes: draft.imageAxes,
    ...(draft.labels === '' ? {} : { labels: draft.labels }),
  },
  sessions: [
    {
      key: draft.session.trim(),
      ...(draft.area === '' ? {} : { area: draft.area }),
      ...(draft.responseKind === '' ? {} : { responseKind: draft.responseKind }),
      ...(draft.unitIds === '' ? {} : { unitIds: draft.unitIds }),
      parts: [
        {
          array: draft.responses,
          axes: draft.responseAxes,
          ...idsOf(draft.imageIds, draft),
          ...(draft.tiers === '' ? {} : { tier: { array: draft.tiers } }),
        },
        ...(draft.testResponses === ''
          ? []
          : [
              {
                array: draft.testResponses,
                axes: draft.responseAxes,
                ...idsOf(draft.testImageIds, draft),
                tier: 'test',
              },
            ]),
      ],
    },
  ],
})
