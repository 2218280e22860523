import { z } from 'zod'
import { readJson } from '../../../disk/read-json.ts'
import { join } from 'node:path'
import { engineFolder } from '../library/native-info.ts'
import { searchPath } from '../library/try-engine.ts'
import type { NvidiaSources } from './nvidia.ts'
import { nvidiaDevices } from './nvidia.ts'

/** Of `native.json`, what a worker must be told before it starts. */
const recorded = z.object({ gpu: z.boolean(), libraryPath: z.array(z.string()) })

/**
 * What a worker needs in its environment to find what set-up has found: the folders of CUDA, as the dynamic loader reads them
 * only at the start of a process; and one card alone. TensorFlow.js uploads to the last card that it sees and computes on the
 * first: with two in sight every tensor would cross between them.
 * Where no driver tells in time, its library chooses.
 */
export async function workerVariables(
  home: string,
  sources: NvidiaSources = {},
): Promise<Record<string, string>> {
  const info = recordOf(home)
  if (info === null) return {}
  const path = searchPath(info.libraryPath)
  if (!info.gpu) return path
  const isChosen = process.env['CUDA_VISIBLE_DEVICES'] !== undefined
  const card = isChosen ? null : await freestCard(sources)
  return { ...path, ...(card === null ? {} : { CUDA_VISIBLE_DEVICES: card }) }
}

function recordOf(home: string): z.infer<typeof recorded> | null {
  try {
    return readJson(join(engineFolder(home), 'native.json'), recorded)
  } catch {
    return null // set-up will tell what is wrong with it
  }
}

/** UUID of the card with the most memory free; the first of equals, null where no driver tells. */
async function freestCard(sources: NvidiaSources): Promise<string | null> {
  const cards = (await nvidiaDevices(sources)).filter(({ freeBytes }) => freeBytes !== null)
  const [first] = cards.sort((a, b) => (b.freeBytes ?? 0) - (a.freeBytes ?? 0))
  return first?.uuid ?? null
}
