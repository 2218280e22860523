import { mkdir, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { z } from 'zod'
import { engineWish } from '../../../../src-shared/contract/engine-wish.ts'
import { writeFileAtomic } from '../../../disk/atomic-write.ts'
import { tfjsVersion } from '../library/native-info.ts'
import { casesDigest } from '../proof/cases-digest.ts'

const require = createRequire(import.meta.url)

/** What is known of an adapter without computing on it. */
export const adapterFacts = z.object({
  /** As its driver calls it, with its version where it tells. */
  name: z.string(),
  /** A driver that computes on the processor: right, and slower than the other engines. */
  isSoftware: z.boolean(),
  /** Largest single tensor in bytes. */
  maxBufferBytes: z.number(),
})
export type AdapterFacts = z.infer<typeof adapterFacts>

/** Contents of `webgpu.json`: what set-up found of WebGPU, and what it decided. */
const webgpuRecord = z.object({
  /** Dawn and TensorFlow.js with their versions, and the list of cases of the proof: with others the record is void. */
  key: z.object({ library: z.string(), cases: z.string() }),
  /** null where none was found. */
  adapter: adapterFacts.nullable(),
  /** null where there was nothing to try. */
  trial: z
    .object({
      adapter: z.string(),
      isSoftware: z.boolean(),
      problem: z.string().nullable(),
      stepMs: z.number().nullable(),
      cpuStepMs: z.number().nullable(),
    })
    .nullable(),
  /** What the proof came to, in words; '' where there was none. */
  proof: z.string(),
  /** What a person asked for, by which it is decided. */
  wish: engineWish,
  /** Whether it is used without being asked for in each run, and why. */
  decision: z.object({ isDefault: z.boolean(), why: z.string() }),
  /** Milliseconds since 1970. */
  at: z.number(),
})
export type WebgpuRecord = z.infer<typeof webgpuRecord>

/** Dawn and TensorFlow.js as they are here. */
function webgpuLibrary(): string {
  const { version } = require('webgpu/package.json') as { version: string }
  return `WebGPU (Dawn ${version}, TensorFlow.js ${tfjsVersion()})`
}

export const webgpuKey = async (): Promise<WebgpuRecord['key']> => ({
  library: webgpuLibrary(),
  cases: await casesDigest(),
})

const recordPath = (folder: string): string => join(folder, 'webgpu.json')

/** What set-up has recorded; null where WebGPU was not looked for, or with another Dawn or other cases of the proof. */
export async function readWebgpu(folder: string): Promise<WebgpuRecord | null> {
  const text = await readFile(recordPath(folder), 'utf8').catch(() => null)
  if (text === null) return null
  try {
    const found = webgpuRecord.parse(JSON.parse(text))
    const key = await webgpuKey()
    return found.key.library === key.library && found.key.cases === key.cases ? found : null
  } catch {
    return null // of another version: set-up looks again
  }
}

export async function writeWebgpu(folder: string, record: WebgpuRecord): Promise<WebgpuRecord> {
  await mkdir(folder, { recursive: true })
  await writeFileAtomic(recordPath(folder), `${JSON.stringify(record, null, 1)}\n`)
  return record
}

/** What was recorded holds no longer: another adapter or driver is there. On a folder that cannot be written it stays. */
export const forgetWebgpu = (folder: string): Promise<void> =>
  rm(recordPath(folder), { force: true }).catch(() => undefined)
