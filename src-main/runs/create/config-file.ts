import { readFile, stat } from 'node:fs/promises'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { MAX_CONFIG_BYTES, parseConfigText } from './config-text.ts'

/** The text of a config file. @throws CotrainError for what is no file, or larger than a config can be. */
export async function readConfigFile(path: string): Promise<string> {
  const info = await stat(path).catch(() => null)
  if (info === null || !info.isFile()) {
    const message = info === null ? 'there is no such file.' : 'expected a file, got a folder.'
    throw new CotrainError({ code: 'file-missing', path, message, hint: 'Check the path of the config.' })
  }
  if (info.size > MAX_CONFIG_BYTES) {
    const hint = 'A config holds settings only; give data as paths.'
    throw new CotrainError({ code: 'file-refused', path, message: 'the config is larger than 1 MB.', hint })
  }
  return readFile(path, 'utf8')
}

/** Validates a config file. @throws CotrainError naming file, line, field, value and fix. */
export async function readConfig(path: string): Promise<RunConfig> {
  const { config, problems } = parseConfigText(await readConfigFile(path), path)
  if (config === null) throw new CotrainError(problems)
  return config
}
