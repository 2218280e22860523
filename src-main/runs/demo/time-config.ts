import { spawn } from 'node:child_process'
import { z } from 'zod'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { parseRunConfig } from '../../../src-shared/schema/run-config.ts'
import { timeSteps } from '../../engine/train/index.ts'
import { refuseWhatIsOff } from '../workers/engine-limits.ts'
import type { EngineParts } from '../workers/engine-parts.ts'
import type { WorkerCommand } from '../workers/worker-process.ts'
import { lineReader } from '../workers/worker-process.ts'

/** What a few steps of a config cost on this machine. */
export const configTiming = z.object({
  type: z.literal('timing'),
  secondsPerStep: z.number(),
  imagesPerSecond: z.number(),
  backend: z.enum(['native', 'wasm', 'cpu']),
  reason: z.string(),
})
export type ConfigTiming = z.infer<typeof configTiming>

const STEPS = 8

/** In a worker process: trains a few steps of a config and throws them away. */
export async function timeHere(given: unknown, folder: string, parts: EngineParts): Promise<ConfigTiming> {
  const parsed = parseRunConfig(given)
  if (!parsed.ok) throw new CotrainError(parsed.problems)
  const config = parsed.value
  const { name: backend, reason, proof } = await parts.loadBackend()
  refuseWhatIsOff(config, proof)
  const built = await parts.buildData(config.dataset, config.data_seed, folder, () => undefined)
  try {
    const model = await parts.buildModel(config.model, built, config.seed)
    const setup = {
      data: built.data,
      model,
      trainer: config.trainer,
      seed: config.seed,
      start: null,
      checkpoint: null,
    }
    const now = (): number => performance.now()
    const { secondsPerStep, imagesPerSecond } = await timeSteps(
      { ...setup, now, stopRequest: () => 'no' },
      STEPS,
    )
    return { type: 'timing', secondsPerStep, imagesPerSecond, backend, reason }
  } finally {
    built.dispose()
  }
}

/** Times a config in a worker of its own: this process never evaluates a tensor. */
export function timeInWorker(
  command: WorkerCommand,
  config: RunConfig,
  folder: string,
): Promise<ConfigTiming> {
  return new Promise((resolve, reject) => {
    const child = spawn(command.file, [...command.args, 'time', folder], {
      env: { ...process.env, ...command.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    })
    let timing: ConfigTiming | null = null
    let said = ''
    child.stdout.setEncoding('utf8').on(
      'data',
      lineReader((line) => {
        if (line.startsWith('{"type":"timing"')) timing = configTiming.parse(JSON.parse(line))
      }),
    )
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)))
    child.stdin.on('error', () => undefined)
    child.once('error', reject)
    child.once('close', (code) => {
      if (timing !== null) resolve(timing)
      else
        reject(
          new CotrainError({
            code: 'engine-failed',
            message: `timing a few steps failed (exit ${code}): ${said.trim()}`,
          }),
        )
    })
    child.stdin.end(JSON.stringify(config))
  })
}
