import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { chooseOption, optionIn } from '../../../../src-renderer/config/choose-option.ts'
import { parseText } from '../../../../src-renderer/config/config-text.ts'
import type { FieldState } from '../../../../src-renderer/config/form-state.ts'
import { sectionsOf } from '../../../../src-renderer/config/form-state.ts'
import { yamlOf } from '../../../../src-renderer/config/yaml-of.ts'
import type { ModelShapes } from '../../../../src-main/engine/model/index.ts'
import { createRun } from '../../../../src-main/runs/create/create-run.ts'
import { executeRun } from '../../../../src-main/runs/work/execute-run.ts'
import type { EngineParts } from '../../../../src-main/runs/workers/engine-parts.ts'
import { wireConfig } from '../../../../src-shared/contract/run.ts'
import { findComponent } from '../../../../src-shared/schema/registry.ts'
import type { RunConfig } from '../../../../src-shared/schema/run-config.ts'
import { parseRunConfig } from '../../../../src-shared/schema/run-config.ts'
import { sameValue } from '../../../../src-shared/schema/resolve.ts'
import { unwrap } from '../../../../src-shared/schema/unwrap.ts'
import { validConfigs, valuesOf } from '../../../support/config-arbitrary.ts'
import { fakeDescription, fakeEngine } from '../../../support/fake-engine.ts'
import { labs } from '../../../support/lab.ts'
import { fc } from '../../../support/property.ts'

const lab = labs()
const CONFIGS = join(import.meta.dirname, '../../../../configs')
const shipped = readdirSync(CONFIGS)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => [file, readFileSync(join(CONFIGS, file), 'utf8')] as const)

/** Every field on the screen; a group that is on stands for its parts. */
function leavesOf(given: unknown): readonly FieldState[] {
  const leaves = (state: FieldState): readonly FieldState[] =>
    state.inner.length > 0 ? state.inner.flatMap(leaves) : [state]
  return sectionsOf(given).flatMap(({ groups }) => groups.flatMap(({ fields }) => fields.flatMap(leaves)))
}

const valueAt = (config: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((at, key) => (at as Record<string, unknown> | null)?.[key], config)

const stored = (given: unknown): RunConfig => {
  const parsed = parseRunConfig(given)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return JSON.parse(JSON.stringify(wireConfig.parse(parsed.value))) as RunConfig
}

const onScreen = (given: unknown): readonly (readonly [string, unknown])[] =>
  leavesOf(given).map(({ path, value }) => [path.join('.'), value])
const inRun = (given: unknown, config: unknown): readonly (readonly [string, unknown])[] =>
  leavesOf(given).map(({ path }) => [path.join('.'), valueAt(config, path)])

/** The schema of an option of a component. */
function schemaAt(given: unknown, [kind = '', , ...keys]: readonly string[]): z.ZodType {
  const fn = valueAt(given, [kind, 'fn']) as string
  const known = findComponent(kind as 'dataset', fn) as { schema: z.ZodType }
  return keys.reduce<z.ZodType>(
    (at, key) => (unwrap(at) as z.ZodObject).shape[key] as z.ZodType,
    known.schema,
  )
}

const image = { height: 32, width: 32, channels: 1 }
/** Data with everything that a shipped config may name. */
const shapes: ModelShapes = {
  inputs: { img_classification: image, v1: image, v4: image },
  sessions: (['v1', 'v4'] as const).map((area) => ({
    area,
    key: `${area}-session`,
    units: 2,
    meanResponse: [1, 1],
  })),
  classes: 10,
}

/** What the engine gets when a run of this config is queued and started. */
async function givenToEngine(config: RunConfig): Promise<unknown> {
  const { store, create } = lab()
  const seen: Record<string, unknown> = {}
  const parts: EngineParts = {
    ...fakeEngine,
    buildData: (choice, ...rest) => {
      seen['dataset'] = choice
      return fakeEngine.buildData(choice, ...rest)
    },
    buildModel: (choice, ...rest) => {
      seen['model'] = choice
      return fakeEngine.buildModel(choice, ...rest)
    },
    train: (setup) => {
      seen['trainer'] = setup.trainer
      return fakeEngine.train({ ...setup, stopRequest: () => 'now' })
    },
  }
  const describeData = () => Promise.resolve({ ...fakeDescription, shapes })
  const { id } = await createRun({ ...create, describeData }, config)
  await executeRun({ store, id, parts, appVersion: 'test', news: () => undefined, asked: () => 'no' })
  return { ...store.read(id).config, ...seen }
}

/** Chooses another value for a field; what is on the screen and what is stored must follow. */
function choose(text: string, state: FieldState, value: unknown): void {
  const at = state.path.join('.')
  const next = chooseOption(text, state.path, value)
  const shown = optionIn(next, state.path)?.value
  expect([at, sameValue(shown, state.value)]).toEqual([at, false])
  const parsed = parseRunConfig(parseText(next).given)
  // A value that does not go with the others is refused in words; everything else is stored as shown.
  if (parsed.ok) expect([at, valueAt(stored(parseText(next).given), state.path)]).toEqual([at, shown])
  else expect(parsed.problems.length).toBeGreaterThan(0)
}

/** One value that is not the present one; undefined where the schema has no other. */
function otherValue(given: unknown, state: FieldState, seed: number): unknown {
  const { kind, nullable } = state.field
  if (kind === 'group') return state.value === null ? {} : nullable ? null : undefined
  const values =
    state.path[1] === 'config'
      ? fc.sample(valuesOf(schemaAt(given, state.path)), { numRuns: 12, seed })
      : [
          state.field.key === 'tags'
            ? ['one', 'two']
            : kind === 'int'
              ? Number(state.value) + 1
              : 'other words',
        ]
  return values.find((value) => !sameValue(value, state.value))
}

describe.each(shipped)('%s', (_file, text) => {
  const given = parseText(text).given

  it('has on the screen what is stored, and gives that to the engine', async () => {
    const config = stored(given)
    expect(onScreen(given)).toEqual(inRun(given, config))
    expect(inRun(given, await givenToEngine(config))).toEqual(onScreen(given))
  })

  it('stores what is chosen in any field on the screen', () => {
    for (const state of leavesOf(given)) {
      const value = otherValue(given, state, 7)
      if (value !== undefined) choose(text, state, value)
    }
  })

  it('comes back from its stored form as the same config', () => {
    const config = stored(given)
    expect(stored(parseText(yamlOf(wireConfig.parse(config))).given)).toEqual(config)
  })
})

describe('1000 drawn configs', () => {
  it('have on the screen what is stored, and come back from their stored form', () => {
    fc.assert(
      fc.property(validConfigs, (given) => {
        const config = stored(given)
        expect(onScreen(given)).toEqual(inRun(given, config))
        expect(onScreen(config)).toEqual(inRun(config, config))
        expect(stored(config)).toEqual(config)
        expect(stored(parseText(yamlOf(wireConfig.parse(config))).given)).toEqual(config)
      }),
      { numRuns: 1000 },
    )
  })

  it('store what is chosen in any field on the screen', () => {
    fc.assert(
      fc.property(validConfigs, fc.nat(), fc.nat(), (given, which, seed) => {
        const fields = leavesOf(given)
        const state = fields[which % fields.length] as FieldState
        const value = otherValue(given, state, seed)
        if (value !== undefined) choose(JSON.stringify(given), state, value)
      }),
      { numRuns: 1000 },
    )
  })
})
