import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { z } from 'zod'
import type { preset } from '../../../src-shared/contract/views.ts'

export type Preset = z.infer<typeof preset>

/**
 * The shipped configs. The first comment line of a file is its title, the comment lines after it say what it is for;
 * comments stay in the text.
 */
export function readPresets(folder: string): Preset[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => presetOf(basename(name, '.yaml'), readFileSync(join(folder, name), 'utf8')))
}

function presetOf(id: string, yaml: string): Preset {
  const lines = yaml.split('\n')
  const end = lines.findIndex((line) => !line.startsWith('#'))
  const comments = lines
    .slice(0, end === -1 ? lines.length : end)
    .map((line) => line.replace(/^#\s?/, '').trim())
  const [title = '', ...rest] = comments
  return {
    id,
    title: title === '' ? id.replaceAll('-', ' ') : title.replace(/\.$/, ''),
    description: rest.join(' ').trim(),
    yaml,
  }
}
