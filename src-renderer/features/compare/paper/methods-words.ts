/** "1 session", "3 sessions". */
export const counted = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`

/** "a", "a and b", "a, b and c". */
export const joined = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`

/** Each text once, in the order of their first places. */
export const unique = (values: readonly string[]): string[] => [...new Set(values)]
