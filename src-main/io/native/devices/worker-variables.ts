import { join } from 'node:path'
import { z } from 'zod'
import { readJson } from '../../../disk/read-json.ts'
import { engineFolder } from '../library/native-info.ts'
import { computeVariables } from '../library/try-engine.ts'

/** Of `native.json`, what must be known before a process starts that computes. */
const recorded = z.object({ gpu: z.boolean(), libraryPath: z.array(z.string()) })

/** Whether set-up has found a library that computes on a card. */
export const computesOnCards = (home: string): boolean => recordOf(home)?.gpu === true

/**
 * What a process needs in its environment to find what set-up has found, and the one device that it is shown.
 * TensorFlow.js uploads to the last card that it sees and computes on the first: with two in sight every tensor would
 * cross between them. Without a device (no driver tells of one) its library chooses.
 */
export function workerVariables(home: string, device: string | null): Record<string, string> {
  const info = recordOf(home)
  if (info === null) return {}
  const { libraryPath, gpu } = info
  return computeVariables({ libraryPath, device: gpu ? device : null })
}

function recordOf(home: string): z.infer<typeof recorded> | null {
  try {
    return readJson(join(engineFolder(home), 'native.json'), recorded)
  } catch {
    return null // set-up will tell what is wrong with it
  }
}
