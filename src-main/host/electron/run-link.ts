/** Scheme of links to a run, as the system hands them over: `cotrain://runs/<id>`. */
export const LINK_SCHEME = 'cotrain'

/** Ids are SHA-256 in hexadecimal, or the beginning of one. Nothing else of a link is read. */
const LINK = /^cotrain:\/\/runs\/([0-9a-f]{6,64})\/?$/

export const linkOfRun = (id: string): string => `${LINK_SCHEME}://runs/${id}`

/** Id of the run that a link names, or null for anything else. */
export const runOfLink = (link: string): string | null => LINK.exec(link)?.[1] ?? null

/** The first link among the arguments of a program: where Windows and Linux put it. */
export const runOfArguments = (args: readonly string[]): string | null =>
  args.map(runOfLink).find((id) => id !== null) ?? null
