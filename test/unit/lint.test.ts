import { ESLint } from 'eslint'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../support/temp-folder.ts'

const root = join(import.meta.dirname, '../..')

/**
 * Rules broken by a text that stands in place of a source file. Where CI is set, the parser takes it that every file is linted
 * once and as it lies on the disk, so that it would not see the text.
 */
async function broken(text: string): Promise<(string | null)[]> {
  const eslint = new ESLint({
    cwd: root,
    overrideConfig: { languageOptions: { parserOptions: { disallowAutomaticSingleRunInference: true } } },
  })
  const [result] = await eslint.lintText(text, { filePath: 'src-main/process/entries.ts' })
  return [...new Set(result!.messages.map(({ ruleId }) => ruleId))]
}

const lines = (count: number): string => Array.from({ length: count }, () => '  a++').join('\n')
const body = (count: number): string =>
  `export function f(): number {\n  let a = 0\n${lines(count)}\n  return a\n}\n`

it('the linter refuses what nobody waits for, long functions, needless assertions, raw metric keys, digests by hand, two ways to index', async () => {
  const planted = [
    'const work = async (): Promise<void> => await Promise.resolve()',
    'export function start(values: readonly number[]): number {',
    '  work()',
    '  const text: string = "a"',
    '  return (values[0] as number) + (text as string).length',
    '}',
    "import { createHash } from 'node:crypto'",
    "export const digest = createHash('sha256')",
    "export const key = 'FinalTest/v1/eval'",
    'export const own = (task: string): string => `Validation/${task}/eval`',
    body(57),
  ].join('\n')
  expect((await broken(planted)).sort()).toEqual([
    '@typescript-eslint/no-floating-promises',
    '@typescript-eslint/no-unnecessary-type-assertion',
    '@typescript-eslint/non-nullable-type-assertion-style',
    'max-lines-per-function',
    'no-restricted-imports',
    'no-restricted-syntax',
  ])
  expect(await broken(body(56))).toEqual([])
})

it('the linter refuses places of a home and files of a run that are spelled by hand', async () => {
  const planted = (path: string): string =>
    `import { join } from 'node:path'
    export const at = (home: string, deps: { home: string }, folder: string): string =>
      [home, deps.home, folder, ${path}].join()
    `
  for (const path of ["join(home, 'runs')", "join(deps.home, 'cache')", "join(folder, 'run.json')"])
    expect(await broken(planted(path)), path).toEqual(['no-restricted-syntax'])
  expect(await broken(planted("join(folder, 'other.json')"))).toEqual([])
})

/** A program of two files with this repository's rules for what is used; says what the rules named by `flags` find. */
function planted() {
  const folder = temporaryFolder()
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  write('package.json', JSON.stringify({ name: 'planted', type: 'module' }))
  copyFileSync(join(root, 'knip.jsonc'), join(folder, 'knip.jsonc'))
  copyFileSync(join(root, 'tsconfig.base.json'), join(folder, 'tsconfig.json'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  write('src-main/host/cli/cli.ts', "import { used } from '../../store/used.ts'\nconsole.log(used)\n")
  write('src-main/store/used.ts', 'export const used = 1\n')
  const unused = (...flags: string[]): string =>
    spawnSync(process.execPath, [join(root, 'node_modules/knip/bin/knip.js'), ...flags], {
      cwd: folder,
      encoding: 'utf8',
    }).stdout
  return { write, unused }
}

it('the linter refuses a module that no program reaches', () => {
  const { write, unused } = planted()
  const unreached = (): string => unused('--production', '--include', 'files')
  expect(unreached()).not.toContain('.ts')
  write('src-main/store/lonely.ts', 'export const lonely = 1\n')
  expect(unreached()).toContain('src-main/store/lonely.ts')
})

it('the linter refuses an export that neither code nor tests use', () => {
  const { write, unused } = planted()
  const flags = ['--include', 'exports,types']
  const exported = 'export const used = 1\nexport const own = 2\nexport type Own = typeof own\n'
  write('src-main/store/used.ts', exported)
  expect(unused(...flags)).toMatch(/own .*src-main\/store\/used\.ts:2[^]*Own .*src-main\/store\/used\.ts:3/)
  const both =
    "import type { Own } from '../../src-main/store/used.ts'\nimport { own } from '../../src-main/store/used.ts'\n"
  write('test/unit/used.test.ts', `${both}export const tested: Own = own\n`)
  expect(unused(...flags)).not.toContain('src-main/store/used.ts')
})
