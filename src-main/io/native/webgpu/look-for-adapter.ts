import { z } from 'zod'
import { lastLine, runChild } from '../../../process/child.ts'
import { entryBeside, nodeArguments } from '../../../process/entries.ts'
import { nodeProgram } from '../../../process/node-program.ts'
import { lastWords } from '../library/last-words.ts'
import type { AdapterFacts } from './webgpu-record.ts'
import { adapterFacts } from './webgpu-record.ts'

const TIMEOUT_MS = 180_000

const answer = z.union([z.strictObject({ none: z.string() }), adapterFacts])

/**
 * The adapter that WebGPU would compute on, opened in a child process: a driver may crash. @throws Error where there is none, and
 * {@link StoppedLate} where the driver does not come to an end
 */
export async function lookForAdapter(): Promise<AdapterFacts> {
  const child = nodeArguments(entryBeside(import.meta.url, './webgpu-child.ts'))
  const result = await runChild(nodeProgram(), [...child, 'look'], { timeoutMs: TIMEOUT_MS })
  const line = lastLine(result.stdout)
  if (result.code !== 0) throw new Error(lastWords(result.stderr) || `Dawn ended with code ${result.code}`)
  const found = answer.parse(JSON.parse(line))
  if ('none' in found) throw new Error(found.none)
  return found
}
