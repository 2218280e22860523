import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseConfigText } from '../../src-main/runs/create/config-text.ts'
import type { RunConfig } from '../../src-shared/schema/run-config.ts'
import { parseRunConfig } from '../../src-shared/schema/run-config.ts'

type Options = Readonly<Record<string, unknown>>

/** A config of the repository's configs folder with another name, seed or tags, or other options of its parts. */
export function shippedConfig(
  file: string,
  change: {
    name?: string
    seed?: number
    tags?: readonly string[]
    dataset?: Options
    model?: Options
    trainer?: Options
  } = {},
): RunConfig {
  const text = readFileSync(join(import.meta.dirname, '../../configs', `${file}.yaml`), 'utf8')
  const { given, problems } = parseConfigText(text, file)
  if (problems.length > 0) throw new Error(JSON.stringify(problems))
  const config = given as Record<'dataset' | 'model' | 'trainer', { fn: string; config: Options }> & Options
  const part = (kind: 'dataset' | 'model' | 'trainer') => ({
    ...config[kind],
    config: { ...config[kind].config, ...change[kind] },
  })
  const { name = config['name'], seed = config['seed'], tags = config['tags'] } = change
  const changed = {
    ...config,
    name,
    seed,
    tags,
    dataset: part('dataset'),
    model: part('model'),
    trainer: part('trainer'),
  }
  const parsed = parseRunConfig(changed)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.value
}
