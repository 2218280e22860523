import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** Runs the layer rules of the project on made-up files. */
function violations(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const config = join(root, '.dependency-cruiser.cjs')
  const run = spawnSync(process.execPath, [program, '--config', config, 'src-main', 'src-shared'], {
    cwd: folder,
    encoding: 'utf8',
  })
  return run.status === 0 ? '' : run.stdout + run.stderr
}

describe('the import table', () => {
  let folder = ''

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cotrain-layers-'))
    copyFileSync(join(root, 'tsconfig.base.json'), join(folder, 'tsconfig.base.json'))
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    mkdirSync(join(folder, 'src-shared'))
    mkdirSync(join(folder, 'src-main'))
  })

  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('allows what flows one way', () => {
    const files = {
      'src-shared/a.ts': 'export const a = 1\n',
      'src-main/engine/tensor/b.ts': "import { a } from '../../../src-shared/a.ts'\nexport const b = a\n",
      'src-main/engine/model/c.ts': "import { b } from '../tensor/b.ts'\nexport const c = b\n",
    }
    expect(violations(folder, files)).toBe('')
  })

  it('refuses the file system in the engine', () => {
    const files = {
      'src-main/engine/data/a.ts': "import { readFileSync } from 'node:fs'\nexport const a = readFileSync\n",
    }
    expect(violations(folder, files)).toContain('engine-is-pure')
  })

  it('refuses an import that points back, types included', () => {
    const files = {
      'src-main/engine/loss/a.ts': "import type { M } from '../model/m.ts'\nexport type A = M\n",
      'src-main/engine/model/m.ts': 'export type M = number\n',
    }
    expect(violations(folder, files)).toContain('engine-loss-layer')
  })

  it('refuses a store that knows the engine', () => {
    const files = {
      'src-main/store/a.ts': "import { b } from '../engine/b.ts'\nexport const a = b\n",
      'src-main/engine/b.ts': 'export const b = 1\n',
    }
    expect(violations(folder, files)).toContain('store-layer')
  })

  it('refuses an arrow upwards between the rooms of a folder', () => {
    const files = {
      'src-main/runs/queue/a.ts': "import { b } from '../create/b.ts'\nexport const a = b\n",
      'src-main/runs/create/b.ts': 'export const b = 1\n',
    }
    expect(violations(folder, files)).toContain('src-main-runs-queue-floor')
  })
})
