import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Gpu } from '../../../../../../src-shared/contract/doctor.ts'
import type { EngineWish } from '../../../../../../src-shared/contract/engine-wish.ts'
import { chooseEngine } from '../../../../../../src-main/io/native/setup/engine-choice.ts'

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

interface Row {
  readonly platform: string
  readonly found: string
  readonly gpus: readonly Gpu[]
  readonly wish: EngineWish
  readonly routes: readonly string[]
  readonly fetched: string
  readonly why: RegExp
}

const row = (
  platform: string,
  [found, gpus]: readonly [string, readonly Gpu[]],
  wish: EngineWish,
  routes: string,
  fetched: string,
  why: RegExp,
): Row => ({ platform, found, gpus, wish, routes: routes.split(' '), fetched, why })

const NONE = ['no card', []] as const
const SERVED = ['an A100', A100] as const
const TWO = ['two A100', [...A100, ...A100]] as const

const TABLE: readonly Row[] = [
  row('linux-x64', NONE, 'auto', 'configured python wheel', 'tensorflow-cpu', /no NVIDIA card/),
  row('linux-x64', SERVED, 'auto', 'configured python cuda wheel', 'tensorflow', /^The NVIDIA A100 computes/),
  row('linux-x64', TWO, 'auto', 'configured python cuda wheel', 'tensorflow', /^One of 2 cards/),
  row(
    'linux-x64',
    ['a card of unknown capability', UNKNOWN],
    'auto',
    'configured python cuda wheel',
    'tensorflow',
    /computes/,
  ),
  row('linux-x64', SERVED, 'gpu', 'configured python cuda', 'tensorflow', /computes/),
  row('linux-x64', SERVED, 'cpu', 'configured python wheel', 'tensorflow-cpu', /was asked for/),
  row(
    'linux-x64',
    ['a Maxwell card', MAXWELL],
    'auto',
    'configured python wheel',
    'tensorflow-cpu',
    /5\.2\) is older.*2\.17/,
  ),
  row(
    'linux-x64',
    ['an old driver', OLD_DRIVER],
    'auto',
    'configured python wheel',
    'tensorflow-cpu',
    /470\.82\.01 .*525\.60\.13/,
  ),
  row('linux-x64', ['a Maxwell card', MAXWELL], 'gpu', 'configured python', 'nothing', /2\.17/),
  row('linux-x64', NONE, 'gpu', 'configured python', 'nothing', /no NVIDIA card/),
  row('linux-x64', SERVED, 'official', 'official', 'nothing', /was asked for/),
  row('linux-arm64', NONE, 'auto', 'configured python wheel', 'tensorflow-cpu', /no NVIDIA card/),
  row(
    'linux-arm64',
    SERVED,
    'auto',
    'configured python wheel',
    'tensorflow-cpu',
    /published for linux-arm64/,
  ),
  row('darwin-arm64', NONE, 'auto', 'configured python wheel', 'tensorflow-cpu', /no NVIDIA card/),
  row('darwin-x64', NONE, 'auto', 'configured python official', 'nothing', /no NVIDIA card/),
  row('win32-x64', NONE, 'auto', 'configured python official', 'nothing', /no NVIDIA card/),
  row('win32-x64', SERVED, 'auto', 'configured python official', 'nothing', /WSL2/),
]

describe('the engine for a machine', () => {
  it.each(TABLE)('$platform with $found, wish $wish: $routes', ({ platform, gpus, wish, ...expected }) => {
    const choice = chooseEngine({ platform, gpus }, wish)
    expect(choice.routes).toEqual(expected.routes)
    expect(choice.release?.project ?? 'nothing').toBe(expected.fetched)
    expect(choice.why).toMatch(expected.why)
    expect(choice.needsGpu).toBe(choice.routes.includes('cuda') || wish === 'gpu')
  })

  it('stands in the guide row by row', () => {
    const guide = readFileSync(join(import.meta.dirname, '../../../../../../docs/guide/engine.md'), 'utf8')
    for (const { platform, found, wish, routes } of TABLE)
      expect(guide).toMatch(
        new RegExp(`^\\| ${platform} +\\| ${found} +\\| ${wish} +\\| ${routes.join(', ')} +\\|`, 'm'),
      )
  })

  it('compares drivers as numbers', () => {
    const at = (driver: string) =>
      chooseEngine({ platform: 'linux-x64', gpus: [card({ driver })] }, 'auto').needsGpu
    expect(['525.60.13', '525.60.14', '530.1', '1000.0', ''].map(at)).toEqual([true, true, true, true, true])
    expect(['525.60.12', '525.60', '525.9.1', '99.9'].map(at)).toEqual([false, false, false, false])
  })

  it('takes one card that is served among others', () => {
    const { needsGpu } = chooseEngine({ platform: 'linux-x64', gpus: [...MAXWELL, ...A100] }, 'auto')
    expect(needsGpu).toBe(true)
  })
})
