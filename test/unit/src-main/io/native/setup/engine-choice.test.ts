import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Adapter } from '../../../../../../src-shared/contract/adapter.ts'
import type { Gpu } from '../../../../../../src-shared/contract/doctor.ts'
import type { EngineWish } from '../../../../../../src-shared/contract/engine-wish.ts'
import type { Machine } from '../../../../../../src-main/io/native/setup/engine-choice.ts'
import { chooseEngine } from '../../../../../../src-main/io/native/setup/engine-choice.ts'
import type { WebGpuTrial } from '../../../../../../src-main/io/native/setup/webgpu-choice.ts'

const card = (given: Partial<Gpu> = {}): Gpu => ({
  uuid: 'GPU-1',
  name: 'NVIDIA A100',
  memoryBytes: 80 * 2 ** 30,
  freeBytes: 79 * 2 ** 30,
  driver: '550.54.15',
  computeCapability: '8.0',
  isPartitioned: false,
  instances: [],
  ...given,
})
const A100 = [card()]
const MAXWELL = [card({ name: 'Quadro M4000', computeCapability: '5.2' })]
const OLD_DRIVER = [card({ driver: '470.82.01' })]
/** Told by /proc alone: neither memory nor capability. */
const UNKNOWN = [card({ memoryBytes: null, freeBytes: null, computeCapability: null })]

const ADA = [card({ name: 'NVIDIA RTX 4090', driver: '536.99', computeCapability: '8.9' })]
const HOPPER = [card({ name: 'NVIDIA H100', driver: '551.61', computeCapability: '9.0' })]
const OLD_ON_WINDOWS = [card({ driver: '452.06' })]
const RADEON: Adapter = { vendor: 'AMD', name: 'AMD Radeon RX 7900 XTX', memoryBytes: null }
const M2: Adapter = { vendor: 'Apple', name: 'Apple M2', memoryBytes: null }

interface Row {
  readonly machine: Machine
  readonly found: string
  readonly wish: EngineWish
  readonly routes: readonly string[]
  readonly fetched: string
  readonly webgpu: 'default' | 'when asked'
  readonly why: RegExp
}

type Found = readonly [name: string, found: Partial<Machine>]

const row = (
  platform: string,
  [found, machine]: Found,
  wish: EngineWish,
  routes: string,
  fetched: string,
  why: RegExp,
): Row => ({
  machine: { platform, gpus: [], ...machine },
  ...{ found, wish, routes: routes.split(' ').filter(Boolean), fetched, why },
  webgpu: why.source.includes('WebGPU computes') ? 'default' : 'when asked',
})

const NONE: Found = ['no card', {}]
const SERVED: Found = ['an A100', { gpus: A100 }]
const TWO: Found = ['two A100', { gpus: [...A100, ...A100] }]
const BLIND: Found = ['a card of unknown capability', { gpus: UNKNOWN }]
const OLD: Found = ['a Maxwell card', { gpus: MAXWELL }]
const RTX: Found = ['an RTX 4090 (Ada)', { gpus: ADA }]
const H100: Found = ['an H100 (Hopper)', { gpus: HOPPER }]

const right: WebGpuTrial = {
  adapter: 'Radeon RX 7900 XTX (RADV)',
  isSoftware: false,
  problem: null,
  stepMs: 20,
  cpuStepMs: 90,
}
const AMD: Found = ['an AMD card', { adapters: [RADEON] }]
const FASTER: Found = ['an AMD card, faster in a step', { adapters: [RADEON], webgpu: right }]
const SLOWER: Found = [
  'an AMD card, slower in a step',
  { adapters: [RADEON], webgpu: { ...right, stepMs: 95 } },
]
const WRONG: Found = [
  'an AMD card that computes wrong',
  { adapters: [RADEON], webgpu: { ...right, problem: 'Conv2D at x [15,9,9,1]' } },
]
const program: WebGpuTrial = {
  ...{ adapter: 'SwiftShader driver 5.0.0', isSoftware: true, problem: null },
  ...{ stepMs: null, cpuStepMs: null },
}
const PROGRAM: Found = ['a software driver', { webgpu: program }]
const TRIED: Found = ['a software driver that was tried', { webgpu: { ...program, cpuStepMs: 90 } }]
const BROKEN: Found = [
  'an AMD card whose step fails',
  { adapters: [RADEON], webgpu: { ...right, problem: 'a step failed' } },
]
const SLOW: Found = [
  'an AMD card, no step in time',
  { adapters: [RADEON], webgpu: { ...right, stepMs: null } },
]
const APPLE: Found = ['an Apple GPU', { adapters: [M2] }]
const NEWER_FASTER: Found = ['an H100 (Hopper), faster in a step', { gpus: HOPPER, webgpu: right }]

const CPU = 'configured python wheel'
const CUDA = 'configured python cuda wheel'
const CUDA_11 = 'configured python cuda11 official'
const OFFICIAL = 'configured python official'
const HERE = 'configured python'

const TABLE: readonly Row[] = [
  row('linux-x64', NONE, 'auto', CPU, 'tensorflow-cpu', /no NVIDIA card/),
  row('linux-x64', SERVED, 'auto', CUDA, 'tensorflow', /^The NVIDIA A100 computes/),
  row('linux-x64', TWO, 'auto', CUDA, 'tensorflow', /^One of 2 cards/),
  row('linux-x64', BLIND, 'auto', CUDA, 'tensorflow', /computes/),
  row('linux-x64', SERVED, 'gpu', 'configured python cuda', 'tensorflow', /computes/),
  row('linux-x64', SERVED, 'cpu', CPU, 'tensorflow-cpu', /was asked for/),
  row('linux-x64', OLD, 'auto', CPU, 'tensorflow-cpu', /5\.2\) is older.*2\.17/),
  row(
    'linux-x64',
    ['an old driver', { gpus: OLD_DRIVER }],
    'auto',
    CPU,
    'tensorflow-cpu',
    /470\.82\.01 .*525\.60\.13/,
  ),
  row('linux-x64', OLD, 'gpu', HERE, 'nothing', /2\.17/),
  row('linux-x64', NONE, 'gpu', HERE, 'nothing', /no NVIDIA card/),
  row('linux-x64', SERVED, 'official', 'official', 'nothing', /was asked for/),
  row('linux-x64', AMD, 'auto', CPU, 'tensorflow-cpu', /\(but AMD Radeon.*COTRAIN_ENGINE=webgpu/),
  row('linux-x64', FASTER, 'auto', CPU, 'tensorflow-cpu', /WebGPU computes on Radeon.*20 ms, 90 ms/),
  row('linux-x64', FASTER, 'cpu', CPU, 'tensorflow-cpu', /another engine was asked for/),
  row('linux-x64', SLOWER, 'auto', CPU, 'tensorflow-cpu', /not used: a step takes 95 ms, 90 ms/),
  row('linux-x64', SLOWER, 'gpu', HERE, 'nothing', /WebGPU computes on .* as a card was asked for/),
  row('linux-x64', WRONG, 'auto', CPU, 'tensorflow-cpu', /does not compute right on Radeon.*Conv2D/),
  row('linux-x64', PROGRAM, 'auto', CPU, 'tensorflow-cpu', /program that computes on the processor/),
  row('linux-x64', PROGRAM, 'gpu', HERE, 'nothing', /program that computes on the processor/),
  row('linux-x64', TRIED, 'auto', CPU, 'tensorflow-cpu', /SwiftShader.*too long to be timed, 90 ms on the/),
  row('linux-x64', TRIED, 'webgpu', '', 'nothing', /WebGPU computes on SwiftShader.*as it was asked for/),
  row('linux-x64', FASTER, 'webgpu', '', 'nothing', /WebGPU computes on .*as it was asked for/),
  row('linux-x64', WRONG, 'webgpu', '', 'nothing', /does not compute right/),
  row('linux-x64', NONE, 'webgpu', '', 'nothing', /was not tried/),
  row('linux-x64', BROKEN, 'gpu', HERE, 'nothing', /a step failed/),
  row('linux-x64', SLOW, 'auto', CPU, 'tensorflow-cpu', /not used: a step takes too long to be timed, 90 ms/),
  row('linux-arm64', NONE, 'auto', CPU, 'tensorflow-cpu', /no NVIDIA card/),
  row('linux-arm64', SERVED, 'auto', CPU, 'tensorflow-cpu', /published for linux-arm64/),
  row('darwin-arm64', NONE, 'auto', CPU, 'tensorflow-cpu', /no NVIDIA card/),
  row('darwin-arm64', APPLE, 'auto', CPU, 'tensorflow-cpu', /\(but Apple M2\)/),
  row('darwin-x64', NONE, 'auto', OFFICIAL, 'nothing', /no NVIDIA card/),
  row('win32-x64', NONE, 'auto', OFFICIAL, 'nothing', /no NVIDIA card/),
  row('win32-x64', AMD, 'auto', OFFICIAL, 'nothing', /\(but AMD Radeon/),
  row('win32-x64', FASTER, 'auto', OFFICIAL, 'nothing', /WebGPU computes/),
  row(
    'win32-x64',
    SERVED,
    'auto',
    CUDA_11,
    'tensorflow',
    /2\.9\.1 with the libraries of CUDA 11.*WSL2 is faster/,
  ),
  row('win32-x64', RTX, 'auto', CUDA_11, 'tensorflow', /RTX 4090 computes/),
  row('win32-x64', BLIND, 'auto', CUDA_11, 'tensorflow', /computes/),
  row('win32-x64', RTX, 'gpu', 'configured python cuda11', 'tensorflow', /computes/),
  row('win32-x64', RTX, 'cpu', OFFICIAL, 'nothing', /processor was asked for/),
  row('win32-x64', H100, 'auto', OFFICIAL, 'nothing', /9\.0\) is newer .*2\.9\.1 serves \(8\.9\): use WSL2/),
  row('win32-x64', NEWER_FASTER, 'auto', OFFICIAL, 'nothing', /use WSL2.*WebGPU computes/),
  row(
    'win32-x64',
    ['an old driver', { gpus: OLD_ON_WINDOWS }],
    'auto',
    OFFICIAL,
    'nothing',
    /452\.06 .*CUDA 11 needs \(452\.39\)/,
  ),
]

describe('the engine for a machine', () => {
  it.each(TABLE)('$machine.platform with $found, wish $wish: $routes', ({ machine, wish, ...expected }) => {
    const choice = chooseEngine(machine, wish)
    expect(choice.webgpu.isDefault ? 'default' : 'when asked').toBe(expected.webgpu)
    expect(choice.routes).toEqual(expected.routes)
    expect(choice.release?.project ?? 'nothing').toBe(expected.fetched)
    expect(choice.why).toMatch(expected.why)
    expect(choice.needsGpu).toBe(/cuda/.test(choice.routes.join()) || wish === 'gpu')
  })

  it('stands in the guide row by row', () => {
    const guide = readFileSync(join(import.meta.dirname, '../../../../../../docs/guide/engine.md'), 'utf8')
    const rows = guide.split('\n').map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .join('|'),
    )
    for (const { machine, found, wish, routes, webgpu } of TABLE) {
      const start = `|${machine.platform}|${found}|${wish}|${routes.join(', ')}|${webgpu}|`
      expect(rows.filter((line) => line.startsWith(start))).toHaveLength(1)
    }
  })

  it('compares drivers as numbers', () => {
    const at = (driver: string) =>
      chooseEngine({ platform: 'linux-x64', gpus: [card({ driver })] }, 'auto').needsGpu
    expect(['525.60.13', '525.60.14', '530.1', '1000.0', ''].map(at)).toEqual([true, true, true, true, true])
    expect(['525.60.12', '525.60', '525.9.1', '99.9'].map(at)).toEqual([false, false, false, false])
  })

  it('leaves the card to the library where that serves it, whatever WebGPU can do', () => {
    const machine = { platform: 'linux-x64', gpus: A100, webgpu: right }
    expect(chooseEngine(machine, 'auto').webgpu.isDefault).toBe(false)
  })

  it('takes a step that was not timed for no reason', () => {
    for (const stepMs of [0, NaN, 90])
      expect(
        chooseEngine({ platform: 'linux-x64', gpus: [], webgpu: { ...right, stepMs } }, 'auto').webgpu
          .isDefault,
      ).toBe(false)
  })

  it('takes one card that is served among others', () => {
    const { needsGpu } = chooseEngine({ platform: 'linux-x64', gpus: [...MAXWELL, ...A100] }, 'auto')
    expect(needsGpu).toBe(true)
  })
})
