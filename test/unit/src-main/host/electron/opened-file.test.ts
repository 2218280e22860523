import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fileOfArguments, openedFile } from '../../../../../src-main/host/electron/opened-file.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const folder = temporaryFolder()
const config = { kind: 'config', path: join(folder, 'Größe 1.cotrain.yaml') }
const network = { kind: 'package', path: join(folder, 'V1 network.cotrain') }
for (const { path } of [config, network]) writeFileSync(path, 'name: a\n')
for (const name of ['other.yaml', '.cotrain']) writeFileSync(join(folder, name), 'name: a\n')
for (const name of ['folder.cotrain.yaml', 'folder.cotrain']) mkdirSync(join(folder, name))

describe('a file that the system asks to open', () => {
  it('is a config or a package by its name, from wherever the program was started', () => {
    expect(openedFile(config.path, '/')).toEqual(config)
    expect(openedFile('Größe 1.cotrain.yaml', folder)).toEqual(config)
    expect(openedFile(network.path, '/')).toEqual(network)
    expect(fileOfArguments(['--flag', 'V1 network.cotrain', 'other.yaml'], folder)).toEqual(network)
    expect(fileOfArguments(['Größe 1.cotrain.yaml', 'V1 network.cotrain'], folder)).toEqual(config)
  })

  it.each([
    'other.yaml',
    'folder.cotrain.yaml',
    'folder.cotrain',
    '.cotrain',
    'absent.cotrain.yaml',
    'absent.cotrain',
    '',
    '--cotrain.yaml',
    'cotrain://runs/abc',
  ])('is not %j', (name) => {
    expect(openedFile(name, folder)).toBeNull()
  })
})
