import type { Result } from '../../../src-shared/contract/contract.ts'
import type { Problem } from '../../../src-shared/contract/errors.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { sizeText } from '../../../src-shared/util/size-text.ts'
import type { ModelShapes } from '../../engine/model/index.ts'
import type { ComputeDevice } from '../../io/native/devices/compute-devices.ts'
import { bytesOf, memoryNeed } from './memory-need.ts'
import type { ModelCard } from './model-card.ts'

type Preflight = Result<'config.preflight'>
type MemoryCheck = Pick<Preflight, 'memoryBytes' | 'deviceMemory' | 'biggest' | 'fixes'>

/** What is said of memory where no model is known. */
export const NO_MEMORY: MemoryCheck = { memoryBytes: null, deviceMemory: null, biggest: [], fixes: [] }

/**
 * What a run takes of main memory and of the card on which it would compute (null: the processor computes). Of a card whose
 * driver does not tell what is free, such as a part of a divided one, nothing is said.
 */
export function memoryCheck(
  card: ModelCard,
  config: RunConfig,
  inputs: ModelShapes['inputs'],
  device: ComputeDevice | null,
): MemoryCheck {
  const { bytes, besideCardBytes, onCard, biggest, fixes } = memoryNeed(card, config, inputs)
  const parts = onCard.map((part) => ({ ...part }))
  return {
    memoryBytes: device === null ? bytes : besideCardBytes,
    deviceMemory:
      device === null || device.freeBytes === null
        ? null
        : {
            card: device.name,
            freeBytes: device.freeBytes,
            totalBytes: device.totalBytes,
            needBytes: bytesOf(onCard),
            parts,
          },
    biggest: biggest.map((part) => ({ ...part })),
    fixes: fixes.map(({ label, changes }) => ({
      label,
      changes: changes.map(({ path, value }) => ({ path, value })),
    })),
  }
}

/**
 * A tensor that is larger than what the adapter of WebGPU binds at once (`limit` in bytes, null: no such limit) would be refused in the
 * first step: what it is, and what makes it smaller.
 */
export function bufferProblems({ biggest, fixes }: MemoryCheck, limit: number | null): Problem[] {
  const [largest] = biggest
  if (limit === null || largest === undefined || largest.bytes <= limit) return []
  const isOfBatch = largest.name.startsWith('output of')
  const remedy = isOfBatch ? fixes.map(({ label }) => label.toLowerCase()).join(', or ') : ''
  const smaller = remedy === '' ? 'Use smaller images or a narrower network' : `To fit: ${remedy}`
  return [
    {
      code: 'out-of-memory',
      path: isOfBatch ? 'dataset' : 'model',
      message: `the adapter of WebGPU holds no tensor above ${sizeText(limit)}, and the largest is ${largest.name}: ${sizeText(largest.bytes)}.`,
      hint: `${smaller}; or compute with another engine (Settings, Engine).`,
    },
  ]
}

/** Warnings about memory that is not there, each with what would help. */
export function memoryWarnings(
  { memoryBytes, deviceMemory, biggest, fixes }: MemoryCheck,
  freeMemoryBytes: number,
): string[] {
  const warnings: string[] = []
  if (memoryBytes !== null && memoryBytes > freeMemoryBytes)
    warnings.push(
      `Training needs about ${sizeText(memoryBytes)} of memory, ${sizeText(freeMemoryBytes)} are free: use smaller batches.`,
    )
  if (deviceMemory === null || deviceMemory.needBytes <= deviceMemory.freeBytes) return warnings
  const { card, freeBytes, totalBytes, needBytes } = deviceMemory
  const free = `${sizeText(freeBytes)}${totalBytes === null ? '' : ` of ${sizeText(totalBytes)}`} are free`
  const [largest] = biggest
  const what =
    largest === undefined ? '' : ` The largest tensor: ${largest.name} (${sizeText(largest.bytes)}).`
  const remedy = fixes.map(({ label }) => label.toLowerCase()).join(', or ')
  const help = `${remedy === '' ? 'use smaller images or a narrower network' : remedy}.`
  return [
    ...warnings,
    `Training needs about ${sizeText(needBytes)} on the ${card}, ${free}.${what} To fit: ${help}`,
  ]
}
