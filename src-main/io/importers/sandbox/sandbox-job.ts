import type { Problem } from '../../../../src-shared/contract/errors.ts'

/** What the child process is asked to do: read `path` with an importer and write the canonical file to `output`. */
export interface SandboxJob {
  readonly importer: string
  readonly path: string
  /** Checked by the importer's schema in the child. */
  readonly options: Readonly<Record<string, unknown>>
  /** Folder of this job alone; the parent removes it afterwards. */
  readonly workFolder: string
  readonly output: string
  /** ISO date written into the file. */
  readonly created: string
}

/** How far it is, as a line of its output; `fraction` null where that is not known. */
export interface SandboxNews {
  readonly text: string
  readonly fraction: number | null
}

/** What it answers, as the last line of its output. */
export type SandboxAnswer =
  | { readonly ok: true; readonly contentHash: string }
  | { readonly ok: false; readonly problems: readonly Problem[] }
