import { z } from 'zod'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { pluginsOf } from '../../../src-shared/schema/plugin/used-plugins.ts'
import { parseRunConfig } from '../../../src-shared/schema/run-config.ts'
import { timeSteps } from '../../engine/train/index.ts'
import { engineLoaded } from '../workers/engine-here.ts'
import { refuseWhatIsOff } from '../workers/engine-limits.ts'
import type { EngineParts } from '../workers/engine-parts.ts'
import { engineName } from '../../../src-shared/contract/engine-name.ts'

/** What a few steps of a config cost on this machine. */
export const configTiming = z.object({
  secondsPerStep: z.number(),
  imagesPerSecond: z.number(),
  backend: engineName,
  reason: z.string(),
})
export type ConfigTiming = z.infer<typeof configTiming>

const STEPS = 8

/** In a worker process: trains a few steps of a config and throws them away. */
export async function timeHere(given: unknown, folder: string, parts: EngineParts): Promise<ConfigTiming> {
  const parsed = parseRunConfig(given)
  if (!parsed.ok) throw new CotrainError(parsed.problems)
  const config = parsed.value
  const loaded = await parts.loadBackend()
  refuseWhatIsOff(config, engineLoaded(loaded))
  await parts.usePlugins?.(pluginsOf(config))
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
    return { secondsPerStep, imagesPerSecond, backend: loaded.name, reason: loaded.reason }
  } finally {
    built.dispose()
  }
}
