import { basename } from 'node:path'
import { stringify } from 'yaml'
import { z } from 'zod'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { digest } from '../../../src-shared/contract/package.ts'
import { runEnd } from '../../../src-shared/contract/run-end.ts'
import { runEnvironment } from '../../../src-shared/contract/run.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { parseRunConfig, storedConfig } from '../../../src-shared/schema/run-config.ts'
import { TASK_NAMES } from '../../../src-shared/schema/names.ts'
import type { PlainConfig } from '../../../src-shared/schema/component.ts'
import { isMap } from '../../../src-shared/schema/resolve.ts'
import { shapesJson, storedShapes } from '../../data/content/stored-shapes.ts'
import type { RunRecord } from '../../store/files/run-record.ts'
import { RECORD_FORMAT, runIdentityRecord, runResult } from '../../store/files/run-record.ts'
import type { TrainedRun } from '../evaluate/trained-run.ts'
import { ruleOf } from '../workers/engine-parts.ts'
import { identify } from '../workers/run-identity.ts'

const numbers = z.record(z.string(), z.number().nullable())
const scale = z.strictObject({ mean: z.array(z.number()).max(10), std: z.array(z.number()).max(10) })

/** run.json of a package: what a run folder knows, without what is of one machine only. Its config is in config.yaml. */
export const packagedRun = z.strictObject({
  id: digest,
  name: z.string().max(500),
  identity: z.strictObject(runIdentityRecord.shape),
  parent: digest.nullable(),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  seconds: z.number(),
  epoch: z.number(),
  epochs: z.number(),
  step: z.number().int(),
  scores: numbers,
  end: runEnd.nullable(),
  environment: z.strictObject(runEnvironment.omit({ proofRecord: true }).shape).nullable(),
  classNames: z.array(z.string().max(500)).max(100_000),
  units: z.record(z.string(), z.array(z.string().max(500)).max(100_000)),
  normalisations: z.partialRecord(z.enum(TASK_NAMES), scale),
  shapes: z.strictObject(storedShapes.omit({ sizes: true }).shape),
})
export type PackagedRun = z.infer<typeof packagedRun>

/** A run as its package states it, with the config that belongs to its id. */
export interface StatedRun {
  readonly config: RunConfig
  readonly stated: PackagedRun
}

/**
 * What of a run goes into a package.
 * @throws CotrainError `run-state` for a run of an earlier version whose id cannot be worked out any more: nobody could check it
 */
export function stateRun({ record, result, shapes, normalisations }: TrainedRun): StatedRun {
  const { id, name, identity, parent, environment } = record
  const { proofRecord: _proof, ...made } = environment ?? {}
  const stated = packagedRun.parse({
    ...{ id, name, identity, parent: parent?.length === 64 ? parent : null },
    ...{ createdAt: record.createdAt, startedAt: record.startedAt, endedAt: record.endedAt },
    ...{ seconds: record.seconds, epoch: record.epoch, epochs: record.epochs, step: record.step },
    scores: result.scores,
    end: result.end,
    environment: environment === null ? null : made,
    classNames: result.classNames,
    units: result.units,
    normalisations,
    shapes: JSON.parse(
      shapesJson({ inputs: shapes.inputs, sessions: shapes.sessions, classes: shapes.classes }),
    ) as unknown,
  })
  const config = withoutPlaces(storedConfig(record.config))
  if (idFault(config, stated) === null && parseRunConfig(plain(config)).ok) return { config, stated }
  throw new CotrainError({
    code: 'run-state',
    path: id.slice(0, 10),
    message: 'it is of an earlier version, and its id cannot be worked out from its config any more.',
    hint: 'Export its weights instead, or train it anew with this version.',
  })
}

const plain = (config: RunConfig): unknown => JSON.parse(JSON.stringify(config))

/** The text of a config as it is in a package. */
export const configText = (config: RunConfig): string => stringify(plain(config))

/** Why the id cannot be that of the config; null where it is. A start from a weights file cannot be checked: its hash is not kept. */
export function idFault(config: RunConfig, { id, identity }: PackagedRun): string | null {
  if (config.parent?.file != null) return null
  const rule = ruleOf(identity)
  const { data, repetition } = identity
  const found = identify(config, { data, weightsFile: null, repetition }, rule)
  if (found.id !== id)
    return `its id ${id.slice(0, 10)} is not that of its config, which has ${found.id.slice(0, 10)}.`
  const isSame = found.identity.config === identity.config && found.identity.group === identity.group
  return isSame ? null : 'its setting is not that of its config.'
}

/** Folders of one machine say nothing elsewhere, and may say too much: of a path its last part stays. */
function withoutPlaces(config: RunConfig): RunConfig {
  const { parent, dataset } = config
  return {
    ...config,
    comment: '',
    tags: [],
    parent: parent?.file == null ? parent : { ...parent, file: basename(parent.file) },
    dataset: { ...dataset, config: shortened(dataset.config) } as RunConfig['dataset'],
  }
}

function shortened(options: PlainConfig): PlainConfig {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => {
      if (isMap(value)) return [key, shortened(value)]
      return [key, typeof value === 'string' && /[\\/]/.test(value) ? lastPart(value) : value]
    }),
  )
}

const lastPart = (path: string): string =>
  path
    .split(/[\\/]/)
    .filter((part) => part !== '')
    .at(-1) ?? ''

/** The record of a packaged run in this home. */
export function recordOf(
  { config, stated }: StatedRun,
  origin: NonNullable<RunRecord['origin']>,
  folder: string,
): RunRecord {
  const { classNames: _classes, units: _units, normalisations: _scale, shapes: _shapes, ...run } = stated
  const record = {
    ...run,
    format: RECORD_FORMAT,
    config,
    folder,
    status: 'finished' as const,
    reason: '',
    problem: null,
    segment: 1,
    latest: {},
    origin,
  }
  return record
}

/** Its result, as training would have left it. */
export const resultOf = ({ stated }: StatedRun): z.output<typeof runResult> =>
  runResult.parse({
    format: RECORD_FORMAT,
    id: stated.id,
    scores: stated.scores,
    end: stated.end,
    classNames: stated.classNames,
    units: stated.units,
    normalisations: stated.normalisations,
  })
