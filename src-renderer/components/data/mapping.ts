export interface ArrayInFile {
  readonly path: string
  readonly shape: string
}

export const ROLES = [
  {
    id: 'images',
    label: 'Images',
    isNeeded: true,
    help: 'images x height x width, with or without channels',
    names: /image|stimul|pictur|frames/i,
  },
  {
    id: 'responses',
    label: 'Responses',
    isNeeded: false,
    help: 'images x units, or units x images x repeats',
    names: /respons|spike|rate|trace|neural/i,
  },
  {
    id: 'labels',
    label: 'Labels',
    isNeeded: false,
    help: 'class of each image',
    names: /label|class|target/i,
  },
  {
    id: 'image_ids',
    label: 'Image of each trial',
    isNeeded: false,
    help: 'which image a trial showed, when images repeat',
    names: /image_id|img_id|stim_id|index/i,
  },
  {
    id: 'tiers',
    label: 'Split',
    isNeeded: false,
    help: 'train, validation or test for each image or trial',
    names: /tier|split|subset/i,
  },
] as const

/** Paths and shapes of the arrays in a file's tree, as the service describes it: nested names, an array as text or { shape }. */
export function arraysIn(tree: unknown, prefix = ''): ArrayInFile[] {
  if (tree === null || typeof tree !== 'object') return []
  return Object.entries(tree).flatMap(([name, node]: [string, unknown]) => {
    const path = prefix === '' ? name : `${prefix}/${name}`
    if (typeof node === 'string') return [{ path, shape: node }]
    const shape = (node as { shape?: unknown } | null)?.shape
    if (Array.isArray(shape)) return [{ path, shape: shape.join(' × ') }]
    return arraysIn(node, path)
  })
}

/** Roles whose usual names occur; the longest-named role wins an array, so that `image_ids` is not taken for images. */
export function guessMapping(arrays: readonly ArrayInFile[]): Record<string, string> {
  const out: Record<string, string> = {}
  const taken = new Set<string>()
  for (const role of [...ROLES].reverse()) {
    const found = arrays.find((a) => !taken.has(a.path) && role.names.test(a.path.split('/').at(-1) ?? ''))
    if (found === undefined) continue
    out[role.id] = found.path
    taken.add(found.path)
  }
  return out
}
