import { spawnSync } from 'node:child_process'
import { z } from 'zod'
import { readJson } from '../../../disk/read-json.ts'
import { join } from 'node:path'
import { engineFolder } from '../library/native-info.ts'
import { searchPath } from '../library/try-engine.ts'

/** Of `native.json`, what a worker must be told before it starts. */
const recorded = z.object({ gpu: z.boolean(), libraryPath: z.array(z.string()) })

/** A driver that takes longer has a card that hangs: then TensorFlow chooses. */
const TIMEOUT_MS = 5_000

/**
 * What a worker needs in its environment to find what set-up has found: the folders of CUDA, as the dynamic loader reads them
 * only at the start of a process; and one card alone. TensorFlow.js uploads to the last card that it sees and computes on the
 * first: with two in sight every tensor would cross between them.
 * @param smi the driver's tool
 */
export function workerVariables(home: string, smi = 'nvidia-smi'): Record<string, string> {
  const info = recordOf(home)
  if (info === null) return {}
  const path = searchPath(info.libraryPath)
  if (!info.gpu) return path
  const isChosen = process.env['CUDA_VISIBLE_DEVICES'] !== undefined
  const card = isChosen ? null : freestCard(smi)
  return { ...path, ...(card === null ? {} : { CUDA_VISIBLE_DEVICES: card }) }
}

function recordOf(home: string): z.infer<typeof recorded> | null {
  try {
    return readJson(join(engineFolder(home), 'native.json'), recorded)
  } catch {
    return null // set-up will tell what is wrong with it
  }
}

/** UUID of the card with the least memory in use; the first of equals. */
function freestCard(smi: string): string | null {
  const words = ['--query-gpu=uuid,memory.used', '--format=csv,noheader,nounits']
  const { status, stdout } = spawnSync(smi, words, {
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    windowsHide: true,
  })
  if (status !== 0) return null
  const cards = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(',').map((word) => word.trim()))
    .map(([uuid = '', used = '']) => ({ uuid, used: Number(used || NaN) }))
    .filter(({ uuid, used }) => uuid !== '' && Number.isFinite(used))
  const [first] = cards.sort((a, b) => a.used - b.used)
  return first?.uuid ?? null
}
