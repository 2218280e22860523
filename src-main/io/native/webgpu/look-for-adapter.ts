import { lastLine, runChild } from '../../../process/child.ts'
import { entryBeside, nodeArguments } from '../../../process/entries.ts'
import { nodeProgram } from '../../../process/node-program.ts'
import { lastWords } from '../library/last-words.ts'
import type { AdapterFacts } from './webgpu-record.ts'
import { adapterFacts } from './webgpu-record.ts'

const TIMEOUT_MS = 180_000

/** The adapter that WebGPU would compute on, opened in a child process: a driver may crash. @throws Error where there is none */
export async function lookForAdapter(): Promise<AdapterFacts> {
  const child = nodeArguments(entryBeside(import.meta.url, './webgpu-child.ts'))
  const result = await runChild(nodeProgram(), [...child, 'look'], { timeoutMs: TIMEOUT_MS })
  const line = lastLine(result.stdout)
  if (result.code === 0 && line.startsWith('{')) return adapterFacts.parse(JSON.parse(line))
  throw new Error(lastWords(result.stderr) || `Dawn ended with code ${result.code}`)
}
