import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { unpacked } from '../../../../src-main/process/entries.ts'
import { findNode, nodeProgram } from '../../../../src-main/process/node-program.ts'
import { temporaryFolder } from '../../../support/temp-folder.ts'

const folder = temporaryFolder()

/** A program that says which Node it is. */
function program(name: string, version: string): string {
  const file = join(folder, name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `#!/bin/sh\necho v${version}\n`, { mode: 0o755 })
  return file
}

describe.skipIf(process.platform === 'win32')(
  'the Node of child processes (stands in as a shell script)',
  () => {
    const own = { file: program('electron', '24.16.0'), isElectron: true }
    const shipped = program('resources/node/node', '24.16.0')
    const configured = program('mine', '22.1.0')
    const resources = join(folder, 'resources')

    it('is this program where it is a Node', () => {
      const node = { ...own, isElectron: false }
      expect(findNode({ own: node, configured, resources })?.file).toBe(own.file)
    })

    it('is never Electron: the configured one, else the one shipped, else one on the PATH', () => {
      expect(findNode({ own, configured, resources })?.file).toBe(configured)
      expect(findNode({ own, configured: undefined, resources })?.file).toBe(shipped)
      expect(findNode({ own, configured: '', resources: join(folder, 'nowhere') })?.file).toBe('node')
    })

    it('is passed over where it is too old, no program, or not there', () => {
      for (const useless of [program('old', '20.18.3'), program('text', 'none'), join(folder, 'gone')])
        expect(findNode({ own, configured: useless, resources })?.file, useless).toBe(shipped)
    })

    it('is none where there is none', () => {
      const path = process.env['PATH']
      process.env['PATH'] = folder
      try {
        expect(findNode({ own, configured: undefined, resources: undefined })).toBeNull()
      } finally {
        process.env['PATH'] = path
      }
    })
  },
)

it('runs this test', () => {
  expect(nodeProgram()).toBe(process.execPath)
})

it('is asked for by whoever starts a Node: no other file names the program of this process', () => {
  const sources = join(import.meta.dirname, '../../../../src-main')
  const naming = readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .filter((name) => readFileSync(join(sources, name), 'utf8').includes('execPath'))
  expect(naming).toEqual([join('process', 'node-program.ts')])
})

it('gets files that lie beside the archive of a packed app', () => {
  expect(unpacked('/opt/CoTrain/resources/app.asar/out/main/worker.js')).toBe(
    '/opt/CoTrain/resources/app.asar.unpacked/out/main/worker.js',
  )
  expect(unpacked('/opt/CoTrain/resources/app.asar.unpacked/x')).toBe(
    '/opt/CoTrain/resources/app.asar.unpacked/x',
  )
})
