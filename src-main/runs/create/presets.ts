import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import type { preset } from '../../../src-shared/contract/views.ts'
import { parseYaml } from './config-text.ts'

export type Preset = z.infer<typeof preset>

/**
 * The shipped configs and recipes. Title and question are those that the file gives itself (`name`, `question`); the comment lines
 * at its head say more, and stay in the text. A config has no question: its first comment line is one.
 */
export function readPresets(folder: string): Preset[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => presetOf(basename(name, '.yaml'), readFileSync(join(folder, name), 'utf8')))
}

const heading = z.object({ name: z.string(), question: z.string().default('') })

function presetOf(id: string, yaml: string): Preset {
  const lines = yaml.split('\n')
  const end = lines.findIndex((line) => !line.startsWith('#'))
  const comments = lines
    .slice(0, end === -1 ? lines.length : end)
    .map((line) => line.replace(/^#\s?/, '').trim())
  const { name, question } = heading.parse(parseYaml(yaml, id))
  const description = [question, ...comments].filter((line) => line !== '').join(' ')
  return { id, title: name, description, yaml }
}
