import { describe, expect, it } from 'vitest'
import { newestFor, requirementsOf } from '../../../../../../src-main/io/native/setup/requirements.ts'

/** Lines of the metadata of tensorflow_cpu 2.21.0 as published. */
const METADATA = `Metadata-Version: 2.4
Name: tensorflow_cpu
Version: 2.21.0
Requires-Dist: absl-py>=1.0.0
Requires-Dist: ml_dtypes<1.0.0,>=0.5.1
Provides-Extra: and-cuda
Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"
Requires-Dist: nvidia-nccl-cu12<3.0,>=2.27.7; extra == "and-cuda"
Provides-Extra: gcs-filesystem
Requires-Dist: tensorflow-io-gcs-filesystem>=0.23.1; (sys_platform != "win32") and extra == "gcs-filesystem"

Requires-Dist: prose of the description>=1; extra == "other"
`

describe('the packages that a wheel asks for', () => {
  it('are those of one extra', () => {
    expect(requirementsOf(METADATA, 'and-cuda')).toEqual([
      { project: 'nvidia-cublas-cu12', specifier: '<13.0,>=12.5.3.2' },
      { project: 'nvidia-nccl-cu12', specifier: '<3.0,>=2.27.7' },
    ])
    expect(requirementsOf(METADATA, 'gcs-filesystem')).toEqual([])
    expect(requirementsOf('', 'and-cuda')).toEqual([])
  })

  it('are read in the older spelling too, with names as an index spells them', () => {
    const line = `Requires-Dist: Nvidia_CuDNN.cu12 (==9.1.0.70) ; extra == 'and-cuda'\r\n`
    expect(requirementsOf(line, 'and-cuda')).toEqual([
      { project: 'nvidia-cudnn-cu12', specifier: '==9.1.0.70' },
    ])
  })
})

describe('the newest version that serves', () => {
  const newest = (versions: string[], specifier: string) => newestFor(versions, { project: 'x', specifier })

  it('is compared by numbers, within the limits', () => {
    const versions = ['12.5.3.2', '12.9.1.4', '12.10.0.1', '13.0.0.1', '12.5.3.1']
    expect(newest(versions, '<13.0,>=12.5.3.2')).toBe('12.10.0.1')
    expect(newest(versions, '<12.9,>=12.5.3.2')).toBe('12.5.3.2')
    expect(newest(versions, '==12.5.3.1')).toBe('12.5.3.1')
  })

  it('is no trial version, and null where none serves', () => {
    expect(newest(['2.28.0rc1', '2.27.7'], '>=2.27.7')).toBe('2.27.7')
    expect(newest(['2.26.0'], '>=2.27.7')).toBeNull()
    expect(newest([], '>=1')).toBeNull()
  })
})
