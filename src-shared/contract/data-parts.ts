import { wordOf } from '../schema/words.ts'

interface DataItem {
  readonly name: string
  readonly present: boolean
  readonly detail: string
}

/** "V1: in-silico population": the task in words, and what of it. */
const named = (name: string): string => {
  const [task = '', ...rest] = name.split('/')
  return [wordOf(task), ...(rest.length === 0 ? [] : [rest.join('/')])].join(': ')
}

/** What is there of the data of a config, a line a part: a set of ten thousand images is one line, not ten thousand. */
export function partsThere(data: readonly DataItem[]): string[] {
  const parts = new Map<string, DataItem[]>()
  for (const item of data) {
    const part = item.name.includes('/') ? item.name.slice(0, item.name.indexOf('/')) : item.name
    if (!item.present) continue
    const files = parts.get(part) ?? []
    files.push(item)
    parts.set(part, files)
  }
  return [...parts].map(([part, files]) =>
    files.length === 1
      ? `${named(files[0]!.name)}, ${files[0]!.detail}`
      : `${named(part)}: ${files.length} files`,
  )
}
