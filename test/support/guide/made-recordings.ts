/** What a session of the guide holds, trial by trial. */
export interface MadeSession {
  readonly key: string
  readonly area: string
  readonly units: readonly string[]
  /** First pixel of the image of each trial, from 0 (black) to 255. */
  readonly shown: readonly number[]
  /** 0 pool, 1 train, 2 validation, 3 test. */
  readonly tiers: readonly number[]
  /** Responses of each trial, bins of one unit side by side; null is missing. */
  readonly responses: readonly (readonly (number | null)[])[]
  readonly binMs?: number
  readonly t0Ms?: number
  /** Further fields that an option decides. */
  readonly also?: Readonly<Record<string, string>>
}

export interface MadeRecording {
  readonly importer: string
  readonly name: string
  readonly sessions: readonly MadeSession[]
}

/** Writes the recording of an example below a folder and says what its command makes of it. */
export type MakeRecording = (folder: string) => Promise<MadeRecording> | MadeRecording
