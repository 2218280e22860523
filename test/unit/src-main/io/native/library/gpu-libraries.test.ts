import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gpuLibraries } from '../../../../../../src-main/io/native/library/gpu-libraries.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'

const folder = temporaryFolder()
writeFileSync(join(folder, 'libcudnn.so.9'), '')

describe('libraries for a GPU', () => {
  const look = (version: string, system = 'linux') => gpuLibraries(version, [folder], { system, usual: [] })
  const fileOf = (version: string, name: string) => look(version).find((l) => l.name === name)?.file

  it('are named as this TensorFlow asks for them', () => {
    expect(fileOf('2.21.0', 'cuDNN')).toBe('libcudnn.so.9')
    expect(fileOf('2.18.0', 'CUDA run time')).toBe('libcudart.so.12')
    expect([fileOf('2.16.1', 'CUDA run time'), fileOf('2.16.1', 'cuDNN')]).toEqual([
      'libcudart.so.12',
      'libcudnn.so.8',
    ])
    expect(fileOf('2.9.1', 'cuDNN')).toBe('libcudnn.so.8')
    expect(fileOf('2.9.1', 'CUDA run time')).toBe('libcudart.so.11.0')
  })

  it('are found in the folders of the engine, or missing by name', () => {
    const found = look('2.21.0')
    expect(found.find((l) => l.name === 'cuDNN')?.path).toBe(join(folder, 'libcudnn.so.9'))
    expect(found.find((l) => l.name === 'cuBLAS')).toEqual({
      name: 'cuBLAS',
      file: 'libcublas.so.12',
      path: null,
    })
  })

  it('are not looked for where names differ', () => {
    expect(look('2.21.0', 'darwin')).toEqual([])
  })

  it('are those of CUDA 11 on Windows, with what cuDNN opens itself', () => {
    const files = look('2.9.1', 'win32').map(({ file }) => file)
    expect(files).toEqual(
      expect.arrayContaining(['nvcuda.dll', 'cudart64_110.dll', 'cudnn64_8.dll', 'zlibwapi.dll']),
    )
    expect(files.filter((file) => !file.endsWith('.dll'))).toEqual([])
  })
})
