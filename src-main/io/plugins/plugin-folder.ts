import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { PluginPackage } from '../../../src-shared/schema/plugin/manifest.ts'
import { pluginPackage } from '../../../src-shared/schema/plugin/manifest.ts'
import { wrongDefaults } from '../../../src-shared/schema/plugin/own-fields.ts'
import { problemsOf } from '../../../src-shared/schema/problem-words.ts'
import { sizeText } from '../../../src-shared/util/size-text.ts'
import { startSha256 } from '../../disk/sha256.ts'

const MOST_FILES = 500
const MOST_BYTES = 20e6
const MOST_DEPTH = 16

/** A file of a plug-in; `path` is relative, with slashes. */
interface PluginFile {
  readonly path: string
  readonly bytes: Buffer
}

/** A plug-in as it lies in a folder. Nothing of it has run. */
export interface PluginFolder {
  readonly hash: string
  readonly package: PluginPackage
  readonly files: readonly PluginFile[]
}

/**
 * Reads the whole of a plug-in: its files into memory, so that what is hashed is what is kept.
 * @throws CotrainError `file-refused` for links and for more than a plug-in may hold, `file-invalid` for its package.json
 */
export function readPluginFolder(folder: string): PluginFolder {
  const files = filesBelow(folder)
  const text = files.find(({ path }) => path === 'package.json')?.bytes.toString('utf8')
  if (text === undefined)
    throw refused('file-missing', join(folder, 'package.json'), 'a plug-in needs this file.')
  const known = packageIn(text, join(folder, 'package.json'))
  if (!files.some(({ path }) => path === 'index.js'))
    throw refused('file-missing', join(folder, 'index.js'), 'a plug-in needs this file, an ES module.')
  return { hash: hashOfFiles(files), package: known, files }
}

/** SHA-256 over path, size and bytes of every file, in the order of the paths. */
function hashOfFiles(files: readonly PluginFile[]): string {
  const hash = startSha256()
  for (const { path, bytes } of files) hash.update(`${JSON.stringify([path, bytes.length])}\n`).update(bytes)
  return hash.digest('hex')
}

function filesBelow(folder: string): readonly PluginFile[] {
  const files: PluginFile[] = []
  let total = 0
  const walk = (at: string, prefix: string, depth: number): void => {
    if (depth > MOST_DEPTH) throw refused('file-refused', at, `folders lie more than ${MOST_DEPTH} deep.`)
    for (const name of namesIn(at)) {
      const path = join(at, name)
      const facts = lstatSync(path)
      if (facts.isDirectory()) {
        walk(path, `${prefix}${name}/`, depth + 1)
        continue
      }
      if (!facts.isFile()) throw refused('file-refused', path, 'is no plain file (links are not followed).')
      total += facts.size
      if (total > MOST_BYTES)
        throw refused(
          'file-refused',
          folder,
          `holds more than ${sizeText(MOST_BYTES)}, the most of a plug-in.`,
        )
      if (files.length >= MOST_FILES)
        throw refused('file-refused', folder, `holds more than ${MOST_FILES} files, the most of a plug-in.`)
      files.push({ path: `${prefix}${name}`, bytes: readFileSync(path) })
    }
  }
  walk(folder, '', 0)
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    throw new CotrainError(
      {
        code: 'file-missing',
        path: folder,
        message: 'is no folder that can be read.',
        hint: 'Check the path.',
      },
      { cause: error },
    )
  }
}

function packageIn(text: string, path: string): PluginPackage {
  const given = parsedJson(text, path)
  const read = pluginPackage.safeParse(given)
  if (!read.success)
    throw new CotrainError(
      problemsOf(read.error, pluginPackage, given, '').map((problem) => ({
        ...problem,
        code: 'file-invalid' as const,
        path: `${path}: ${problem.path ?? ''}`,
        hint: 'See docs/guide/plugins.md for what a plug-in states.',
      })),
    )
  const { entries } = read.data.cotrain
  entries.forEach((entry, i) => {
    const [wrong] = wrongDefaults(entry)
    if (wrong !== undefined)
      throw refused(
        'file-invalid',
        `${path}: cotrain.entries.${i}.fields.${wrong}.default`,
        'is no value that this option takes.',
      )
    if (entries.findIndex(({ fn }) => fn === entry.fn) !== i)
      throw refused('file-invalid', `${path}: cotrain.entries.${i}.fn`, `"${entry.fn}" is there twice.`)
  })
  return read.data
}

function parsedJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw refused(
      'file-invalid',
      path,
      `is no JSON: ${error instanceof Error ? error.message : String(error)}.`,
    )
  }
}

const refused = (
  code: 'file-refused' | 'file-invalid' | 'file-missing',
  path: string,
  message: string,
): CotrainError =>
  new CotrainError({ code, path, message, hint: 'Mend the folder of the plug-in, then add it again.' })
