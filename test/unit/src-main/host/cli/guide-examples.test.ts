import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import type { Result } from '../../../../../src-shared/contract/contract.ts'
import { arrayMapping } from '../../../../../src-shared/schema/importer/array-mapping.ts'
import { commonFields } from '../../../../../src-shared/schema/importer/common-fields.ts'
import { IMPORTERS, IMAGE_SET_IMPORT } from '../../../../../src-shared/schema/importer/importers.ts'
import { writeCanonical } from '../../../../../src-main/io/canonical/write.ts'
import { findImporter } from '../../../../../src-main/io/importers/registry.ts'
import type { SandboxedImport } from '../../../../../src-main/io/importers/sandbox/sandbox.ts'
import { IMAGE_SET_KINDS } from '../../../../../src-main/io/images/sources/image-set.ts'
import { countsOf, imagesAt, recordingIn } from '../../../../support/guide/content.ts'
import {
  namedCommands,
  optionsOf,
  pages,
  shellLines,
  shownFiles,
  wordsOf,
} from '../../../../support/guide/examples.ts'
import type { MadeImages } from '../../../../support/guide/made-images.ts'
import type { MadeRecording } from '../../../../support/guide/made-recordings.ts'
import { PACKED_IMAGES } from '../../../../support/guide/packed-images.ts'
import { IMAGE_FOLDERS } from '../../../../support/guide/image-folders.ts'
import { IMAGES_WITH_RESPONSES } from '../../../../support/guide/images-with-responses.ts'
import { RECORDING_FILES } from '../../../../support/guide/recording-files.ts'
import { RECORDING_FOLDERS } from '../../../../support/guide/recording-folders.ts'
import { dataActions, runDataCommand } from '../../../../support/guide/run-command.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

// Files are read in this process: that they are read in one of their own is tested with the importers, and takes seconds each.
vi.mock('../../../../../src-main/io/importers/sandbox/sandbox.ts', () => ({
  importInSandbox: async ({ importer, path, options, output, created }: SandboxedImport) => {
    const set = await findImporter(importer).read(path, options, dirname(output))
    return writeCanonical(output, set, created)
  },
}))

/** Every command about data in the guides runs, through a shell and the command line, on a small set of its layout. */
const folder = temporaryFolder()
const MAKE = {
  ...IMAGE_FOLDERS,
  ...PACKED_IMAGES,
  ...RECORDING_FOLDERS,
  ...IMAGES_WITH_RESPONSES,
  ...RECORDING_FILES,
}

const examples = pages().flatMap((page) =>
  shellLines(page).map((line) => {
    const words = wordsOf(line, folder)
    const [, action = '', path = ''] = words
    return { page, line, words, action, path, options: optionsOf(words) }
  }),
)

const start = process.cwd()
beforeAll(() => {
  vi.stubEnv('COTRAIN_HOME', join(folder, 'home'))
  process.chdir(folder) // the examples are typed beside the data
  for (const [name, content] of shownFiles()) writeFileSync(join(folder, name), content)
})
afterAll(() => {
  process.chdir(start)
  vi.unstubAllEnvs()
})

const isRecording = (made: MadeImages | MadeRecording): made is MadeRecording => 'importer' in made

/** What a path of the guides stands for; written at its first use. */
const made = new Map<string, Promise<MadeImages | MadeRecording>>()
function make(path: string): Promise<MadeImages | MadeRecording> {
  const writing = made.get(path) ?? write(path)
  made.set(path, writing)
  return writing
}
async function write(path: string): Promise<MadeImages | MadeRecording> {
  const writeSet = MAKE[basename(path)]
  if (writeSet === undefined) throw new Error(`no test makes ${path}`)
  const place = resolve(folder, dirname(path))
  mkdirSync(place, { recursive: true })
  return writeSet(place)
}

async function answer<T>(words: readonly string[]): Promise<T> {
  const { code, out, err } = await runDataCommand(words)
  expect([code, err], words.join(' ')).toEqual([0, ''])
  return JSON.parse(out) as T
}

let exported = 0

/** The set that a command adds holds what was written. */
async function expectAdded(words: readonly string[], path: string, expected: MadeImages | MadeRecording) {
  const set = await answer<Result<'data.add'>>(words)
  if (!isRecording(expected)) {
    const found = await imagesAt(path, optionsOf(words), join(folder, 'cache'))
    expect(found).toEqual(expected)
    const counts = Object.entries(expected.parts).map(([part, text]) => [part, text.split(' ').length])
    expect(countsOf(set)).toEqual(Object.fromEntries(counts))
    return
  }
  const file = join(folder, `exported-${exported++}.h5`)
  await answer(['data', 'export', set.id, '--to', file])
  expect(await recordingIn(file, expected)).toEqual(expected)
}

test.each(examples)('$page: $line', async ({ words, action, path }) => {
  if (action === 'export') return void (await answer(words))
  const expected = await make(path === 'copy.h5' ? 'all.h5' : path)
  if (action === 'add') return expectAdded(words, path, expected)
  if (action === 'inspect') {
    const { tree } = await answer<Result<'data.inspect'>>(words)
    return expect((tree as { path: string }[]).map((array) => array.path).sort()).toEqual([
      'images',
      'responses',
      'shown',
    ])
  }
  expect(action).toBe('look')
  const { sessions, choices } = await answer<Result<'data.look'>>(words)
  expect(sessions.map(({ trials, images, tiers }) => [trials, images, tiers])).toEqual([
    [4, 2, [{ name: 'pool', trials: 4 }]],
  ])
  expect(choices.find(({ what }) => what === 'Image of each presentation')?.value).toContain('by name')
})

describe('the guide to data', () => {
  /** Layouts of its examples with their options. */
  const executed = async (): Promise<{ layout: string; options: string[] }[]> =>
    Promise.all(
      examples
        .filter(({ action, path }) => action === 'add' && path !== 'copy.h5')
        .map(async ({ path, options }) => {
          const set = await make(path)
          return { layout: isRecording(set) ? set.importer : set.kind, options: Object.keys(options) }
        }),
    )
  const optionsWith = async (isWanted: (layout: string) => boolean): Promise<Set<string>> =>
    new Set((await executed()).flatMap(({ layout, options }) => (isWanted(layout) ? options : [])))
  const missing = (wanted: readonly string[], found: ReadonlySet<string>): string[] =>
    wanted.filter((name) => !found.has(name))

  test('has an example of every layout', async () => {
    const layouts = new Set((await executed()).map(({ layout }) => layout))
    expect(missing([...IMAGE_SET_KINDS, ...Object.keys(IMPORTERS)], layouts)).toEqual([])
  })

  test('has an example of every option of every layout', async () => {
    const common = Object.keys(commonFields)
    expect(missing(common, await optionsWith((layout) => layout in IMPORTERS))).toEqual([])
    expect(
      missing(
        Object.keys(IMAGE_SET_IMPORT.schema.shape),
        await optionsWith((layout) => !(layout in IMPORTERS)),
      ),
    ).toEqual([])
    for (const [kind, { schema }] of Object.entries(IMPORTERS)) {
      const own = Object.keys(schema.shape).filter((name) => !common.includes(name))
      expect(missing(own, await optionsWith((layout) => layout === kind)), kind).toEqual([])
    }
  })

  test('shows a mapping with every field', () => {
    const fields = propertiesIn(z.toJSONSchema(arrayMapping, { io: 'input' }))
    expect(fields).toContain('unitAreas')
    expect(missing(fields, new Set([...shownFiles().values()].flatMap(keysIn)))).toEqual([])
  })
})

/** Names of the fields of a schema, at any depth. */
function propertiesIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([key, value]) =>
    key === 'properties'
      ? Object.entries(value as object).flatMap(([name, inner]) => [name, ...propertiesIn(inner)])
      : propertiesIn(value),
  )
}

const keysIn = (json: string): string[] => [...json.matchAll(/"(\w+)":/g)].map(([, key = '']) => key)

describe('commands in the running text', () => {
  const commands = [...new Set(pages().flatMap(namedCommands))].map((command) => command.replace(/^npx /, ''))
  const places: Record<string, string> = {
    '<set>': 'animals',
    '<folder>': 'animals',
    '<folder or file>': 'animals',
  }
  test.each(commands)('%s', async (command) => {
    await make('animals')
    const set = await answer<Result<'data.add'>>(['data', 'add', 'animals'])
    const [, action = '', ...rest] = wordsOf(
      command.replace(/<fingerprint>/g, set.id).replace(/<[a-z ]+>/g, (place) => places[place] ?? place),
      folder,
    )
    expect(dataActions()).toContain(action)
    if (rest.length === 0) return
    if (action === 'restore') await answer(['data', 'remove', set.id, '--yes'])
    expect(await runDataCommand(['data', action, ...rest])).toMatchObject({ code: 0, err: '' })
  })
})
