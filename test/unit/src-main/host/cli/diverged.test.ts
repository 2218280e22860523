import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Result } from '../../../../../src-shared/contract/contract.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'
import type { Terminal } from '../../../../support/terminal.ts'
import { terminal } from '../../../../support/terminal.ts'
import { writeTinyMnist } from '../../../../support/tiny-mnist.ts'

type Listed = Result<'runs.list'>['runs'][number]

/** The learning rate climbs over twenty epochs to one at which nothing stays finite. */
const config = `name: late
dataset:
  fn: img_loader
  config: { dataset_cls: MNIST, data_dir: MNIST, input_size: 32, batch_size: 16, apply_augmentation: false, add_corrupted_test: false, add_out_domain_test: false, validation_gauss: [], add_fly_corrupted_test: {} }
model:
  fn: mtl_builder
  config: { vgg_type: vgg11_bn, width: 0.0625, readout_hidden: 0, v1_model_layer: -1 }
trainer:
  fn: cotrainer
  config: { loss_functions: { img_classification: CrossEntropyLoss }, to_monitor: [img_classification], optimizer: SGD, optimizer_options: { lr: 1.5e+6, weight_decay: 0.00001 }, max_iter: 20, lr_warmup: 20, add_final_train_eval: false }
seed: 1000
`
let home: Terminal
let trained: ReturnType<Terminal['say']>
let run: Listed

beforeAll(async () => {
  home = await terminal(join(temporaryFolder(), 'home'))
  writeTinyMnist(join(home.home, 'MNIST'))
  writeFileSync(join(home.home, 'late.yaml'), config)
  trained = home.say('run', 'late.yaml')
  run = home.ask<{ runs: [Listed] }>('runs').runs[0]
})

const WHY = /(loss|weights|gradients?) .*(not|no longer) finite .*epoch \d+, step \d+/

describe('a run whose numbers stop being finite in one of twenty epochs', () => {
  it('fails for the shell, with which numbers, epoch and step, and what to do', () => {
    expect(trained.status).toBe(1)
    expect(trained.stderr).toMatch(WHY)
    expect(trained.stderr).toContain('Lower the learning rate')
  })

  it('is diverged in the list, and found by that', () => {
    expect(run.status).toBe('diverged')
    expect(run.end?.reason).toBe('not-finite')
    expect(home.say('runs', '--end', 'not-finite').stdout).toContain('diverged (not finite)')
    expect(home.say('runs', '--end', 'all-epochs').stdout).not.toContain('late')
  })

  it('says why on its page, in a comparison and in what is exported', () => {
    expect(home.say('show', run.id).stdout).toMatch(WHY)
    expect(home.say('compare', run.id).stdout).toContain('diverged (not finite)')
    home.say('export', run.id, '--what', 'result', '--out', 'result.json')
    const written = JSON.parse(readFileSync(join(home.home, 'result.json'), 'utf8')) as object
    expect(written).toMatchObject({
      status: 'diverged',
      end: { reason: 'not-finite', divergence: { epoch: expect.any(Number) as number } },
    })
  })

  it('is not done for a recipe', () => {
    writeFileSync(join(home.home, 'recipe.yaml'), 'name: again\nbaseline: late.yaml\nseeds: [1000]\n')
    const { stdout, stderr } = home.say('recipe', 'recipe.yaml', '--dry-run')
    expect(`${stdout}${stderr}`).toContain('diverged')
    expect(`${stdout}${stderr}`).not.toMatch(/already done|nothing to do/)
  })
})
