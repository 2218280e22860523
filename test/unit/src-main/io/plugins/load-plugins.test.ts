import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memory } from '@tensorflow/tfjs-core'
import { usePlugins } from '../../../../../src-shared/schema/plugin/own-parts.ts'
import { parseChoice } from '../../../../../src-shared/schema/run-config.ts'
import { buildModel } from '../../../../../src-main/engine/model/index.ts'
import type { ModelShapes } from '../../../../../src-main/engine/model/index.ts'
import type { Model } from '../../../../../src-main/engine/types.ts'
import { loadPlugins } from '../../../../../src-main/io/plugins/load-plugins.ts'
import { useBackend } from '../../../../support/backend.ts'
import {
  MODEL,
  packageOf,
  TEMPLATE,
  trustedIn,
  usedOf,
  writePlugin,
} from '../../../../support/plugin-folder.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { SIDE, train, UNITS } from '../../../../support/small-training.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const root = temporaryFolder()
const home = join(root, 'home')
const image = { height: SIDE, width: SIDE, channels: 1 }
const SHAPES: ModelShapes = {
  inputs: { v1: image, img_classification: image },
  sessions: [
    { area: 'v1', key: 'a', units: UNITS.a },
    { area: 'v1', key: 'b', units: UNITS.b },
  ],
  classes: 3,
}
/** Long enough for a module that ends. */
const IMPORT_MS = 3_000

function modelOf(fn: string, config: object = {}): Model {
  const parsed = parseChoice('model', fn, config, 'model')
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return buildModel(parsed.value, SHAPES)
}

/** Writes, adds, trusts and loads a plug-in with one model. */
async function loaded(fn: string, code: string): Promise<void> {
  const folder = writePlugin(join(root, fn), packageOf([{ ...MODEL, fn }]), { 'index.js': code })
  await trustedIn(home, folder)
  await loadPlugins(home, usedOf(folder), IMPORT_MS)
}

beforeAll(async () => void (await useBackend('wasm')))
afterAll(() => usePlugins([]))

describe('the template', () => {
  const OWN = {
    loss_functions: { v1: 'example/huber', img_classification: 'CrossEntropyLoss' },
    avg_loss: false,
    own_parts: { 'example/huber': { delta: 0.5 }, 'example/mean_absolute_error': {} },
  }
  const run = (max_iter: number) =>
    train({
      config: { ...OWN, max_iter, restore_best: false, patience: 50, lr_decay_steps: 1 },
      model: modelOf('example/one_layer', { kernel: 3, pool: 2 }),
    })

  it('is refused before it is trusted', async () => {
    const used = usedOf(TEMPLATE)
    expect(await problemOf(() => loadPlugins(home, used))).toMatchObject({ code: 'file-missing' })
  })

  it('trains: its network learns both tasks by its loss, its measure is a score', async () => {
    await trustedIn(home, TEMPLATE)
    await loadPlugins(home, usedOf(TEMPLATE))
    const tensors = memory().numTensors
    const [untrained, trained] = [(await run(0)).result, (await run(20)).result]
    expect(memory().numTensors).toBe(tensors)
    const error = 'FinalTest/v1/example.mean_absolute_error'
    expect(trained.scores[error]).toBeLessThan(untrained.scores[error] as number)
    expect(trained.scores['FinalTest/v1/eval']).toBeGreaterThan(
      (untrained.scores['FinalTest/v1/eval'] as number) + 0.2,
    )
    expect(trained.scores['FinalTestInDomain/img_classification/eval']).toBeGreaterThan(80)
    expect(trained.arrays.get('neurons/v1/a/example.mean_absolute_error')?.shape).toEqual([UNITS.a])
    expect([...trained.weights.keys()]).toContain('core.kernel')
  })

  it('is repeated bit by bit by another training of the same seed', async () => {
    const [one, two] = [await run(2), await run(2)]
    expect(one.result.scores['FinalTest/v1/loss']).toBe(two.result.scores['FinalTest/v1/loss'])
  })
})

describe('a faulty plug-in', () => {
  it.each([
    ['throws', 'throw new Error("no such file")', 'its import failed: no such file'],
    ['is no module', 'export const = 3', 'its import failed'],
    ['never ends', 'for (;;);', 'its import did not end within 3 s'],
    ['ends its process', 'process.exit(0)', 'its import ended its process'],
    ['exports nothing', '', "it exports no function models['lab/faulty_4']"],
  ])('is named when its import %s', async (what, code, message) => {
    const n = ['throws', 'is no module', 'never ends', 'ends its process', 'exports nothing'].indexOf(what)
    const problem = await problemOf(() => loaded(`lab/faulty_${n}`, code))
    expect(problem).toMatchObject({ code: 'engine-failed' })
    expect(problem.path).toMatch(/index\.js$/)
    expect(problem.message).toContain(`plug-in lab-parts 1.0.0: ${message}`)
  })

  const model = (fn: string, body: string): string =>
    `export const models = { '${fn}': (options, data, t) => { ${body} } }`
  const TENSOR = "tensors: [{ name: 'core.w', shape: [2], init: { constant: 0 } }]"

  it.each([
    ['build_throws', 'throw new TypeError("no such layer")', 'no such layer'],
    ['build_exits', 'process.exit(3)', 'it called process.exit'],
    ['build_nothing', 'return null', 'expected object'],
    ['build_odd', `return { ${TENSOR} }`, 'expected a function'],
  ])('is named when it cannot be built: %s', async (name, body, message) => {
    const fn = `lab/${name}`
    await loaded(fn, model(fn, body))
    const problem = await problemOf(() => modelOf(fn))
    expect(problem.message).toContain(`plug-in lab-parts 1.0.0: building ${fn} failed`)
    expect(problem.message).toContain(message)
  })

  it.each([
    ['step_throws', 'value("core.other")', 'has declared no tensor'],
    ['step_shape', 't.reshape(inputs, [-1])', 'apply has to give float32'],
    ['step_nothing', 'undefined', 'it gave no tensor'],
  ])('fails the training that it is in, in its first step: %s', async (name, body, message) => {
    const fn = `lab/${name}`
    await loaded(fn, model(fn, `return { ${TENSOR}, apply: ({ inputs, value }) => ${body} }`))
    const problem = await problemOf(() => train({ model: modelOf(fn) }))
    expect(problem.message).toContain(`plug-in lab-parts 1.0.0: a step of ${fn} failed`)
    expect(problem.message).toContain(message)
  })

  it('is not mixed with another version of itself in one process', async () => {
    const folder = writePlugin(join(root, 'again'), packageOf([{ ...MODEL, fn: 'lab/step_shape' }]), {
      'index.js': 'export const models = {}',
    })
    await trustedIn(home, folder)
    expect(await problemOf(() => loadPlugins(home, usedOf(folder)))).toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining('is needed in two versions at once') as string,
    })
  })
})
