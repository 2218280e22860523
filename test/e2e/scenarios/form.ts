import type { Locator, Page } from 'playwright-core'
import { join } from 'node:path'
import { writeFileAtomic } from '../../../src-main/disk/atomic-write.ts'
import { openRunStore } from '../../../src-main/store/run-store.ts'
import type { Scenario, Stage } from '../scenario.ts'
import { check, checkEqual, eventually } from '../scenario.ts'
import { writeTinyMnist } from '../../support/tiny-mnist.ts'
import { writeYaml, yamlBox } from '../write-yaml.ts'

/** Digits with simulated neurons that see them: defaults of one part hang on the other. */
const combined = (home: string): string => `name: every kind of field
dataset:
  fn: mtl_loader
  config:
    img_dataset_dict:
      dataset_cls: MNIST
      data_dir: ${JSON.stringify(writeTinyMnist(join(home, '../MNIST')))}
      validation_gauss: []
      add_fly_corrupted_test: {}
      add_out_domain_test: false
      constants: ic
    v1_dataset_dict:
      dataset: in_silico
      generator: {n_neurons: 8, n_images: 100, n_test: 10, repeats: 2}
model:
  fn: mtl_builder
  config: {vgg_type: vgg11_bn, width: 0.0625, readout_hidden: 0, v1_model_layer: 4}
trainer:
  fn: cotrainer
  config:
    loss_functions: {v1: MSELoss, img_classification: CrossEntropyLoss}
    train_cycler: MTL_Cycler
    max_iter: 1
seed: 1
`
const IMAGES = 'dataset.config.img_dataset_dict'
const V1 = 'dataset.config.v1_dataset_dict'
const TRAINER = 'trainer.config'

const fieldAt = (page: Page, path: string): Locator => page.locator(`[id="field-${path}"]`)

/** Finds the field as a person would, by its name in the search. */
async function find(page: Page, path: string): Promise<Locator> {
  await page.getByLabel('Search options').fill(path.split('.').at(-1) ?? '')
  const field = fieldAt(page, path)
  await field.waitFor()
  return field
}

async function type(page: Page, path: string, text: string): Promise<void> {
  const field = await find(page, path)
  await field.fill(text)
  await field.press('Enter')
  await field.blur()
}

/** What the form shows before anything is chosen: defaults that follow from other options. */
async function seesDerived(page: Page): Promise<void> {
  for (const [path, value] of [
    [`${IMAGES}.input_size`, '32'],
    [`${V1}.generator.image_size`, '32'],
    [`${V1}.crop`, '0'],
    [`${V1}.scale`, '1'],
  ] as const)
    checkEqual(`${path} as the run has it`, await (await find(page, path)).inputValue(), value)
  const augment = await find(page, `${IMAGES}.apply_augmentation`)
  check('digits are not augmented', !(await augment.isChecked()))
}

/** One choice in every kind of field, and what it must be in the run. */
async function chooses(page: Page): Promise<Readonly<Record<string, unknown>>> {
  await type(page, `${IMAGES}.batch_size`, '20') // whole number
  await type(page, `${TRAINER}.optimizer_options.lr`, '0.004') // number in a group
  await type(page, 'name', 'chosen in the form') // text
  await (await find(page, `${TRAINER}.optimizer`)).selectOption('AdamW') // choice
  await (await find(page, `${IMAGES}.apply_augmentation`)).check() // yes or no
  await type(page, `${IMAGES}.validation_gauss`, '0, 0.2') // list
  await type(page, `${V1}.generator.image_size`, '48') // number in a group in a group, against its derived default
  await type(page, `${TRAINER}.grad_clip`, '0.5') // may be empty
  await (await find(page, `${V1}.stats`)).check() // a group that was off
  await type(page, `${V1}.stats.mean`, '0.13')
  await (await find(page, `${TRAINER}.representation_monitor`)).check() // a module that {} leaves off
  await type(page, `${TRAINER}.train_cycler_args.ratio`, '2') // a value in several forms
  await type(page, `${IMAGES}.input_size`, '48')
  return {
    name: 'chosen in the form',
    [`${IMAGES}.batch_size`]: 20,
    [`${IMAGES}.apply_augmentation`]: true,
    [`${IMAGES}.validation_gauss`]: [0, 0.2],
    [`${IMAGES}.input_size`]: 48,
    [`${V1}.generator.image_size`]: 48,
    [`${V1}.stats`]: { mean: [0.13], std: [1] },
    [`${V1}.target_types`]: ['v1'],
    [`${TRAINER}.optimizer`]: 'AdamW',
    [`${TRAINER}.optimizer_options.lr`]: 0.004,
    [`${TRAINER}.grad_clip`]: 0.5,
    [`${TRAINER}.representation_monitor`]: { representations: ['core'] },
    [`${TRAINER}.train_cycler_args.ratio`]: 2,
  }
}

const valueAt = (config: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], config)

async function queue(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Check and queue' }).click()
  const button = page
    .getByRole('dialog', { name: 'Check and queue' })
    .getByRole('button', { name: 'Queue the run' })
  await eventually(
    'the run can be queued',
    () => button.getAttribute('aria-disabled'),
    (blocked) => blocked === null,
    120_000,
  )
  await button.click()
}

async function photograph(stage: Stage, name: string): Promise<void> {
  const folder = process.env['COTRAIN_IMAGES']
  if (folder === undefined) return
  for (const theme of ['light', 'dark'] as const) {
    const page = await stage.open({ theme, width: 1280, height: 1200 })
    await page.getByRole('link', { name: 'Experiment', exact: true }).click()
    await writeYaml(page, combined(stage.home))
    await page.getByLabel('Search options').fill('size')
    await page.screenshot({ path: join(folder, `${name}-${theme}.png`) })
  }
}

const everyKind: Scenario = {
  name: 'form: choose in every kind of field of a combined config, and find it in the run',
  onDesktop: 'when asked',
  run: async (stage) => {
    await stage.serve()
    const page = await stage.open()
    await page.getByRole('link', { name: 'Experiment', exact: true }).click()
    await writeYaml(page, combined(stage.home))
    await seesDerived(page)
    const chosen = await chooses(page)
    const text = await yamlBox(page).innerText()
    check('the text says what was chosen against a derived default', text.includes('input_size: 48'), text)
    await photograph(stage, 'form')
    await queue(page)
    const store = openRunStore({ home: stage.home, disk: { writeFile: writeFileAtomic } })
    const [run] = await eventually(
      'there is a run',
      () => store.list().runs,
      (runs) => runs.length === 1,
    )
    const { config } = store.read(run?.id ?? '')
    for (const [path, value] of Object.entries(chosen)) checkEqual(path, valueAt(config, path), value)
    store.close()
  },
}

export const scenarios: readonly Scenario[] = [everyKind]
