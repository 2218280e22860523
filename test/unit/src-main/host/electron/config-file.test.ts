import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { configOfArguments, openedConfig } from '../../../../../src-main/host/electron/config-file.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const folder = temporaryFolder()
const path = join(folder, 'Größe 1.cotrain.yaml')
writeFileSync(path, 'name: a\n')
writeFileSync(join(folder, 'other.yaml'), 'name: a\n')
mkdirSync(join(folder, 'folder.cotrain.yaml'))

describe('a config that the system asks to open', () => {
  it('is a file of that name, from wherever the program was started', () => {
    expect(openedConfig(path, '/')).toBe(path)
    expect(openedConfig('Größe 1.cotrain.yaml', folder)).toBe(path)
    expect(configOfArguments(['--flag', 'Größe 1.cotrain.yaml', 'other.yaml'], folder)).toBe(path)
  })

  it.each([
    'other.yaml',
    'folder.cotrain.yaml',
    'absent.cotrain.yaml',
    '',
    '--cotrain.yaml',
    'cotrain://runs/abc',
  ])('is not %j', (name) => {
    expect(openedConfig(name, folder)).toBeNull()
  })
})
