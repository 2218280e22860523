/** Ids are file names: nothing else may become one. */
export const isRunId = (name: string): boolean => /^[0-9a-f]{10,64}$/.test(name)
