import { tensor1d, tensor2d } from '@tensorflow/tfjs-core'
import vue from '@vitejs/plugin-vue'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createServer } from 'vite'
import { beforeAll, expect, it } from 'vitest'
import type { Component as View } from 'vue'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import type * as Registry from '../../src-main/engine/model/registry.ts'
import type * as Losses from '../../src-main/engine/loss/registry.ts'
import type * as Importers from '../../src-main/io/importers/registry.ts'
import type * as Components from '../../src-shared/schema/registry.ts'
import type * as Schemas from '../../src-shared/schema/component.ts'
import type { Component } from '../../src-shared/schema/component.ts'
import { valueAndGrads } from '../../src-main/engine/tensor/index.ts'
import { useBackend } from '../support/backend.ts'
import { followStep, recipeSteps } from '../support/recipes.ts'
import { eventsOf, SIDE, smallData, train } from '../support/small-training.ts'
import { temporaryFolder } from '../support/temp-folder.ts'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')
const copy = temporaryFolder()
const added = (path: string): Promise<unknown> => import(/* @vite-ignore */ join(copy, path))

/** All recipes one after the other in one copy: they must not be in each other's way. */
beforeAll(async () => {
  await useBackend()
  for (const name of ['src-main', 'src-shared', 'src-renderer', 'package.json', 'tsconfig.base.json'])
    cpSync(join(root, name), join(copy, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  for (const recipe of ['A model', 'A loss', 'A data format', 'A view'])
    for (const step of recipeSteps(page, recipe)) followStep(copy, step)
})

/** What a type checker says about some files of the copy and all that they import; empty where it is content. */
function typeErrors(checker: string, folder: string, files: readonly string[]): string {
  const config = join(copy, folder, 'tsconfig.recipe.json')
  const options = { incremental: false, tsBuildInfoFile: null }
  writeFileSync(
    config,
    JSON.stringify({ extends: './tsconfig.json', compilerOptions: options, include: files }),
  )
  const run = spawnSync(process.execPath, [join(root, 'node_modules', checker), '-p', config], {
    encoding: 'utf8',
  })
  return run.status === 0 ? '' : `${run.stdout}${run.stderr}` || `ended with ${run.status}`
}

it('what the recipes of a model, a loss and a data format add has no type errors', () => {
  const changed = ['A model', 'A loss', 'A data format'].flatMap((recipe) => recipeSteps(page, recipe))
  const files = [...new Set(changed.map(({ path }) => join('..', path)))]
  expect(typeErrors('typescript/bin/tsc', 'src-main', files)).toBe('')
})

it('the model of the recipe is found by its name and learns', async () => {
  const { findComponent } = (await added('src-shared/schema/registry.ts')) as typeof Components
  const { parseComponent } = (await added('src-shared/schema/component.ts')) as typeof Schemas
  const { buildModel } = (await added('src-main/engine/model/registry.ts')) as typeof Registry
  const parsed = parseComponent(findComponent('model', 'linear_builder') as Component, {}, 'model.config')
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const input = { height: SIDE, width: SIDE, channels: 1 }
  const shapes = { inputs: { img_classification: input }, sessions: [], classes: 3 }
  const choice = { fn: 'linear_builder', config: parsed.value } as never // a model that only the copy has
  const model = buildModel(choice, shapes)
  expect(model.specs.map(({ shape }) => shape)).toEqual([[SIDE * SIDE, 3], [3]])
  const config = {
    loss_functions: { img_classification: 'CrossEntropyLoss' },
    optimizer_options: { lr: 0.05 },
    max_iter: 2,
  }
  const data = smallData({ tasks: ['img_classification'] })
  const { events } = await train({ fn: 'cotrainer', model, config, data })
  const losses = eventsOf(events, 'metrics').flatMap(
    ({ values }) => values['Training/img_classification/loss'] ?? [],
  )
  expect(losses.length).toBeGreaterThan(1)
  expect(losses.at(-1)).toBeLessThan(losses[0]!)
})

it('the loss of the recipe has a value and a gradient, leaves missing targets out, and configs may name it', async () => {
  const { buildLoss, buildWeighedLoss } = (await added('src-main/engine/loss/registry.ts')) as typeof Losses
  const { findComponent } = (await added('src-shared/schema/registry.ts')) as typeof Components
  const { parseComponent } = (await added('src-shared/schema/component.ts')) as typeof Schemas
  const mean = { lossSum: false, avgLoss: true }
  const [output, target] = [tensor2d([[1, 2, 5]]), tensor2d([[3, 1, NaN]])]
  const loss = buildLoss('L1Loss', mean)
  const { value, grads } = valueAndGrads(() => loss(output, target), new Map([['output', output]]), [
    'output',
  ])
  expect(value.dataSync()[0]).toBeCloseTo(1.5, 6)
  expect([...grads.get('output')!.dataSync()]).toEqual([-0.5, 0.5, 0])
  const weighed = buildWeighedLoss('L1Loss', mean)(output, target, tensor1d([0]))
  expect(weighed.dataSync()[0]).toBeCloseTo(0.75, 6)
  const trainer = findComponent('trainer', 'cotrainer') as Component
  const named = { loss_functions: { v1: 'L1Loss' }, to_monitor: ['v1'] }
  expect(parseComponent(trainer, named, 'trainer.config').ok).toBe(true)
})

it('the data format of the recipe is recognised and imported', async () => {
  const { detectImporter, findImporter } = (await added(
    'src-main/io/importers/registry.ts',
  )) as typeof Importers
  const file = join(copy, 'monkey.recording.json')
  const images = [
    [
      [0, 255],
      [7, 8],
    ],
    [
      [1, 2],
      [3, 4],
    ],
  ]
  const responses = [
    [1, 2, 3],
    [4, 5.5, 6],
  ]
  writeFileSync(file, JSON.stringify({ images, responses }))
  expect(detectImporter(file)).toBe('json-recording')
  const work = join(copy, 'work')
  mkdirSync(work)
  const read = (): Promise<unknown> => findImporter('json-recording').read(file, { area: 'v4' }, work)
  expect(await read()).toMatchObject({
    name: 'monkey',
    images: { source: { length: 2, height: 2, width: 2, channels: 1 } },
    sessions: [
      {
        key: 'monkey',
        area: 'V4',
        responseKind: 'rate',
        units: { id: ['0', '1', '2'] },
        responses: Float32Array.from(responses.flat()),
      },
    ],
  })
  writeFileSync(file, JSON.stringify({ images, responses: responses.slice(1) }))
  await expect(read()).rejects.toThrow(/monkey\.recording\.json.*responses.*expected 2 rows of 3 units/)
})

it('the view of the recipe has no type errors, builds and shows its heading', async () => {
  const files = ['env.d.ts', 'features/about/AboutView.vue', 'ui/shell/nav-items.ts']
  expect(typeErrors('vue-tsc/bin/vue-tsc.js', 'src-renderer', files)).toBe('')
  const server = await createServer({
    configFile: false,
    root: join(copy, 'src-renderer'),
    plugins: [vue()],
    server: { middlewareMode: true, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
    ssr: { external: true },
    logLevel: 'silent',
  })
  try {
    const { NAV } = (await server.ssrLoadModule('/ui/shell/nav-items.ts')) as {
      NAV: { to: string; keys: string }[]
    }
    expect(NAV.map(({ to }) => to)).toContain('/about')
    expect(new Set(NAV.map(({ keys }) => keys)).size).toBe(NAV.length)
    const router = readFileSync(join(copy, 'src-renderer/router.ts'), 'utf8')
    const [, file] = /path: '\/about', component: \(\) => import\('\.(.+?)'\)/.exec(router)!
    const { default: view } = (await server.ssrLoadModule(file!)) as { default: View }
    expect(await renderToString(createSSRApp(view))).toMatch(/<h1[^>]*>About this laboratory<\/h1>/)
  } finally {
    await server.close()
  }
})
