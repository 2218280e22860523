import { describe, expect, it } from 'vitest'
import type { RunEnvironment, RunSegment } from '../../../../src-shared/contract/run.ts'
import { computedWith, mixedEngines, segmentChanges } from '../../../../src-shared/contract/segments.ts'

const environment = (changes: Partial<RunEnvironment> = {}): RunEnvironment => ({
  app: '1.0.0',
  node: 'v20.0.0',
  backend: 'native',
  backendReason: 'found',
  tensorflow: '2.15.0',
  gpu: false,
  device: 'CPU:0',
  cpu: 'AMD EPYC',
  threads: 2,
  os: 'linux 6',
  memoryBytes: 1,
  nondeterministic: [],
  ...changes,
})
const run = (...environments: RunEnvironment[]): RunSegment[] =>
  environments.map((e, i) => ({ segment: i + 1, at: 100 * i, environment: e }))

describe('segments of a run', () => {
  it('say in words what a process computed with', () => {
    expect(computedWith(environment({ setting: 'ONEDNN_MAX_CPU_ISA=AVX2' }))).toBe(
      'TensorFlow 2.15.0 with ONEDNN_MAX_CPU_ISA=AVX2 on AMD EPYC, 2 threads',
    )
    const card = { backend: 'webgpu', tensorflow: null, gpu: true, device: 'Radeon', threads: 1 } as const
    expect(computedWith(environment(card))).toBe('WebGPU on Radeon, AMD EPYC, 1 thread')
  })

  it('show where a run went on with other threads, another processor or another engine, and nowhere else', () => {
    const other = environment({ backend: 'wasm', tensorflow: null, threads: 1 })
    const newer = environment({ app: '1.1.0', node: 'v22.0.0' })
    expect(segmentChanges(run(environment(), newer, environment({ threads: 1 }), other))).toEqual([
      { segment: 3, at: 200, text: '1 thread instead of 2 threads' },
      {
        segment: 4,
        at: 300,
        text: 'embedded engine on AMD EPYC instead of TensorFlow 2.15.0 on AMD EPYC',
      },
    ])
  })

  it('tell the engines and processors of several runs, where they are not all the same', () => {
    const same = [run(environment()), run(environment({ threads: 8 }))]
    expect(mixedEngines(same)).toEqual([])
    expect(mixedEngines([...same, run(environment({ cpu: 'Intel Xeon' })), []])).toEqual([
      'TensorFlow 2.15.0 on AMD EPYC',
      'TensorFlow 2.15.0 on Intel Xeon',
    ])
  })
})
