import { spawnSync } from 'node:child_process'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Result } from '../../../../../../src-shared/contract/contract.ts'
import { writeClassImages } from '../../../../../support/class-images.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'

const folder = temporaryFolder()
const root = join(import.meta.dirname, '../../../../../..')

function cotrain(...args: string[]) {
  const env = { ...process.env, COTRAIN_HOME: join(folder, 'home'), COTRAIN_ENGINE: 'wasm' }
  const command = [join(root, 'scripts/cotrain.mjs'), ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    env,
    cwd: folder,
  })
  return { code: status, out: stdout.trim(), err: stderr.trim() }
}

const CONFIG = `name: on a set
dataset: { fn: img_loader, config: { dataset_cls: library, data_set: cells, input_size: 32, add_corrupted_test: false } }
model: { fn: classification_cnn_builder, config: { type: vgg11_bn, pretrained: false, width: 0.125, input_size: 32, num_classes: 2 } }
trainer: { fn: cotrainer, config: { max_iter: 2 } }
`

it('says where a set is now, and which runs use it before it goes', async () => {
  await writeClassImages(join(folder, 'cells'))
  await writeClassImages(join(folder, 'others'), 3)
  writeFileSync(join(folder, 'run.yaml'), CONFIG)
  const set = JSON.parse(cotrain('data', 'add', 'cells', '--json').out) as Result<'data.get'>
  const [run] = JSON.parse(cotrain('run', 'run.yaml', '--no-wait', '--json').out) as { id: string }[]
  renameSync(join(folder, 'cells'), join(folder, 'moved'))
  const wrong = cotrain('data', 'relocate', 'cells', 'others')
  expect(wrong.code).toBe(2)
  expect(wrong.err).toContain(`expected ${set.id}, found `)
  expect(cotrain('data', 'relocate', 'cells', 'moved')).toMatchObject({ code: 0 })

  const removed = cotrain('data', 'remove', 'cells')
  expect(removed.code).toBe(0)
  expect(removed.out).toContain(`1 run uses it: on a set (${run?.id.slice(0, 10)}).`)
  expect(removed.out).toContain(`cotrain data restore ${set.id}`)
  expect(cotrain('data', 'restore', set.id)).toMatchObject({ code: 0, out: 'cells is back.' })
})
