import { canonicalJson } from '../../../src-shared/schema/canonical.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { runIdentity } from '../../../src-shared/schema/run-identity.ts'
import { CONTENT_RULE, type ContentRule } from '../../data/content/manifest.ts'
import type { RunIdentityRecord } from '../../store/files/run-record.ts'
import { sha256 } from '../../disk/sha256.ts'

/** Raised when the engine's numbers change on purpose; results of different majors are different runs. */
const ENGINE_MAJOR = 1

export const hashOf = (value: unknown): string => sha256(canonicalJson(value))

/** What besides the config decides the result. */
export interface Ingredients {
  /** Fingerprint of the data set version. */
  readonly data: string
  /** Fingerprint of each part, for the record. */
  readonly parts?: Readonly<Record<string, string>>
  /** Hash of the weights file to start from; null without one. */
  readonly weightsFile: string | null
  /** 0 first; a forced repeat of the same settings counts up. */
  readonly repetition: number
}

/**
 * The id of a run: SHA-256 of what decides its result, in canonical form. Names, comments, tags and other fields marked
 * `identity: false` stay out. Rules 1 and 2 are those of earlier versions, by which their runs are found again. `config.parent.run` has to be a full id.
 */
export function identify(
  config: RunConfig,
  ingredients: Ingredients,
  rule: ContentRule = CONTENT_RULE,
): { id: string; identity: RunIdentityRecord } {
  const { data, parts, weightsFile, repetition } = ingredients
  const semantic = {
    ...runIdentity(config, { places: rule === 1, idle: rule !== CONTENT_RULE }),
    ...(weightsFile === null ? {} : { weights_file: weightsFile }),
  }
  const { seed: _seed, ...unseeded } = semantic as Record<string, unknown>
  const made = { data, engine: ENGINE_MAJOR }
  const again = repetition === 0 ? {} : { repetition }
  return {
    id: hashOf({ ...semantic, ...made, ...again }),
    identity: {
      config: hashOf(semantic),
      group: hashOf({ ...unseeded, ...made }),
      ...made,
      repetition,
      ...(rule !== 1 && { rule }),
      ...(parts && { parts }),
    },
  }
}
