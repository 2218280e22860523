import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EngineHere } from '../../../../../src-main/runs/workers/engine-here.ts'
import { engineLoaded } from '../../../../../src-main/runs/workers/engine-here.ts'
import { engineNotes, engineProblems } from '../../../../../src-main/runs/workers/engine-limits.ts'
import type { BackendFacts } from '../../../../../src-main/runs/workers/engine-parts.ts'
import { environmentOf } from '../../../../../src-main/runs/workers/environment.ts'
import { askedNumbers, precisionVariables } from '../../../../../src-main/runs/workers/precision-variables.ts'
import { setVariables } from '../../../../../src-main/io/native/library/engine-environment.ts'
import type { EngineProof, SwitchedOff } from '../../../../../src-shared/contract/engine-proof.ts'
import type { PlainConfig } from '../../../../../src-shared/schema/component.ts'
import { resolvedTrainer } from '../../../../support/small-training.ts'

const trainerOf = (config: PlainConfig) => resolvedTrainer('cotrainer', config)
const alone = resolvedTrainer('nnvision_trainer', {})

const proof = (changes: Partial<EngineProof> = {}): EngineProof => ({
  key: { library: '', processor: '', driver: '', threads: 1, asked: {}, cases: '' },
  ...{ checked: 9, right: 9, repeatable: true, usable: true, faults: [], tried: [], off: [], ms: 1, at: 1 },
  setting: { env: {}, ownRoutes: [], bfloat16Sums: 'library' },
  ...changes,
})
const off = (what: SwitchedOff): EngineProof => proof({ off: [{ what, reason: `${what} at fault` }] })

const A100 = { uuid: 'GPU-a', name: 'A100', computeCapability: '8.0' }
const V100 = { uuid: 'GPU-v', name: 'V100', computeCapability: '7.0' }
const card: EngineHere = {
  ...{ name: 'native', tfVersion: '2.21.0', gpu: true, cards: [A100], proof: proof() },
  ...{ tf32: null, deterministic: null, maxBufferBytes: null },
}
const processor: EngineHere = { ...card, gpu: false, cards: [] }

const refused = (config: PlainConfig, engine: EngineHere): string[] =>
  engineProblems({ trainer: trainerOf(config) }, engine).map(
    ({ path, message, hint }) => `${path}: ${message} ${hint}`,
  )

const VARIABLES = [
  'NVIDIA_TF32_OVERRIDE',
  'TF_DETERMINISTIC_OPS',
  'TF_CUDNN_DETERMINISTIC',
  'TF_FORCE_GPU_ALLOW_GROWTH',
  'COTRAIN_ENGINE_SET',
  'CUDA_VISIBLE_DEVICES',
]
beforeEach(() => VARIABLES.forEach((name) => vi.stubEnv(name, undefined)))
afterEach(() => vi.unstubAllEnvs())

describe('number formats', () => {
  it('are offered where the hardware and the library have them', () => {
    for (const precision of ['float32', 'tf32', 'bfloat16']) expect(refused({ precision }, card)).toEqual([])
    for (const precision of ['float32', 'bfloat16']) expect(refused({ precision }, processor)).toEqual([])
  })

  it('refuse tf32 without a card of Ampere or newer that computes, with what is there and the fix', () => {
    const tf32 = { precision: 'tf32' }
    expect(refused(tf32, processor)).toEqual([
      expect.stringMatching(
        /^trainer.config.precision: tf32 needs .* 8\.0 .* processor does\. Choose float32/,
      ),
    ])
    expect(refused(tf32, { ...processor, name: 'wasm' })[0]).toContain('the embedded engine does')
    expect(refused(tf32, { ...card, cards: [V100] })[0]).toContain('the V100 has 7.0')
    const silent = { ...A100, computeCapability: null }
    expect(refused(tf32, { ...card, cards: [silent] })[0]).toContain('its driver does not tell')
    expect(refused(tf32, { ...card, proof: off('tf32') })[0]).toContain('tf32 at fault')
    const mixed = { ...card, cards: [V100, A100] }
    expect(refused(tf32, mixed)).toEqual([])
    expect(engineNotes({ trainer: trainerOf(tf32) }, mixed)[0]).toContain('V100 has 7.0')
  })

  it('are float32 alone with WebGPU, whose repeats are refused where they were not shown to be equal', () => {
    const webgpu: EngineHere = { ...processor, name: 'webgpu', proof: null }
    expect(refused({ precision: 'float32' }, webgpu)).toEqual([])
    expect(refused({ precision: 'bfloat16' }, webgpu)[0]).toContain('here WebGPU computes')
    expect(refused({ precision: 'tf32' }, webgpu)[0]).toContain('here WebGPU does')
    const twice = { deterministic: true }
    expect(refused(twice, webgpu)[0]).toMatch(/deterministic: with WebGPU .* order that varies/)
    expect(refused(twice, { ...webgpu, proof: proof({ repeatable: false }) })).toHaveLength(1)
    expect(refused(twice, { ...webgpu, proof: proof({ repeatable: true }) })).toEqual([])
  })

  it('refuse bfloat16 on a card with a library of before it, and where it is at fault or not known', () => {
    const bfloat16 = { precision: 'bfloat16' }
    expect(refused(bfloat16, { ...card, tfVersion: '2.9.1' })[0]).toMatch(/needs TensorFlow 2\.11 .* 2\.9\.1/)
    expect(refused(bfloat16, { ...card, tfVersion: '2.11.0' })).toEqual([])
    expect(refused(bfloat16, { ...processor, tfVersion: '2.9.1' })).toEqual([])
    expect(refused(bfloat16, { ...card, proof: off('bfloat16') })[0]).toContain('bfloat16 at fault')
    expect(refused(bfloat16, { ...processor, name: 'wasm' })[0]).toContain('native TensorFlow engine')
  })

  it('refuse a config that a variable set by hand contradicts, on a card', () => {
    expect(refused({}, { ...card, tf32: true })[0]).toMatch(/switches TF32 on .* says float32\. Unset/)
    expect(refused({ precision: 'tf32' }, { ...card, tf32: false })[0]).toContain('leaves TF32 off')
    expect(refused({ precision: 'tf32' }, { ...card, tf32: true })).toEqual([])
    expect(refused({}, { ...processor, tf32: true })).toEqual([])
    expect(engineProblems({ trainer: alone }, { ...card, tf32: true })).toHaveLength(1)
  })
})

describe('repeats that must be equal', () => {
  const deterministic = { deterministic: true }

  it('are refused where the proof found no way, and where the process was not told', () => {
    expect(refused(deterministic, { ...card, proof: off('deterministic') })[0]).toMatch(
      /^trainer.config.deterministic: .*deterministic at fault/,
    )
    expect(refused(deterministic, { ...card, proof: off('repeatability') })).toEqual([])
    expect(refused(deterministic, { ...card, deterministic: false })[0]).toContain('TF_DETERMINISTIC_OPS')
    expect(refused(deterministic, { ...processor, name: 'wasm', deterministic: false })).toEqual([])
  })

  it('leave out the note that repeats may differ', () => {
    const engine = { ...card, proof: off('repeatability') }
    expect(engineNotes({ trainer: trainerOf({}) }, engine).join()).toContain('may differ')
    expect(engineNotes({ trainer: trainerOf(deterministic) }, engine)).toEqual([])
  })

  it('are recorded with what was measured; the table speaks where nothing was', () => {
    const facts = { name: 'native', reason: '', tfVersion: '2.21.0', gpu: true, threads: 2 } as const
    const measured = proof({ varying: ['Conv2D'], deterministic: { ownRoutes: ['Conv2D'], varying: [] } })
    const recorded = (config: PlainConfig, its: EngineProof | null) =>
      environmentOf({ ...facts, proof: its }, '1', askedNumbers(trainerOf(config)))
    expect(recorded({}, measured)).toMatchObject({
      precision: 'float32',
      deterministic: false,
      nondeterministic: ['Conv2D'],
    })
    expect(recorded({ ...deterministic, precision: 'tf32' }, measured)).toMatchObject({
      precision: 'tf32',
      deterministic: true,
      nondeterministic: [],
    })
    expect(recorded({}, null).nondeterministic.join()).toContain('ScatterNd')
    vi.stubEnv('TF_DETERMINISTIC_OPS', '1')
    expect(recorded({}, measured)).toMatchObject({ deterministic: true, nondeterministic: [] })
  })
})

describe('the environment of a run', () => {
  it('says in which numbers its process computes, as its own wish and not a person’s', () => {
    expect(precisionVariables([trainerOf({})])).toEqual({
      NVIDIA_TF32_OVERRIDE: '0',
      COTRAIN_ENGINE_SET: 'NVIDIA_TF32_OVERRIDE',
    })
    expect(precisionVariables([alone])['NVIDIA_TF32_OVERRIDE']).toBe('0')
    expect(precisionVariables([trainerOf({ precision: 'bfloat16' })])['NVIDIA_TF32_OVERRIDE']).toBe('0')
    expect(precisionVariables([trainerOf({ precision: 'tf32', deterministic: true })])).toEqual({
      NVIDIA_TF32_OVERRIDE: '1',
      TF_DETERMINISTIC_OPS: '1',
      TF_CUDNN_DETERMINISTIC: '1',
      COTRAIN_ENGINE_SET: 'NVIDIA_TF32_OVERRIDE,TF_DETERMINISTIC_OPS,TF_CUDNN_DETERMINISTIC',
    })
  })

  it('is the more precise one for runs of several formats, and for none', () => {
    const mixed = precisionVariables([trainerOf({ precision: 'tf32' }), trainerOf({})])
    expect(mixed['NVIDIA_TF32_OVERRIDE']).toBe('0')
    expect(precisionVariables([])['NVIDIA_TF32_OVERRIDE']).toBe('0')
  })

  it('is found by the process as it was given, and judged there', () => {
    const trainer = trainerOf({ precision: 'tf32', deterministic: true })
    const facts: BackendFacts = {
      ...{ name: 'native' as const, reason: '', tfVersion: '2.21.0', gpu: true, threads: 2, proof: proof() },
      cards: [A100, V100],
    }
    expect(engineProblems({ trainer }, engineLoaded(facts))).toHaveLength(2) // nobody has told this process
    for (const [name, value] of Object.entries(precisionVariables([trainer]))) vi.stubEnv(name, value)
    setVariables(proof().setting)
    expect(process.env['NVIDIA_TF32_OVERRIDE']).toBe('1')
    expect(engineProblems({ trainer }, engineLoaded(facts))).toEqual([])
    const given = { ...facts, cards: [V100] }
    expect(engineProblems({ trainer }, engineLoaded(given))[0]?.message).toContain('V100')
  })

  it('leaves a variable that a person has set, which the run is then judged by', () => {
    vi.stubEnv('NVIDIA_TF32_OVERRIDE', '1')
    expect(precisionVariables([trainerOf({})])).not.toHaveProperty('NVIDIA_TF32_OVERRIDE')
  })
})
