import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const folder = temporaryFolder()
const root = join(import.meta.dirname, '../../../../..')
const home = join(folder, 'home')

function cotrain(...args: string[]) {
  const env = { ...process.env, COTRAIN_HOME: home, COTRAIN_ENGINE: 'wasm' }
  const done = spawnSync(process.execPath, [join(root, 'scripts/cotrain.mjs'), ...args], {
    encoding: 'utf8',
    env,
    cwd: folder,
    timeout: 60_000,
  })
  return { code: done.status, out: done.stdout.trim(), err: done.stderr.trim() }
}

const good = `name: small
dataset:
  fn: img_loader
  config: { dataset_cls: MNIST, input_size: 32, constants: ic, add_corrupted_test: false, add_out_domain_test: false }
model: { fn: classification_cnn_builder, config: { type: vgg11_bn, pretrained: false, width: 0.125, input_size: 32, num_classes: 10 } }
trainer: { fn: cotrainer, config: { max_iter: 2 } }
`
function config(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return name
}
const runFolders = (): string[] => (existsSync(join(home, 'runs')) ? readdirSync(join(home, 'runs')) : [])

describe('the command line', () => {
  it('refuses bad input with code 2 and one message naming file, field, value and fix, and leaves no run behind', () => {
    const bad: [string, RegExp][] = [
      [
        config('type.yaml', good.replace('max_iter: 2', 'max_iter: many')),
        /^type\.yaml:6, trainer\.config\.max_iter: expected a(n int| number|n? whole number), got "many"\. .+$/,
      ],
      [
        config('range.yaml', good.replace('max_iter: 2', 'max_iter: -2')),
        /^range\.yaml:6, trainer\.config\.max_iter: expected a value at least \d, got -2\. Use a value at least \d\.$/,
      ],
      [
        config('key.yaml', good.replace('max_iter', 'max_iters')),
        /^key\.yaml:6, trainer\.config\.max_iters: unknown option\. Did you mean "max_iter"\?$/,
      ],
      [config('yaml.yaml', 'name: [1, 2\n'), /^yaml\.yaml:\d+: .+ Mend the YAML at this line\.$/],
      ['absent.yaml', /^absent\.yaml: there is no such file\. Check the path of the config\.$/],
      ['.', /^\.: expected a file, got a folder\. /],
      [config('data.yaml', good.replace('MNIST', 'CIFAR10')), /CIFAR10/],
    ]
    for (const [file, message] of bad) {
      const { code, out, err } = cotrain('run', file, '--no-wait')
      expect([file, code, out]).toEqual([file, 2, ''])
      expect(err).toMatch(message)
      expect(err.split('\n'), file).toHaveLength(1)
    }
    expect(runFolders()).toEqual([])
  })

  it('refuses options of a trainer that have no effect, before it makes a run', () => {
    const options = (more: string): string => good.replace('{ max_iter: 2 }', `{ max_iter: 2, ${more} }`)
    const idle: [string, string, RegExp][] = [
      [
        'momentum.yaml',
        'optimizer_options: { momentum: 0.9 }',
        /optimizer_options\.momentum: this option has no effect with optimizer: "Adam"\. Remove it, or change optimizer\./,
      ],
      [
        'decay.yaml',
        'lr_decay: 0.5',
        /trainer\.config\.lr_decay: this option has no effect with scheduler: ""/,
      ],
      [
        'late.yaml',
        'scheduler: manual, scheduler_options: { milestones: [2] }',
        /milestones: milestone 2 has no effect/,
      ],
      [
        'ratio.yaml',
        'train_cycler_args: { ratio: 3 }',
        /train_cycler_args\.ratio: this option has no effect with train_cycler: "LongCycler"/,
      ],
      [
        'main.yaml',
        'train_cycler_args: { main_key: v1 }',
        /train_cycler_args\.main_key: this option has no effect/,
      ],
      [
        'absent.yaml',
        'loss_functions: { img_classification: CrossEntropyLoss, v1: PoissonLoss }',
        /loss_functions\.v1: the data set has no V1/,
      ],
      ['interval.yaml', 'interval: 3', /interval: is 3, more than the 2 epochs of max_iter/],
      [
        'names.yaml',
        'specific_opt_options: { no_such_parameter: { lr: 0.1 } }',
        /specific_opt_options\.no_such_parameter: no parameter that is trained/,
      ],
    ]
    for (const [file, more, message] of idle) {
      const { code, err } = cotrain('run', config(file, options(more)), '--no-wait')
      expect([file, code]).toEqual([file, 2])
      expect(err).toMatch(message)
    }
    expect(runFolders()).toEqual([])
  })

  it('names what published configs carry without effect, and gives it no id of its own', () => {
    const ids = ['reset_linear: false', 'hash: true', 'keep_checkpoints: true'].map((more, i) => {
      const file = config(`carried-${i}.yaml`, good.replace('{ max_iter: 2 }', `{ max_iter: 2, ${more} }`))
      const { code, out, err } = cotrain('run', file, '--no-wait')
      expect([file, code]).toEqual([file, 0])
      if (i > 0) expect(err).toMatch(/is read for published configs only and changes nothing/)
      return out.split('\n').at(-1)?.split(/\s/)[0]
    })
    expect(new Set(ids).size).toBe(1)
    cotrain('remove', ids[0] ?? '')
  })

  it('refuses truncated images before it makes a run', () => {
    const set = join(folder, 'digits', 'MNIST')
    mkdirSync(set, { recursive: true })
    for (const name of [
      'train-images-idx3-ubyte',
      'train-labels-idx1-ubyte',
      't10k-images-idx3-ubyte',
      't10k-labels-idx1-ubyte',
    ]) {
      writeFileSync(
        join(set, name),
        Buffer.from([
          0,
          0,
          8,
          name.includes('images') ? 3 : 1,
          0,
          0,
          0,
          9,
          0,
          0,
          0,
          28,
          0,
          0,
          0,
          28,
          1,
          2,
          3,
        ]),
      )
      truncateSync(join(set, name), 18)
    }
    const { code, err } = cotrain(
      'run',
      config('cut.yaml', good.replace('dataset_cls: MNIST', 'dataset_cls: MNIST, data_dir: digits')),
      '--no-wait',
    )
    expect(code).toBe(2)
    expect(err).toMatch(/idx/)
    expect(runFolders()).toEqual([])
  })

  it('refuses wrong usage with code 2, and helps', () => {
    for (const args of [
      ['fly'],
      ['run'],
      ['show'],
      ['show', 'zz'],
      ['show', 'ffffffff'],
      ['export', 'ffffffff', '--what', 'all'],
      ['serve', '--port', 'x'],
    ]) {
      const { code, err } = cotrain(...args)
      expect([args.join(' '), code]).toEqual([args.join(' '), 2])
      expect(err).not.toMatch(/\n\s+at /)
    }
    const { code, out } = cotrain('--help')
    expect(code).toBe(0)
    for (const command of [
      'demo',
      'run',
      'queue',
      'runs',
      'show',
      'compare',
      'resume',
      'stop',
      'export',
      'serve',
      'doctor',
      'setup',
      'data',
      'model',
    ])
      expect(out).toMatch(new RegExp(`\\n {2}${command} `))
  })

  it('queues without training, takes short ids and speaks JSON', () => {
    const queued = cotrain('run', config('good.yaml', good), '--no-wait', '--json')
    expect(queued.code).toBe(0)
    const [run] = JSON.parse(queued.out) as { id: string; status: string }[]
    expect(run?.status).toBe('queued')
    const id = run?.id ?? ''
    expect(JSON.parse(cotrain('--json', 'queue').out)).toMatchObject({ waiting: [{ id }] })
    expect(JSON.parse(cotrain('show', id.slice(0, 8), '--json').out)).toMatchObject({
      summary: { id, name: 'small' },
    })
    expect(cotrain('runs').out).toContain(id.slice(0, 10))
    expect(cotrain('export', id.slice(0, 6), '--what', 'config').out).toMatch(/^name: small\n/)
    expect(cotrain('stop', id.slice(0, 8)).code).toBe(0)
    expect(JSON.parse(cotrain('runs', '--json').out)).toMatchObject({
      total: 1,
      runs: [{ status: 'stopped' }],
    })
    const problems = cotrain('show', 'ffffffff', '--json')
    expect(JSON.parse(problems.err)).toMatchObject({ problems: [{ code: 'run-missing' }] })
  })
})
