import { notComparable } from './golden-case.ts'

export type PlainOptions = Readonly<Record<string, unknown>>

/** Reads options of a case one by one, with the documented default of the published class where a file leaves one out. */
export interface CaseOptions {
  number(key: string, fallback: number): number
  flag(key: string, fallback: boolean): boolean
  text(key: string, fallback: string): string
  /** The value as it stands; undefined where the file does not state it. */
  raw(key: string): unknown
  /** Skips the case if an option was stated that nobody read: what it does to the numbers is not known here. */
  finish(): void
}

/** `what` names the published class or function in messages. */
export function caseOptions(what: string, options: PlainOptions): CaseOptions {
  const read = new Set<string>()
  const raw = (key: string): unknown => {
    read.add(key)
    return options[key] ?? undefined // null asks for the default in the published classes
  }
  const typed = (key: string, type: 'number' | 'boolean' | 'string'): unknown => {
    const value = raw(key)
    if (value === undefined || typeof value === type) return value
    return notComparable(`${what}: ${key} is ${JSON.stringify(value)}, not a ${type}`)
  }
  return {
    number: (key, fallback) => (typed(key, 'number') as number | undefined) ?? fallback,
    flag: (key, fallback) => (typed(key, 'boolean') as boolean | undefined) ?? fallback,
    text: (key, fallback) => (typed(key, 'string') as string | undefined) ?? fallback,
    raw,
    finish: () => {
      const left = Object.keys(options).filter((key) => !read.has(key) && options[key] !== null)
      if (left.length > 0) notComparable(`${what}: no option ${left.join(', ')} is known here`)
    },
  }
}

/** Published arguments that decide nothing once weights and images are given. */
const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  init_weights: 'the weights are given',
  pretrained: 'the weights are given',
  input_channels: 'the channels are those of the images',
  neural_input_channels: 'the channels are those of the images',
  classification_input_channels: 'the channels are those of the images',
  dropout: 'the published networks never read it',
  comment: 'a remark',
  fn: 'a name',
  dataset_cls: 'the number of classes is given',
}

/** Options without the published arguments that have no effect here, and a note on each of those. */
export function withoutIdle(options: PlainOptions): {
  readonly options: PlainOptions
  readonly notes: readonly string[]
} {
  const idle = Object.keys(options).filter((key) => Object.hasOwn(WITHOUT_EFFECT, key))
  const said = idle.filter((key) => key !== 'fn' && (options[key] !== false || key === 'init_weights'))
  return {
    options: Object.fromEntries(Object.entries(options).filter(([key]) => !idle.includes(key))),
    notes: said.map((key) => `${key} has no effect here: ${WITHOUT_EFFECT[key]}`),
  }
}
