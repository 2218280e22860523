import type { Command } from 'commander'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { Result } from '../../../../src-shared/contract/contract.ts'
import { asTable } from '../base/output.ts'
import { readConfig } from '../../../runs/create/config-file.ts'
import { inTerminal } from '../base/terminal.ts'

interface Options {
  readonly size?: string
  readonly channels?: string
  readonly classes?: string
  readonly session?: readonly string[]
}

const collect = (value: string, earlier: readonly string[]): readonly string[] => [...earlier, value]

/** `cotrain model <config>`: layers, parameters and cost of a model, without training it. */
export function addModelCommand(program: Command, json: () => boolean): void {
  program
    .command('model')
    .description('layers, parameters and cost of the model of a config')
    .argument('<config>', 'YAML file')
    .option('--size <pixels>', 'image size, to look at the model without its data')
    .option('--channels <n>', 'channels of the images (default 3)')
    .option('--classes <n>', 'classes of the classification task')
    .option(
      '--session <area/key=units>',
      'a recording session, for example v1/a=10; may be repeated',
      collect,
      [],
    )
    .action((path: string, options: Options) =>
      inTerminal(json(), async ({ service, output }) => {
        const card = await service.call('config.modelCard', {
          config: await readConfig(path),
          assume: assumed(options),
        })
        output.result(card, () => cardText(card))
      }),
    )
}

function assumed({ size, channels, classes, session = [] }: Options) {
  if (size === undefined) return null
  return {
    size: Number(size),
    ...(channels === undefined ? {} : { channels: Number(channels) }),
    classes: classes === undefined ? null : Number(classes),
    sessions: session.map(sessionOf),
  }
}

function sessionOf(text: string): { area: 'v1' | 'v4'; key: string; units: number } {
  const found = /^(v1|v4)\/(.+)=(\d+)$/.exec(text)
  if (found === null) {
    const message = `expected area/key=units, got "${text}".`
    throw new CotrainError({
      code: 'config-invalid',
      path: '--session',
      message,
      hint: 'For example --session v1/a=10.',
    })
  }
  return { area: found[1] as 'v1' | 'v4', key: found[2]!, units: Number(found[3]) }
}

/** Layers that every task runs through are shared, the others belong to one. */
const SHARED: ReadonlySet<string> = new Set(['v1_block', 'v4_block', 'core', 'features'])

const inKiB = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`
const inMillions = (count: number): string => `${(count / 1e6).toFixed(2)} M`

function cardText(card: Result<'config.modelCard'>): string {
  const rows = card.layers.map((row) => [
    row.name,
    row.kind,
    row.outputShape.join(' x '),
    String(row.parameters),
    inKiB(row.activationBytes),
    inMillions(row.multiplyAdds),
    SHARED.has(row.block) ? 'shared' : row.block,
    row.receptiveField === undefined ? '' : String(row.receptiveField),
  ])
  const header = [
    'layer',
    'kind',
    'output',
    'parameters',
    'memory',
    'multiply-adds',
    'part',
    'receptive field',
  ]
  const parameters = card.parameterList.map((p) => [
    p.name,
    p.shape.join(' x '),
    String(p.count),
    p.frozen ? 'frozen' : '',
  ])
  return [
    asTable(header, rows),
    '',
    asTable(['parameter', 'shape', 'values', ''], parameters),
    '',
    `${card.parameters.toLocaleString('en')} parameters in ${card.tensors} tensors, ${inMillions(card.multiplyAdds)} multiply-adds and ${inKiB(card.activationBytes)} of activations per image`,
  ].join('\n')
}
