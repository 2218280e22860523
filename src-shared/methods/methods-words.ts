/** Each text once, in the order of their first places. */
export const unique = (values: readonly string[]): string[] => [...new Set(values)]

/** The file or folder that a path of any system ends with. */
export const lastPart = (path: string): string =>
  path
    .split(/[\\/]/)
    .filter((p) => p !== '')
    .at(-1) ?? path
